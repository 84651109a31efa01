"""What a detector says has one outcome, in whatever order and however often its webhooks come.

With one of them lost the outcome is the same, or what the others say by themselves: a detector that
is said to be finished, and that nobody knows to have found anything, has found nothing (`timeout`),
and a machine whose READY is lost is a machine.
"""

import pytest

from engine.model.state import RunState
from tests.playbooks.machine import compiled
from tests.playbooks.orders import Heard, Outcome, outcomes

FORE = """
start: who
steps:
  who:
    detect: PARAMS
    next: {lost: nobody, otherwise: bye}
  bye: {end: hangup}
  nobody: {end: error}
"""
BACK = """
start: who
steps:
  who:
    detect: PARAMS
    background: true
    next: {accepted: hello, lost: nobody}
  hello:
    play: "Hello?"
    next: {finished: look, lost: look}
  look:
    wait: who
    next: {lost: nobody, otherwise: bye}
  bye: {end: hangup}
  nobody: {end: error}
"""
DEFAULT, AT_ONCE = "{type: machine}", "{type: machine, detect_message_end: false}"
HISTORIES: dict[str, tuple[str, tuple[str, ...], str, dict[str, str]]] = {
    "human": (DEFAULT, ("human", "finished"), "human", {"human": "timeout"}),
    "ready": (DEFAULT, ("machine", "not_ready", "ready", "finished"), "machine_ready", {"ready": "machine"}),
    "endless greeting": (DEFAULT, ("machine", "not_ready", "finished"), "machine", {}),
    "machine": (DEFAULT, ("machine", "finished"), "machine", {"machine": "timeout"}),
    "unknown": (DEFAULT, ("unknown", "finished"), "unknown", {"unknown": "timeout"}),
    "silence": (DEFAULT, ("finished",), "timeout", {}),
    "human at once": (AT_ONCE, ("human", "finished"), "human", {"human": "timeout"}),
    "machine at once": (AT_ONCE, ("machine", "not_ready", "finished"), "machine", {"machine": "timeout"}),
    "fax": ("{type: fax}", ("fax", "finished"), "fax", {"fax": "timeout"}),
    "key": ("{type: digit}", ("digit", "finished"), "digit", {"digit": "timeout"}),
}
"""Name: params, what is heard, the outcome, and for each mark whose loss changes it what it is then."""


def history(name: str, *, without: str = "", twice: str = "") -> list[Heard]:
    marks = [mark for mark in HISTORIES[name][1] if mark != without]
    return [Heard("who.1.1.detect", mark) for mark in [*marks, *([twice] if twice else [])]]


def flows(name: str) -> list[tuple[str, list[Heard]]]:
    params = HISTORIES[name][0]
    hello = [Heard("hello.1.1.play", "playing"), Heard("hello.1.1.play", "finished")]
    return [(FORE.replace("PARAMS", params), []), (BACK.replace("PARAMS", params), hello)]


def judge(state: RunState) -> Outcome:
    results = state.frame.results
    return (results.get("look", results.get("who", {})).get("outcome"), state.end_reason)


def heard(name: str, detected: list[Heard], *, lose_answer: int = 0) -> set[Outcome]:
    found: set[Outcome] = set()
    for flow, others in flows(name):
        found |= outcomes(compiled(flow), [*detected, *others], judge, lose_answer=lose_answer)
    return found


@pytest.mark.parametrize("name", HISTORIES)
def test_detect_history_heard_in_any_order_has_its_outcome(name: str) -> None:
    assert heard(name, history(name)) == {(HISTORIES[name][2], "hangup")}


@pytest.mark.parametrize("name", HISTORIES)
def test_detect_history_with_any_webhook_doubled_has_the_same_outcome(name: str) -> None:
    for mark in HISTORIES[name][1]:
        assert heard(name, history(name, twice=mark)) == {(HISTORIES[name][2], "hangup")}, f"with {mark} twice"


@pytest.mark.parametrize("name", HISTORIES)
def test_detect_history_with_any_webhook_lost_is_the_same_or_lost_or_what_the_others_say(name: str) -> None:
    _, marks, outcome, without = HISTORIES[name]
    for mark in marks:
        allowed = {(without.get(mark, outcome), "hangup"), (outcome, "hangup"), ("lost", "error")}
        assert heard(name, history(name, without=mark)) <= allowed, f"without {mark}"


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize("seq", [1, 2])
def test_detect_history_with_any_answer_lost_has_the_same_outcome_or_is_lost(name: str, seq: int) -> None:
    allowed = {(HISTORIES[name][2], "hangup"), ("lost", "error")}
    assert heard(name, history(name), lose_answer=seq) <= allowed
