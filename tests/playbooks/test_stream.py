"""stream: the audio for a WebSocket (see test_copies.py for what all copies share)."""

from tests.playbooks.copies import VALUES, copying, flow_of
from tests.playbooks.playbook import call


def test_stream_renders_what_it_tells_the_receiver() -> None:
    value = '{url: wss://media.example.com/audio, custom_parameters: {caller: "${{ call.from }}"}}'
    p = call(flow_of("stream").replace(VALUES["stream"], value))
    p.sent("calling.stream", custom_parameters={"caller": "+15550177"}).accepted()
    p.at("rest")


def test_stream_whose_receiver_is_not_there_fails_in_the_background() -> None:
    p = copying("stream", "see").report("copy", "stream", "error", code="unreachable").at("rest")
    p.passes("20s").sent("calling.end", reason="error").accepted()
    p.ended("error")
    assert p.result("see") == {"outcome": "error", "code": "unreachable", "message": ""}


def test_stream_hangup_does_not_wait_for_it() -> None:
    copying("stream").report("copy", "stream", "streaming").call_state("ended").ended("hangup")
