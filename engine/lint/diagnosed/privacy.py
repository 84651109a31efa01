"""SEC: what the compiler says of secret and private values."""

from collections.abc import Mapping

from engine.lint.diagnosed.page import page

PAGES: Mapping[tuple[str, str], str] = {
    ("SEC002", "overheard-secret"): page(
        "A secret that is asked for while, on some way that a caller can take, something listens that cannot be silenced:"
        " a tap, a stream, a live transcription or translation, a sidecar, a collect in the background, SWML of an excursion that"
        " begins one of these or a recording. The message shows such a way.",
        "Recordings and transcriptions are silenced by themselves while a secret is entered. Whoever hears the rest would"
        " hear the secret, or stand still in the middle of its work: that is for the author to decide.",
        """
ear:
  tap: {device: {type: ws, params: {uri: "wss://media.example.com/ear"}}, tap: {type: audio, params: {direction: both}}}
  next: pin
pin:
  ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true}
  next: bye
""",
        """
ear:
  tap: {device: {type: ws, params: {uri: "wss://media.example.com/ear"}}, tap: {type: audio, params: {direction: both}}}
  next: no_ear
no_ear:
  tap.stop: ear
  next: pin
pin:
  ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true}
  next: bye
""",
        code="SEC002",
    ),
    ("SEC003", "secret-exposed"): page(
        "A secret or private value that is used where somebody would get to know it who is not to.",
        "What is secret is for services alone, over https; what is private may be spoken too. Neither stands in an address,"
        " a variable or a document of SWML, which others read.",
        """
pin:
  ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true}
  next: {digits: told, otherwise: bye}
told:
  play: "You have entered ${{ steps.pin.value }}."
  next: bye
""",
        """
pin:
  ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true}
  next: {digits: told, otherwise: bye}
told:
  play: "You have entered ${{ size(steps.pin.value) }} digits."
  next: bye
""",
        code="SEC003",
    ),
}
