"""tap: a copy of the audio for a listener (see test_copies.py for what all copies share)."""

from tests.playbooks.copies import copying, flow_of
from tests.playbooks.playbook import call


def test_tap_sends_its_params_as_they_stand() -> None:
    sent = call(flow_of("tap")).sent("calling.tap")
    assert sent.command.params == {
        "tap": {"type": "audio", "params": {"direction": "both"}},
        "device": {"type": "ws", "params": {"uri": "wss://m.example.com"}},
    }
    assert sent.command.reports


def test_tap_that_is_over_leaves_the_flow_where_it_is() -> None:
    p = copying("tap").report("copy", "tap", "tapping").report("copy", "tap", "finished").at("rest")
    p.report("copy", "tap", "finished").was("duplicate")
    assert p.result("copy") == {"outcome": "finished"}


def test_tap_hangup_does_not_wait_for_it() -> None:
    p = copying("tap").report("copy", "tap", "tapping")
    p.call_state("ended").ended("hangup")
    p.report("copy", "tap", "finished").was("late")
