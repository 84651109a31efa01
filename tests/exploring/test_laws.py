"""For every law a flow or an engine that breaks it: exploring finds it, and shows it with a case that can be played."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from engine.interpret import ending, findings, operations, position
from engine.interpret.turn import Turn
from engine.model.advance import Advance
from engine.model.graph import FlowGraph
from engine.model.ids import StepName
from engine.project import exploring, testing
from engine.simulate import hidden
from engine.simulate.explore import Bounds
from engine.simulate.laws import LAWS
from tests.exploring.test_defects import DEFECTS
from tests.exploring.test_loops import AT_ONCE

Patch = pytest.MonkeyPatch
SMALL = """
start: menu
limits: {next: sorry}
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: more, otherwise: bye}
  more: {play: "There is more.", next: menu}
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
"""
LEAVES = """
start: hello
steps:
  hello: {play: "Hello.", next: bye}
  bye: {end: done}
"""
TAPS = """
uses: {listener: string}
start: listen
steps:
  listen:
    tap:
      tap: {type: audio, params: {direction: both}}
      device: {type: rtp, params: {addr: "${{ uses.listener }}", port: 4000}}
    background: true
    next: bye
  bye: {end: hangup}
"""
ASKS = """
start: pin
steps:
  pin:
    ask: {prompt: "Your PIN.", digits: {max: 4}, accept: '^[0-9]{4}$', secret: true, attempts: 1}
    next: bye
  bye: {end: hangup}
"""


def nothing(patch: Patch) -> None:
    """The flow itself is what is wrong."""


def breaks(patch: Patch) -> None:
    def over(*given: Any) -> None:
        raise RuntimeError("a mistake of ours")

    patch.setattr(operations, "over", over)


def forgets_deadlines(patch: Patch) -> None:
    close = Turn.close

    def closed(turn: Turn) -> Advance:
        done = close(turn)
        return replace(done, state=replace(done.state, timers={}))

    patch.setattr(Turn, "close", closed)


def never_ends(patch: Patch) -> None:
    close = Turn.close

    def closed(turn: Turn) -> Advance:
        done = close(turn)
        timers = done.state.timers or {"presence": turn.now_ms + 30_000}
        return replace(done, state=replace(done.state, timers=timers))

    patch.setattr(ending, "end_run", lambda turn, reason: None)
    patch.setattr(Turn, "close", closed)


def loses_badly(patch: Patch) -> None:
    patch.setattr(findings, "overdue", lambda turn, op: ending.hang_up(turn, "busy"))


def lands_elsewhere(patch: Patch) -> None:
    land = position._land

    def elsewhere(turn: Turn, target: StepName) -> None:
        land(turn, StepName("more"))

    patch.setattr(position, "_land", elsewhere)


def tells_secrets(patch: Patch) -> None:
    def fields(graph: FlowGraph, control_id: str, given: Any) -> Any:
        return given

    patch.setattr(hidden, "fields", fields)


BROKEN: dict[str, tuple[str, Callable[[Patch], None], tuple[str, str]]] = {
    "sound": (SMALL, breaks, ("", "")),
    "accepted": (TAPS, nothing, ("${{ uses.listener }}", "8.8.8.8")),
    "deadline": (SMALL, forgets_deadlines, ("", "")),
    "ends": (SMALL, never_ends, ("", "")),
    "left-open": (LEAVES, nothing, ("end: done", "end: hangup")),
    "lost-well": (SMALL, loses_badly, ("", "")),
    "limits": (SMALL, lands_elsewhere, ("", "")),
    "secret": (ASKS, tells_secrets, ("", "")),
    "invariant": (SMALL, nothing, ("one: more", "one: bye")),
}
"""By law: a flow, what is wrong with the engine, and what mends the flow, where it is the flow that is wrong."""


def test_every_law_has_something_that_breaks_it() -> None:
    """That of `as-tested` is in test_as_tested.py."""
    assert set(LAWS) == {"as-tested", *BROKEN, *(law for laws in DEFECTS.values() for law in laws)}


def found_in(path: Path, law: str, invariants: str = "") -> str:
    """The case of the counterexample to the law."""
    tests = path.with_name("broken.test.yaml")
    nobody = "  nobody answers:\n    expect: {ends: hangup}\n"
    tests.write_text(f"tests: broken\n{invariants}cases:\n{nobody}", encoding="utf-8")
    found = exploring.run(path, faults=1, slow=1, bounds=Bounds(states=20_000), goes_on=lambda _: True)
    shown = {one.law: one for one in found.shown}
    assert law in shown, (list(shown), found.explored)
    assert shown[law].fails, shown[law].case
    return shown[law].case


def played(path: Path, case: str, invariants: str = "") -> testing.Tested:
    """The case, pasted into the file beside the flow."""
    tests = path.with_name("broken.test.yaml")
    tests.write_text(f"tests: broken\n{invariants}cases:\n{case}", encoding="utf-8")
    return testing.run(tests)


def laws_broken(tested: testing.Tested) -> list[str]:
    assert not tested.diagnostics, tested.diagnostics
    (result,) = tested.results
    return [one.law or one.message for one in result.failures]


@pytest.mark.parametrize("law", BROKEN)
def test_case_of_a_breach_fails_for_its_reason_until_it_is_mended(law: str, tmp_path: Path) -> None:
    flow, defect, mends = BROKEN[law]
    path = tmp_path / "broken.flow.yaml"
    path.write_text(f"flow: broken\nlanguage: 1{flow}", encoding="utf-8")
    invariants = "invariants: [\"or(steps.more.outcome, '') == ''\"]\n" if law == "invariant" else ""
    with pytest.MonkeyPatch.context() as patch:
        defect(patch)
        case = found_in(path, law, invariants)
        failed = laws_broken(played(path, case, invariants))
    if law == "lost-well":
        assert [one[:30] for one in failed] == ["The run ended with `busy`, not"], case
    else:
        assert set(failed) == {law}, case
    path.write_text(path.read_text(encoding="utf-8").replace(*mends), encoding="utf-8")
    assert laws_broken(played(path, case, invariants)) == [], case


def test_case_of_steps_that_lead_back_to_each_other_fails_until_there_is_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "broken.flow.yaml"
    path.write_text(f"flow: broken\nlanguage: 1{AT_ONCE}", encoding="utf-8")
    case = found_in(path, "ends")
    assert laws_broken(played(path, case)) == ["ends"], case
    mended = AT_ONCE.replace("vars.rounds < 0", "vars.rounds > 2")
    path.write_text(f"flow: broken\nlanguage: 1{mended}", encoding="utf-8")
    assert laws_broken(played(path, case)) == [], case
