"""record: its URL comes with the last report."""

from tests.playbooks.playbook import call

FLOW = """
start: message
steps:
  message:
    record: {beep: true, max_length: 20}
    next: {finished: repeat, no_input: bye}
  repeat:
    play: [{audio: "${{ steps.message.url }}"}]
    next: {finished: bye, expression: bye}
  bye:
    end: hangup
"""
URL = "https://recordings.example.com/1.mp3"


def test_record_finished_has_its_url() -> None:
    p = call(FLOW)
    p.sent("calling.record", record={"audio": {"beep": True, "max_length": 20}}).accepted()
    p.report("message", "record", "recording").at("message")
    p.report("message", "record", "recording").at("message")
    p.report("message", "record", "finished", url=URL, duration=12.5, size=1000, format="mp3")
    p.sent("calling.play", play=[{"type": "audio", "params": {"url": URL}}]).accepted()
    p.report("repeat", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")
    assert p.result("message") == {
        "outcome": "finished", "url": URL, "duration": 12.5, "size": 1000, "format": "mp3",
    }  # fmt: skip


def test_record_of_silence_is_no_input() -> None:
    p = call(FLOW)
    p.sent("calling.record").accepted()
    p.report("message", "record", "recording").report("message", "record", "no_input")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_record_finished_without_url_leaves_the_name_unset() -> None:
    p = call(FLOW)
    p.sent("calling.record").accepted()
    p.report("message", "record", "finished", duration=12.5)
    p.sent("calling.end").accepted()
    p.ended("hangup")
    assert p.result("repeat")["code"] == "expression"


def test_record_without_max_length_lasts_as_long_as_the_call() -> None:
    p = call(FLOW.replace(", max_length: 20", ""))
    p.sent("calling.record").accepted()
    p.lasts("59m").at("message")
    p.report("message", "record", "finished", url=URL)
    p.says("").accepted()
    assert p.path == ["message", "repeat"]


def test_record_on_a_call_that_is_gone_never_began() -> None:
    """Nothing will be reported of it, so nothing is waited for."""
    p = call(FLOW)
    p.sent("calling.record").gone()
    p.ended("hangup")


def test_record_that_reported_before_a_404_is_waited_for() -> None:
    p = call(FLOW)
    sent = p.sent("calling.record")
    p.report("message", "record", "recording")
    sent.gone()
    assert not p.is_over
    p.report("message", "record", "finished", url=URL)
    p.ended("hangup")
