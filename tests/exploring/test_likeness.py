"""Situations that are merged are alike: held against a search that merges nothing but what is the same to the byte."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.expr import Checked, Environment
from engine.model.graph import Expression, FlowGraph
from engine.project import exploring
from engine.simulate.cases import invariants
from engine.simulate.explore import Bounds, Given
from engine.simulate.explore import search as search_module
from engine.simulate.explore.likeness import Likeness
from engine.simulate.explore.moves import AnyMove
from engine.simulate.explore.search import Search
from engine.simulate.explore.situation import Left, Situation
from engine.simulate.explore.taken import Taken
from engine.simulate.explore.taking import Taking
from tests.architecture.source import ROOT
from tests.playbooks.machine import compiled

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_MOST = 1_500

ASK = """
  {name}:
    ask: {{prompt: "Press 1 or 2.", digits: {{max: 1}}, choices: {{one: {{keys: ["1"]}}, two: {{keys: ["2"]}}}}, attempts: 1}}
    next: {{one: {a}, two: {b}, otherwise: {c}}}
"""
HEARS_OUT = ASK.replace("attempts: 1", "attempts: 1, barge_in: false")
BRANCH = """
  {name}:
    branch:
      - {{if: "{condition}", next: {a}}}
      - {{else: {b}}}
    next: {{expression: {c}}}
"""
SET = """
  {name}:
    set: {{{var}: "{value}"}}
    next: {{otherwise: {a}, expression: {b}}}
"""
CONNECT = """
  {name}:
    connect: {{to: "+15550123", timeout: 5}}
    next: {{bridge_ended: {a}, busy: {b}, otherwise: {c}, failures: {c}}}
"""
WAIT = """
  {name}:
    wait: 1s
    next: {a}
"""
LAST = "\n  bye: {end: hangup}\n  over: {end: done}\n"
CONDITIONS = ("vars.n > 1", "vars.n == vars.m", "vars.m < 2", "vars.n + vars.m > 2")
VALUES = ("vars.n + 1", "vars.m", "1", "2")
KINDS = (ASK, HEARS_OUT, BRANCH, SET, CONNECT, WAIT)


@st.composite
def flows(draw: st.DrawFn) -> str:
    """Up to five steps, each of which leads on to a later one, so that all calls of it can be gone through."""
    size = draw(st.integers(2, 5))
    steps = ""
    for place in range(size):
        later = st.sampled_from([*(f"s{one}" for one in range(place + 1, size)), "bye", "over"])
        filled = draw(st.sampled_from(KINDS)).format(
            name=f"s{place}",
            a=draw(later),
            b=draw(later),
            c=draw(later),
            var=draw(st.sampled_from("nm")),
            value=draw(st.sampled_from(VALUES)),
            condition=draw(st.sampled_from(CONDITIONS)),
        )
        steps += filled
    return "vars: {n: 0, m: 0}\nstart: s0\nsteps:" + steps + LAST


TWICE = (
    """
start: s0
steps:
  s0:
    connect: {to: "+15550123", timeout: 5}
    next: {bridge_ended: s1, busy: bye, otherwise: over}
  s1:
    play: "Again."
    next: bye
"""
    + LAST
)
COMPARED = (
    """
vars: {n: 0, m: 0}
start: s0
steps:
  s0:
    ask: {prompt: "Press a key.", digits: {max: 1}, choices: {one: {keys: ["7"]}, two: {keys: ["8"]}}, attempts: 1}
    next: {one: s1, two: s2, otherwise: bye}
  s1: {set: {n: "7"}, next: s3}
  s2: {set: {n: "8"}, next: s3}
  s3: {set: {m: "7"}, next: s4}
  s4: {play: "A moment.", next: s5}
  s5:
    branch:
      - {if: vars.n == vars.m, next: bye}
      - {else: over}
"""
    + LAST
)
HEARD_OUT = (
    """
start: s0
steps:
  s0:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1, barge_in: false}
    next: {one: bye, otherwise: over}
"""
    + LAST
)
OUTBOUND = (
    """
outbound: {from: "+15550100"}
start: who
steps:
  who:
    detect: {type: machine, timeout: 10}
    next: {human: bye, machine: over, otherwise: over}
