"""A case that is played at several moments."""

import pytest

from engine.simulate.cases import given, reading
from engine.simulate.scenario import AT_MS
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import judged

FLOW = compiled("start: bye\nsteps:\n  bye: {end: hangup}")


def test_one_case_at_several_moments_is_one_for_each() -> None:
    moments = ["2026-11-23T10:00:00-05:00", "2026-11-26T10:00:00-05:00"]
    text = (
        f"tests: story\ncases:\n  x: {{at: {moments}, expect: {{ends: hangup}}}}\n  y: {{expect: {{ends: hangup}}}}\n"
    )
    tests = reading.read("story.test.yaml", "story", text.encode())
    assert not tests.diagnostics
    assert [one.name for one in tests.cases] == [*(f"x ({one})" for one in moments), "y"]
    first, second, third = (given.read(one, FLOW, {}).scenario.at_ms for one in tests.cases)
    assert (second - first, third) == (3 * 86_400_000, AT_MS)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("at: [noon]\nexpect: {ends: hangup}", "SYN005"),
        ("at: []\nexpect: {ends: hangup}", "SYN005 `at` is empty."),
        ("at: ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00Z']\nexpect: {ends: hangup}", "SYN005"),
        ("at: ['2026-13-23T10:00:00Z']\nexpect: {ends: hangup}", "TST007 There is no such moment"),
        (
            "at: ['2026-11-23T10:00:00Z']\nexpect: {transcript: }",
            "TST007 A call at several moments has no one transcript",
        ),
    ],
)
def test_moments_that_are_none_are_said(case: str, message: str) -> None:
    assert message in judged(FLOW, case).said
