"""What is copied off the call (tap, stream, transcribe): always in the background. A flow for each."""

from tests.playbooks.playbook import Playbook, call

VALUES = {
    "tap": "{tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: wss://m.example.com}}}",
    "stream": "{url: wss://media.example.com/audio}",
    "transcribe": "{}",
}
LIVES = {"tap": "tapping", "stream": "streaming", "transcribe": "transcribing"}
ENDS = {"tap": "finished", "stream": "finished", "transcribe": "completed"}
FLOW = """
start: copy
steps:
  copy:
    VERB: VALUE
    next: {accepted: rest, rejected: refused, error: failed, lost: unknown}
  rest:
    wait: 20s
    next: THEN
  see:
    wait: copy
    next: {finished: bye, error: failed, lost: unknown}
  stop:
    VERB.stop: copy
    next: see
  bye: {end: hangup}
  refused: {end: busy}
  failed: {end: error}
  unknown: {end: decline}
  gone: {end: done}
handlers: {hangup: gone}
"""


def flow_of(verb: str, then: str = "bye") -> str:
    return FLOW.replace("VERB", verb).replace("VALUE", VALUES[verb]).replace("THEN", then)


def copying(verb: str, then: str = "bye") -> Playbook:
    """The copy is accepted, and the flow rests."""
    return call(flow_of(verb, then)).sent(f"calling.{verb}").accepted().at("rest")