"""
    + LAST
)


HELD = (
    "or(steps.s0.outcome, '') == '' || or(steps.s1.outcome, '') != 'one'",
    "!(or(steps.s2.outcome, '') == 'two' && or(steps.s1.outcome, '') in ['', 'busy'])",
    "or(steps.s1.outcome, '') != 'done' || vars.n > 1 || or(steps.s3.outcome, '') == ''",
    "vars.m == 2 || (vars.n == 2) == (or(steps.s0.outcome, '') == 'done')",
    "run.end_reason == 'done' || or(steps.s3.outcome, 'none') != steps.s2.outcome",
)


def searched(graph: FlowGraph, faults: int, slow: int, held: tuple[Expression, ...] = ()) -> Search:
    search = Search(graph, Given(faults=faults, slow=slow), held, Bounds(states=_MOST))
    search.run(lambda _: True)
    return search


def seen(search: Search) -> tuple[object, ...]:
    """Ways out of steps that were taken, ends, and laws that were broken."""
    covering = search.covering
    return covering._outcomes, {node.end for node in search.nodes}, {law for law, _ in search.found}


@pytest.mark.parametrize(("faults", "slow"), [(0, 0), (0, 1), (1, 0)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flow=flows())
def test_merging_hides_nothing_of_small_flows(flow: str, faults: int, slow: int) -> None:
    graph = compiled(flow)
    merged = searched(graph, faults, slow)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Likeness, "of", _all_of_it)
        whole = searched(graph, faults, slow)
    if len(whole.nodes) < _MOST:
        assert seen(merged) == seen(whole)
        assert len(merged.nodes) <= len(whole.nodes)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flow=flows())
def test_merging_hides_no_invariant_that_does_not_hold(flow: str) -> None:
    graph = compiled(flow)
    known = Environment(invariants.names(graph))
    held = tuple(one for one in map(known.compile, HELD) if isinstance(one, Checked))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_module, "_MOST_FOUND", 100)
        merged = searched(graph, 0, 0, held)
        patch.setattr(Likeness, "of", _all_of_it)
        whole = searched(graph, 0, 0, held)
    if len(whole.nodes) < _MOST:
        assert {why for _, why in merged.found} == {why for _, why in whole.found}


class Comparing(Search):
    """Keeps of what is merged the first, and what leads elsewhere from another."""

    def __init__(self, graph: FlowGraph, slow: int) -> None:
        super().__init__(graph, Given(faults=0, slow=slow), (), Bounds(states=_MOST))
        self.firsts: dict[bytes, Situation] = {}
        self.differ: list[tuple[AnyMove, Situation, Situation]] = []

    def _reached(self, before: int, at: Situation | None, move: AnyMove | None, taken: Taken) -> None:
        super()._reached(before, at, move, taken)
        other = taken.after
        first = self.firsts.setdefault(self._likeness.of(other), other)
        if first is not other and not other.is_over:
            both = [one for one in self._enabled.moves(first) if one in self._enabled.moves(other)]
            self.differ += [(one, first, other) for one in both if self._led(first, one) != self._led(other, one)]

    def _led(self, at: Situation, move: AnyMove) -> bytes:
        return self._likeness.face(Taking(self.graph, at).take(move).after)


@pytest.mark.parametrize("slow", [0, 1])
@pytest.mark.parametrize(
    "flow", [TWICE, COMPARED, OUTBOUND, HEARD_OUT], ids=["twice", "compared", "outbound", "heard_out"]
)
def test_a_move_leads_from_all_that_is_merged_to_the_same(flow: str, slow: int) -> None:
    search = Comparing(compiled(flow), slow)
    search.run(lambda _: True)
    assert search.covering.merged
    assert search.differ == []


@pytest.mark.parametrize("flow", [TWICE, COMPARED, OUTBOUND], ids=["twice", "compared", "outbound"])
def test_merging_hides_no_way(flow: str) -> None:
    graph = compiled(flow)
    merged = searched(graph, 0, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Likeness, "of", _all_of_it)
        whole = searched(graph, 0, 0)
    assert len(merged.nodes) < len(whole.nodes) < _MOST
    assert seen(merged) == seen(whole)


def test_what_is_far_off_comes_though_other_things_go_round_before() -> None:
    """The call is looked up every half minute while it is away; after ten minutes the queue gives up."""
    path = ROOT / "flows" / "lib" / "wait_for_claims.flow.yaml"
    found = exploring.run(path, faults=1, slow=1, bounds=Bounds(), goes_on=lambda _: True).explored
    assert found is not None
    assert (found.found, found.covered.untaken, found.covered.cut) == ((), (), 0)


def test_who_answers_and_the_hour_make_two_calls_of_one_beginning() -> None:
    path = ROOT / "flows" / "reminder.flow.yaml"
    found = exploring.run(path, faults=0, slow=0, bounds=Bounds(), goes_on=lambda _: True).explored
    assert found is not None
    assert (found.covered.unseen, found.covered.cut) == ((), 0)


def _all_of_it(likeness: Likeness, at: Situation, left: Left | None = None) -> bytes:
    return _encode(at if left is None else msgspec.structs.replace(at, left=left))
