"""What the platform does. Effects are in the order in which they happened."""

from typing import Any, Literal

from msgspec import Struct

from engine.exchange.caller import Act

Sound = Literal["speech", "audio", "silence", "ringtone", "beep"]
OnTheCall = Literal["created", "ringing", "answered", "recording", "recorded", "left", "cut_off", "ended"]
WithOthers = Literal["connecting", "queued", "connected", "not_connected", "disconnected", "paying", "paid"]
Progress = OnTheCall | WithOthers


class HttpAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to an `ApiRequest`, and what becomes of it on its way.

    `text` is the body in place of `body`, of type `content_type`. `send`: `answer` it `late_ms` from
    now, `hang` and never answer, or `reset` the connection; the last two leave the client with nothing.
    """

    status: int
    body: dict[str, Any] = {}
    headers: dict[str, str] = {}
    text: str = ""
    content_type: str = "application/json"
    send: Literal["answer", "hang", "reset"] = "answer"
    late_ms: int = 0


class Effect(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="effect"):
    call_id: str
    at_ms: int


class Deliver(Effect, frozen=True, kw_only=True, tag="deliver"):
    """Send a webhook, once; what becomes of it is of no consequence to the platform.

    `n` numbers the deliveries of an exchange. `kind` is the family and the word: `play.finished`,
    `collect.digit`, `call.ended`. A doubled webhook is two of these with the same body.
    """

    n: int
    kind: str
    url: str
    body: dict[str, Any]
    control_id: str = ""
    method: str = "POST"


class FetchSwml(Effect, frozen=True, kw_only=True, tag="fetch_swml"):
    """Ask for a SWML document and bring it back as `SwmlAnswered`."""

    fetch: int
    url: str
    body: dict[str, Any]
    method: str = "POST"


class Heard(Effect, frozen=True, kw_only=True, tag="heard"):
    """The person on the line begins to hear this, which takes `duration_ms` (0: until it is stopped).

    `text` is the words, the URL of an audio file, or the name of a ringtone. `control_id` is empty
    when SWML plays it.
    """

    sound: Sound
    text: str
    duration_ms: int
    control_id: str = ""

    @property
    def words(self) -> str:
        """What somebody may wait for; a ringing tone says none."""
        return "" if self.sound == "ringtone" else self.text


class Progressed(Effect, frozen=True, kw_only=True, tag="progressed"):
    """Something about the call that a person on the line, or one watching it, would notice.

    `detail` is the end_reason of `ended`, the recording's URL for `recorded`, the verbs for `left`, who is
    rung (`connecting`), waited for (`queued`) and talked to (`connected`, `disconnected`), why nobody is
    (`not_connected`), the amount to pay (`paying`) and what came of it (`paid`).
    `cut_off` means that a prompt was stopped before its end.
    """

    what: Progress
    detail: str = ""
    control_id: str = ""


class CallerDid(Effect, frozen=True, kw_only=True, tag="caller_did"):
    """The scripted caller acted; the exchange has already taken it in. `in_vain`: how many of the pressed keys nothing
    listens to, or 1 where nothing listens to what is said."""

    act: Act
    in_vain: int = 0


AnyEffect = Deliver | FetchSwml | Heard | Progressed | CallerDid
