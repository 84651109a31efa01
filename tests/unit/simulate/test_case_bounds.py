"""What a case says of its numbers and its limits: a withheld one, and those that cannot be."""

import pytest

from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import judged

ANONYMOUS = compiled("""
start: who
steps:
  who:
    branch: [{if: "call.from == ''", next: nobody}, {else: known}]
  nobody: {play: "Hello, whoever you are.", next: bye}
  known: {play: "Hello, ${{ call.from }}.", next: bye}
  bye: {end: hangup}
""")
CALLS = compiled("""
outbound: {from: "+15550100"}
start: bye
steps:
  bye: {end: hangup}
""")


def test_a_number_can_be_withheld() -> None:
    assert not judged(ANONYMOUS, "from: ''\nexpect: {path: [who, nobody, bye]}").said
    assert not judged(ANONYMOUS, "expect: {path: [who, known, bye]}").said


def test_who_is_called_has_a_number() -> None:
    assert "TST007 `from` is empty" in judged(CALLS, "from: ''\nexpect: {ends: hangup}").said


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("to: ''", "TST007 `to` is empty, and only who calls a flow can withhold a number."),
        ("limits: {call: 9000h}", "TST007 `9000h` is no sooner: the flow's limit is 1h."),
        ("limits: {visits: {bye: 21}}", "TST007 `21` is no sooner: the flow's limit is 20."),
    ],
)
def test_number_that_is_ours_and_limits_that_come_later_are_refused(case: str, message: str) -> None:
    assert message in judged(ANONYMOUS, f"{case}\nexpect: {{ends: hangup}}").said


def test_limit_of_the_flow_itself_may_be_said() -> None:
    assert not judged(ANONYMOUS, "limits: {call: 1h, visits: {bye: 20}}\nexpect: {ends: hangup}").said
