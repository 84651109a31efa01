"""What a case says of what a flow of `lib/` hands back."""

import pytest

from engine.project import testing
from engine.simulate.cases.invariants import remembering
from tests.architecture.source import ROOT
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import judged

FLOW = remembering(
    compiled("""
start: who
steps:
  who:
    ask: {prompt: "Your number?", digits: {max: 2}, attempts: 1}
    next: {digits: known, otherwise: unknown}
  known: {return: {outcome: known, with: {number: "${{ steps.who.digits }}", tries: 1}}}
  unknown: {return: unknown}
  over: {end: hangup}
handlers: {error: over}
""")
)
KNOWN = 'caller: [{hears: number}, {presses: "17"}]\nexpect: {returns: %s}'


@pytest.mark.parametrize(
    "case",
    [
        KNOWN % "known",
        KNOWN % '{outcome: known, with: {number: "17"}}',
        KNOWN % '{outcome: known, with: {number: "1...", tries: 1}}',
        "expect: {returns: unknown}",
    ],
)
def test_what_is_handed_back_is_as_the_case_says(case: str) -> None:
    assert not judged(FLOW, case).said


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("expect: {returns: known}", "The run returned `unknown`, not `known`."),
        (
            KNOWN % '{outcome: known, with: {number: "18"}}',
            '`known` was returned with another `number`. It hands back "17".',
        ),
        (KNOWN % "{outcome: known, with: {tries: 2}}", "`known` was returned with another `tries`. It hands back 1."),
        (
            "caller: [{hears: number}, {hangs_up: true}]\nexpect: {returns: known}",
            "The run ended without a `return`, and",
        ),
        ("expect: {returns: knwon}", "TST003 The flow never returns `knwon`. Did you mean `known`?"),
        (KNOWN % "{outcome: known, with: {nubmer: 1}}", "`known` hands back no `nubmer`. Did you mean `number`?"),
        (KNOWN % "{outcome: unknown, with: {number: 1}}", "`unknown` hands back no `number`. It hands back nothing."),
        (KNOWN % "{with: {number: 1}}", "SYN007 `returns` lacks `outcome`."),
    ],
)
def test_what_is_not_handed_back_and_what_cannot_be_is_said(case: str, message: str) -> None:
    assert message in judged(FLOW, case).said


def test_what_is_handed_back_stands_in_the_transcript_and_is_marked() -> None:
    assert judged(FLOW, "expect: {returns: known}").marked == ["returned unknown"]


def test_the_tests_of_a_shipped_flow_look_at_what_it_hands_back() -> None:
    path = ROOT / "flows" / "lib" / "rate.test.yaml"
    assert "with: {score: 1}" in path.read_text()
    assert testing.run(path).passed
