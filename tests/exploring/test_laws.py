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


BROKEN: dict[str, tuple[str, Callable[[Patch], None]]] = {
    "sound": (SMALL, breaks),
    "accepted": (TAPS, nothing),
    "deadline": (SMALL, forgets_deadlines),
    "ends": (SMALL, never_ends),
    "left-open": (LEAVES, nothing),
    "lost-well": (SMALL, loses_badly),
    "limits": (SMALL, lands_elsewhere),
    "secret": (ASKS, tells_secrets),
    "invariant": (SMALL, nothing),
}


FAILS = {"sound", "left-open", "invariant"}
"""A test case looks at these laws by itself; of the others its author says how the call should have gone."""


def test_every_law_has_something_that_breaks_it() -> None:
    assert set(LAWS) == {*BROKEN, *(law for laws in DEFECTS.values() for law in laws)}


@pytest.mark.parametrize("law", BROKEN)
def test_what_breaks_a_law_is_found_with_a_case_that_plays(law: str, tmp_path: Path, monkeypatch: Patch) -> None:
    flow, defect = BROKEN[law]
    path = tmp_path / "broken.flow.yaml"
    path.write_text(f"flow: broken\nlanguage: 1{flow}", encoding="utf-8")
    tests = tmp_path / "broken.test.yaml"
    invariants = "invariants: [\"or(steps.more.outcome, '') == ''\"]\n" if law == "invariant" else ""
    tests.write_text(
        f"tests: broken\n{invariants}cases:\n  nobody answers:\n    expect: {{ends: hangup}}\n", encoding="utf-8"
    )
    defect(monkeypatch)
    found = exploring.run(path, faults=1, slow=1, bounds=Bounds(states=20_000), goes_on=lambda _: True)
    shown = {one.law: one for one in found.shown}
    assert law in shown, (list(shown), found.explored)
    tests.write_text(f"tests: broken\n{invariants}cases:\n{shown[law].case}", encoding="utf-8")
    tested = testing.run(tests)
    assert not tested.diagnostics, shown[law].case
    assert len(tested.results) == 1
    if law in FAILS:
        assert not tested.passed, shown[law].case
