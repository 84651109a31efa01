"""What `set` computes for an invariant: the values it is computed from are tried, and it is named where that was not enough."""

from pathlib import Path

import pytest

from engine.project import exploring
from engine.simulate.explore import Bounds, Explored

JUDGES = """
flow: judges
language: 1
uses: {service: url, most: int}
vars: {blocked: false, sold: false}
start: code
steps:
  code:
    ask: {prompt: "Your code.", digits: {max: 5, terminators: "#*"}, attempts: 1}
    next: {digits: lookup, otherwise: bye}
  lookup:
    fetch: {url: "${{ uses.service }}/x", timeout: 2s, returns: {a: int, b: int}}
    next: {ok: judge, otherwise: bye}
  judge: {set: {blocked: "JUDGED"}, next: sell}
  sell: {set: {sold: "true"}, next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""


def judged(tmp_path: Path, condition: str) -> Explored:
    """With the law that nobody is sold to who is blocked."""
    flow = tmp_path / "judges.flow.yaml"
    flow.write_text(JUDGES.replace("JUDGED", condition), encoding="utf-8")
    tests = 'tests: judges\ninvariants: ["!(vars.sold && vars.blocked)"]\ncases: {so: {expect: {ends: hangup}}}\n'
    flow.with_name("judges.test.yaml").write_text(tests, encoding="utf-8")
    found = exploring.run(flow, faults=0, slow=0, bounds=Bounds(), goes_on=lambda _: True).explored
    assert found is not None
    return found


@pytest.mark.parametrize(
    "condition",
    [
        "steps.lookup.body.a < -50",
        "steps.lookup.body.a > steps.lookup.body.b",
        "steps.code.terminator == '*'",
        "!call.from.startsWith('+1555')",
        "call.from.startsWith('+44')",
        "size(steps.code.value) == 3",
    ],
)
def test_values_that_are_computed_for_an_invariant_are_tried(condition: str, tmp_path: Path) -> None:
    found = judged(tmp_path, condition)
    assert [one.breach.law for one in found.found] == ["invariant"]
    assert found.covered.usual <= 150


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("now.getHours('UTC') >= 20", ("vars.blocked",)),
        ("steps.code.value.endsWith('77') && steps.code.value.contains('5')", ("vars.blocked",)),
        ("steps.code.value == 'x'", ("vars.blocked",)),
    ],
)
def test_what_is_computed_for_an_invariant_and_never_comes_out_otherwise_is_named(
    condition: str, named: tuple[str, ...], tmp_path: Path
) -> None:
    found = judged(tmp_path, condition)
    assert (found.found, found.covered.untried) == ((), named)


def test_what_comes_out_otherwise_with_another_use_is_not_named(tmp_path: Path) -> None:
    found = judged(tmp_path, "uses.most > 77")
    assert ([one.breach.law for one in found.found], found.covered.untried) == (["invariant"], ())
