"""connect: an excursion of one method, whose outcome is in SWML's variables."""

import pytest

from engine.model.ids import way_back
from tests.playbooks.playbook import Playbook, call

FLOW = """
start: agent
steps:
  agent:
    connect: {to: "+15550100", timeout: 25, max_duration: 600, confirm: [{play: {url: "say:A caller."}}]}
    next: {bridge_ended: done, busy: busy, no_answer: quiet, declined: declined, failed: sorry}
  done: {end: hangup}
  busy: {end: busy}
  quiet: {end: cancel}
  declined: {end: decline}
  sorry: {play: "Sorry.", next: done}
"""


def connecting() -> Playbook:
    p = call(FLOW)
    sent = p.sent("update")
    assert sent.command.control_id is not None
    assert sent.command.params["swml"]["sections"]["main"] == [
        {
            "connect": {
                "to": "+15550100",
                "timeout": 25,
                "max_duration": 600,
                "confirm": [{"play": {"url": "say:A caller."}}],
            }
        },
        {"transfer": {"dest": way_back(sent.command.control_id, "returned")}},
    ]
    return sent.accepted().at("agent")


@pytest.mark.parametrize(
    ("reason", "api_reason"),
    [("busy", "busy"), ("no_answer", "cancel"), ("noAnswer", "cancel"), ("declined", "decline")],
)
def test_connect_that_fails_says_why(reason: str, api_reason: str) -> None:
    p = connecting().returns("agent", connect_result="failed", connect_failed_reason=reason)
    p.sent("calling.end", reason=api_reason)


def test_connect_that_was_a_talk_is_over() -> None:
    p = connecting().returns("agent", connect_result="connected")
    p.sent("calling.end", reason="hangup")


def test_connect_with_any_other_reason_has_failed() -> None:
    p = connecting().returns("agent", connect_result="failed", connect_failed_reason="error")
    p.says("Sorry.").accepted()


def test_connect_deadline_is_ringing_and_talk_together() -> None:
    p = connecting()
    op = next(iter(p.state.operations.values()))
    assert op.due_ms == p.now_ms + 25_000 + 600_000 + 15_000
