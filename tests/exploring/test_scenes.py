"""What is tried first, and what is gone on from no more since it is known: held against searches that do without."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from engine.model.graph import FlowGraph
from engine.simulate.explore import Bounds, Given, explore
from engine.simulate.explore.beginnings import Beginning, begin
from engine.simulate.explore.frontier import Frontier
from engine.simulate.explore.moves import AnyMove, Due, Tick
from engine.simulate.explore.outside import Platform
from engine.simulate.explore.search import Search
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.taken import Taken
from tests.exploring.test_likeness import LAST, flows, seen
from tests.playbooks.machine import compiled

_MOST = 3_000
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example is a search: making it smaller takes minutes."""

BESIDE = (
    """
start: tape
steps:
  tape:
    record: {initial_timeout: 0, end_silence_timeout: 0, max_length: %s, terminators: ""}
    background: true
    next: s1
  s1:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: s2, otherwise: over}
  s2:
    ask: {prompt: "Say yes.", speech: {}, choices: {yes: {phrases: ["yes"]}}, attempts: 1}
    next: {yes: bye, otherwise: over}
"""
    + LAST
)
DETECTS = (
    """
start: tone
steps:
  tone: {detect: {type: fax, timeout: 4}, background: true, next: s1}
  s1:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 2}
    next: {one: s2, otherwise: over}
  s2: {play: "Thank you very much indeed.", next: bye}
"""
    + LAST
)
GOES_ON = {"recorded": BESIDE % 7200, "recorded_shortly": BESIDE % 3, "detected": DETECTS}


START = begin(compiled(DETECTS), Given(), Beginning()).after


class Plain(Search):
    """Goes on from everything that is not the same."""

    def _keys(self, key: bytes, after: Situation) -> Iterator[bytes]:
        yield key


def two(graph: FlowGraph, faults: int, slow: int, most: int = _MOST) -> Search:
    """As `explore` does it."""
    usual = Search(graph, Given(faults=0, slow=0), (), Bounds(states=most))
    usual.run(lambda _: True)
    both = Search(graph, Given(faults=faults, slow=slow), (), Bounds(states=most), usual)
    both.run(lambda _: True)
    return both


@pytest.mark.parametrize(("faults", "slow"), [(0, 1), (1, 0), (1, 1)])
@settings(max_examples=15, deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flow=flows())
def test_what_is_known_without_faults_need_not_be_gone_on_from_again(flow: str, faults: int, slow: int) -> None:
    graph = compiled(flow)
    plain = Plain(graph, Given(faults=faults, slow=slow), (), Bounds(states=_MOST))
    plain.run(lambda _: True)
    if len(plain.nodes) < _MOST:
        assert seen(two(graph, faults, slow)) == seen(plain)


class Staged(Search):
    """Keeps what may happen in the first situation of each scene, and which others of the scene differ in that. (When a net is
    due counts roughly, and so does whether it is due first.)"""

    def __init__(self, graph: FlowGraph) -> None:
        super().__init__(graph, Given(faults=1, slow=1), (), Bounds(states=_MOST))
        self.moves: dict[bytes, list[AnyMove]] = {}
        self.differ: list[tuple[object, object]] = []

    def _reached(self, before: int, at: Situation | None, move: AnyMove | None, taken: Taken) -> None:
        super()._reached(before, at, move, taken)
        mine: list[AnyMove] = [one for one in self._enabled.moves(taken.after) if not isinstance(one, Tick | Due)]
        first = self.moves.setdefault(self._likeness.scene(taken.after), mine)
        if first != mine:
            self.differ.append((first, mine))


@settings(max_examples=15, deadline=None, phases=UNSHRUNK)
@given(flow=flows())
def test_in_one_scene_the_same_may_happen(flow: str) -> None:
    search = Staged(compiled(flow))
    search.run(lambda _: True)
    assert search.differ == []


def test_each_scene_is_gone_on_from_before_what_differs_in_what_was_before() -> None:
    """As many situations are gone on from as there are scenes, and then the others."""
    graph = compiled(GOES_ON["detected"])
    whole = Search(graph, Given(), (), Bounds())
    whole.run(lambda _: True)
    assert len(whole._open) == 0
    assert 0 < len(whole._open.scenes) < len(whole.nodes)
    frontier = Frontier()
    for scene in (b"one", b"one", b"two"):
        frontier.add(0, len(frontier), START, scene)
    assert [frontier.pop()[0] for _ in range(3)] == [0, 2, 1]


@pytest.mark.parametrize("name", GOES_ON)
def test_when_something_ends_that_nothing_is_asked_of_hides_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = compiled(GOES_ON[name])
    roughly = Search(graph, Given(faults=0, slow=0), (), Bounds())
    roughly.run(lambda _: True)
    monkeypatch.setattr(Platform, "_is_asked_for", lambda *_: True)
    exactly = Search(graph, Given(faults=0, slow=0), (), Bounds())
    exactly.run(lambda _: True)
    assert seen(roughly) == seen(exactly)
    assert len(roughly.nodes) <= len(exactly.nodes)


def test_who_is_asked_says_it_once_while_a_recording_goes_on() -> None:
    found = explore(compiled(GOES_ON["recorded"]), Given(faults=0, slow=0))
    assert (found.covered.cut, found.covered.untaken) == (0, ())
    assert found.covered.states < 200
