"""What can only follow is part of the move to it: held against a search that goes through each situation by itself."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from engine.expr import Checked, Environment
from engine.model.graph import FlowGraph
from engine.simulate import simulate
from engine.simulate.cases import invariants
from engine.simulate.explore import Bounds, Given, explore, moves
from engine.simulate.explore.enabled import Enabled
from engine.simulate.explore.scripted import play
from engine.simulate.explore.search import Search
from tests.exploring.test_likeness import flows, seen
from tests.exploring.test_reductions import BACKGROUND, SMALL
from tests.exploring.test_scenes import UNSHRUNK, two
from tests.playbooks.machine import compiled

_MOST = 3_000
LANDS = """
start: menu
limits: {visits: 3, next: sorry}
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: menu, otherwise: bye}
  sorry:
    visits: {max: 2, next: bye}
    ask: {prompt: "Press 1, for the last time.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: sorry, otherwise: bye}
  bye: {end: hangup}
"""


def rests(search: Search) -> set[bytes]:
    return {node.face for node in search.nodes if node.quiet}


def one_by_one(graph: FlowGraph, faults: int, slow: int, most: int = _MOST) -> Search:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Enabled, "only", lambda *_: None)
        return two(graph, faults, slow, most)


@pytest.mark.parametrize(("faults", "slow"), [(0, 0), (1, 0), (1, 1)])
@settings(max_examples=15, deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flow=flows())
def test_what_is_passed_through_hides_nothing(flow: str, faults: int, slow: int) -> None:
    graph = compiled(flow)
    each = one_by_one(graph, faults, slow)
    if len(each.nodes) < _MOST:
        passing = two(graph, faults, slow)
        assert seen(passing) == seen(each)
        assert rests(passing) == rests(each)
        assert len(passing.nodes) <= len(each.nodes)


@pytest.mark.parametrize("flow", [SMALL, BACKGROUND, LANDS], ids=["asking", "background", "lands"])
@pytest.mark.parametrize("slow", [0, 1])
def test_what_is_passed_through_is_no_situation(flow: str, slow: int) -> None:
    graph = compiled(flow)
    passing, each = two(graph, 1, slow, 100_000), one_by_one(graph, 1, slow, 100_000)
    assert len(each._open) == 0
    assert (seen(passing), rests(passing)) == (seen(each), rests(each))
    assert len(passing.nodes) < len(each.nodes)


def steps(search: Search) -> Iterator[moves.AnyMove]:
    return moves.each(node.move for node in search.nodes if node.move is not None)


def test_what_is_passed_through_stands_in_the_move() -> None:
    graph = compiled(SMALL)
    passing = Search(graph, Given(faults=0, slow=0), (), Bounds())
    passing.run(lambda _: True)
    assert any(isinstance(one, moves.Hear) for one in steps(passing))
    assert all(node.quiet or node.end or node.depth <= 1 or node.move for node in passing.nodes)


def test_way_through_what_only_follows_can_be_gone_again() -> None:
    graph = compiled(SMALL)
    held = Environment(invariants.names(graph)).compile("or(steps.last.outcome, '') == ''")
    assert isinstance(held, Checked)
    (found,) = explore(graph, Given(faults=0, slow=0), invariants=(held,)).found
    assert any(move.then for move in found.way.moves)
    outcome = simulate(graph, play(graph, Given(faults=0, slow=0), found.way).scenario)
    assert "last" in outcome.path
