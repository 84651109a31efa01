"""The fields that the table of verbs promises after an outcome are there, with what the platform reports of it."""

from typing import Any

import msgspec
import pytest

from engine.model.events import Fetched, FetchKind
from engine.model.verbs import FAILURES, VERB, VERBS, fields_after
from engine.wire import webhooks
from tests.playbooks.playbook import Playbook, call

FLOW = """
start: it
steps:
  it:
    VERB: VALUE
    next: {NEXT}
  rest: {wait: 30s, next: bye}
  bye: {end: hangup}
"""
VALUES = {
    "play": "Hello.",
    "ask": "{prompt: Hello., digits: {max: 1}, speech: {}, attempts: 1}",
    "collect": "{digits: {max: 1}, speech: {}, start_input_timers: true}",
    "record": "{}",
    "detect": "{type: TYPE}",
    "refer": "{device: {type: sip, params: {to: 'sip:desk@example.com'}}}",
    "fetch": "{url: 'https://api.example.com/balance'}",
    "dial": "{from: '+15550100', to: '+15550142', url: 'https://example.com/answered'}",
    "ai_sidecar.ask": "{text: Who is it?}",
    "ai_sidecar.status": "{}",
}
DIGITS = {"result": {"type": "digit", "params": {"digits": "1", "terminator": "#"}}}
SPEECH = {"result": {"type": "speech", "params": {"text": "one", "confidence": 80.0}}}
NO_INPUT, NO_MATCH = {"result": {"type": "no_input"}}, {"result": {"type": "no_match"}}
RECORDED = {"url": "https://recordings.example.com/1.mp3", "duration": 2.5, "size": 100, "format": "mp3"}


def detected(kind: str, event: str) -> dict[str, Any]:
    return {"detect": {"type": kind, "params": {"event": event}}}


REPORTED: dict[str, dict[str, list[dict[str, Any]]]] = {
    "play": {"finished": [{"state": "finished"}]},
    "ask": {"digits": [DIGITS], "speech": [SPEECH], "no_input": [NO_INPUT], "no_match": [NO_MATCH]},
    "collect": {"digits": [DIGITS], "speech": [SPEECH], "no_input": [NO_INPUT], "no_match": [NO_MATCH]},
    "record": {"finished": [{"state": "finished", "record": RECORDED}], "no_input": [{"state": "no_input"}]},
    "detect": {
        "human": [detected("machine", "HUMAN")],
        "machine": [detected("machine", "MACHINE"), detected("machine", "finished")],
        "machine_ready": [detected("machine", "MACHINE"), detected("machine", "READY")],
        "unknown": [detected("machine", "UNKNOWN")],
        "fax": [detected("fax", "CED")],
        "digit": [detected("digit", "1")],
        "timeout": [detected("machine", "finished")],
    },
    "refer": {"failed": [{"state": "busy"}]},
}
ANSWERED = {"dial": {"id": "x"}, "ai_sidecar.ask": {"ask_id": "x"}, "ai_sidecar.status": {"status": "x"}}
FETCHED: dict[FetchKind, str] = {
    "replied": "ok",
    "invalid": "invalid",
    "timeout": "timeout",
    "failed": "failed",
    "refused": "failed",
}
CASES = [(verb, outcome) for verb, outcomes in REPORTED.items() for outcome in outcomes]
FAILING = [verb for verb in REPORTED if verb != "refer"]


def begun(verb: str, outcome: str = "") -> Playbook:
    kind = outcome if outcome in ("fax", "digit") else "machine"
    ways = "failed: rest" if verb == "refer" else "otherwise: rest"
    named = ", ".join((ways, *(f"{one}: rest" for one in FAILURES)))
    p = call(FLOW.replace("VERB", verb).replace("VALUE", VALUES[verb].replace("TYPE", kind)).replace("NEXT", named))
    while p.unnamed:
        p.sent(p.unnamed[0].command)  # type: ignore[union-attr]
    return p


def reports(p: Playbook, verb: str, body: dict[str, Any]) -> None:
    event = webhooks.decode(msgspec.json.encode(body), p.control_id("it", verb), p.now_ms)
    p.unnamed.clear()
    p.happens(event)
    p.unnamed.clear()


def promised(verb: str, outcome: str) -> set[str]:
    return {"outcome", *fields_after(VERB[verb], outcome)}


@pytest.mark.parametrize(("verb", "outcome"), CASES)
def test_fields_that_an_outcome_promises_are_there(verb: str, outcome: str) -> None:
    p = begun(verb, outcome)
    if verb == "ask":
        reports(p, "play", {"state": "finished"})
    for body in REPORTED[verb][outcome]:
        reports(p, "collect" if verb == "ask" else verb, body)
    if p.state.frame.step == "it":  # which waits for a better word than `finished`
        p.passes_until_asked().looks_up().found("answered").at("rest")
    assert p.result("it")["outcome"] == outcome
    known = {"outcome", "code", "message", *VERB[verb].fields}
    assert p.result("it").keys() & known == promised(verb, outcome)


@pytest.mark.parametrize("verb", ANSWERED)
def test_fields_of_an_answer_are_there(verb: str) -> None:
    p = call(
        FLOW.replace("VERB", verb).replace("VALUE", VALUES[verb]).replace("NEXT", "accepted: rest"),
    )
    p.sent(VERB[verb].command).accepted(**ANSWERED[verb]).at("rest")
    assert p.result("it").keys() == promised(verb, "accepted")


@pytest.mark.parametrize(("kind", "outcome"), FETCHED.items())
def test_fields_of_a_fetch_are_there(kind: FetchKind, outcome: str) -> None:
    p = call(FLOW.replace("VERB", "fetch").replace("VALUE", VALUES["fetch"]).replace("NEXT", "otherwise: rest"))
    p.fetches("https://api.example.com/balance")
    p.happens(Fetched(at_ms=p.now_ms, seq=p.state.seq, kind=kind, status=200 if kind == "replied" else 0)).at("rest")
    assert p.result("it")["outcome"] == outcome
    assert p.result("it").keys() == promised("fetch", outcome)


@pytest.mark.parametrize("verb", FAILING)
def test_failure_has_its_code_and_its_message(verb: str) -> None:
    p = begun(verb)
    reports(p, "collect" if verb == "ask" else verb, {"state": "error"})
    assert p.at("rest").result("it").keys() == promised(verb, "error")


def test_every_verb_with_fields_is_here() -> None:
    for verb in VERBS:
        if verb.fields and verb.name != "fetch":
            assert (verb.outcomes == ("accepted",) and verb.name in ANSWERED) or {*verb.outcomes} == {
                *REPORTED[verb.name]
            }
