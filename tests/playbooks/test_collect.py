"""collect in the foreground: one result, with all of its fields."""

from typing import Any

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: enter
steps:
  enter:
    collect: {digits: {max: 4}, speech: {}, initial_timeout: 5, start_input_timers: true}
    next: {digits: bye, speech: bye, no_input: silent, no_match: silent}
  bye:
    end: hangup
  silent:
    end: busy
  broken:
    end: error
handlers:
  error: broken
"""
EMPTY = {"value": "", "digits": "", "terminator": "", "text": "", "confidence": 0.0}


def collecting() -> Playbook:
    p = call(FLOW)
    p.sent("calling.collect", digits={"max": 4}, initial_timeout=5, start_input_timers=True).accepted()
    return p


@pytest.mark.parametrize(
    ("mark", "fields", "outcome", "reason"),
    [
        ("digit", {"digits": "1234", "value": "1234", "terminator": "#"}, "digits", "hangup"),
        ("speech", {"text": "help", "value": "help", "confidence": 80.5}, "speech", "hangup"),
        ("no_input", {}, "no_input", "busy"),
        ("no_match", {}, "no_match", "busy"),
        ("finished", {}, "no_input", "busy"),
    ],
)
def test_collect_result_is_the_outcome(mark: str, fields: dict[str, Any], outcome: str, reason: str) -> None:
    p = collecting()
    p.report("enter", "collect", mark, **fields)
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)
    assert p.result("enter") == {"outcome": outcome, **EMPTY, **fields}


def test_collect_signs_of_input_are_no_result() -> None:
    p = collecting()
    p.report("enter", "collect", "start_of_input").at("enter")
    p.report("enter", "collect", "partial", text="he").at("enter")
    p.report("enter", "collect", "partial", text="hel").at("enter")
    p.report("enter", "collect", "speech", text="help")
    p.sent("calling.end").accepted()
    p.ended("hangup")
    assert p.result("enter")["text"] == "help"


def test_collect_error_without_a_code_has_one() -> None:
    p = collecting()
    p.report("enter", "collect", "error")
    p.sent("calling.end", reason="error").accepted()
    p.ended("error")
    assert p.result("enter") == {"outcome": "error", "code": "error", "message": ""}


def test_collect_without_timers_waits_until_it_is_looked_up() -> None:
    p = call(FLOW.replace("start_input_timers: true", "start_input_timers: false"))
    p.sent("calling.collect", start_input_timers=False).accepted()
    p.passes("10m").at("enter")
    p.passes("15s").looks_up().found("answered")
    stop = p.sent("calling.collect.stop")
    p.sent("calling.end")
    stop.accepted()
    p.call_state("ended")
    p.ended("lost")
