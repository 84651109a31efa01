"""Budgets of visits: what is found is what the interpreter does, however often a step is come to."""

import pytest

from engine.expr import Checked, Environment
from engine.simulate import simulate
from engine.simulate.cases import invariants
from engine.simulate.explore import Bounds, Explored, Given, explore
from engine.simulate.explore.scripted import play
from tests.playbooks.machine import compiled

OFFERED = """
vars: {offers: 0}
start: menu
limits: {next: sorry}
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: offer, otherwise: bye}
  offer:
    visits: {max: 2, next: enough}
    set: {offers: "vars.offers + 1"}
    next: menu
  enough: {play: "Enough.", next: bye}
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
  over: {end: done}
handlers: {error: sorry, rejected: sorry, lost: sorry, hangup: over}
"""
COUNTED = """
vars: {rounds: 0}
start: hello
limits: {next: sorry}
steps:
  hello: {play: "Hello.", next: count}
  count: {set: {rounds: "vars.rounds + 1"}, next: which}
  which:
    branch:
      - if: vars.rounds < 3
        next: hello
      - else: bye
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
  over: {end: done}
handlers: {error: bye, rejected: bye, lost: bye, hangup: over}
"""
ROUND = """
start: hello
limits: {next: sorry}
steps:
  hello: {play: "Hello.", next: rate}
  rate:
    subflow: {flow: tariff, with: {minutes: 9}}
    next: {long: bye, short: sorry}
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
  over: {end: done}
handlers: {error: bye, rejected: bye, lost: bye, hangup: over}
"""
TARIFF = """
start: which
inputs: {minutes: {type: int}}
steps:
  which:
    visits: {max: 12, next: short}
    branch:
      - if: inputs.minutes >= 7
        next: long
      - else: short
  long: {return: long}
  short: {return: short}
"""


def explored(flow: str, invariant: str, visits: int = 8) -> Explored:
    graph = compiled(flow)
    checked = Environment(invariants.names(graph)).compile(invariant)
    assert isinstance(checked, Checked)
    bounds = Bounds(visits=visits)
    return explore(graph, Given(faults=0, slow=0), invariants=(checked,), bounds=bounds)


def test_step_is_not_entered_more_often_than_its_own_budget_allows() -> None:
    found = explored(OFFERED, "vars.offers <= 2")
    assert (found.found, found.covered.cut) == ((), 0)


def test_way_to_a_spent_budget_is_one_that_a_case_can_go() -> None:
    found = explored(OFFERED, "or(steps.enough.outcome, '') == ''").found
    played = play(compiled(OFFERED), Given(faults=0, slow=0), found[0].way)
    outcome = simulate(compiled(OFFERED), played.scenario)
    assert (outcome.vars["offers"], "enough" in outcome.path) == (2, True)


def test_budget_that_is_too_large_to_be_counted_is_used_up_all_the_same() -> None:
    found = explored(OFFERED.replace("max: 2", "max: 12"), "or(steps.enough.outcome, '') == ''", visits=4)
    assert found.found
    assert any(move.worn == "offer" for move in found.found[0].way.moves)


def test_loop_that_has_an_end_of_its_own_uses_up_no_budget() -> None:
    """The call's own time may be up, and leads there too."""
    ways = [one.way for one in explored(COUNTED, "or(steps.sorry.outcome, '') == ''").found]
    assert [move for way in ways for move in way.moves if move.worn] == []


def test_loop_without_one_does() -> None:
    endless = OFFERED.replace("    visits: {max: 2, next: enough}\n", "").replace("vars.offers + 1", "1")
    assert [one.breach.law for one in explored(endless, "or(steps.sorry.outcome, '') == ''").found] == ["invariant"]


def test_what_is_beyond_the_budget_of_the_flow_is_not_looked_at() -> None:
    found = explored(COUNTED.replace("next: sorry}", "visits: 2, next: sorry}"), "vars.rounds <= 2")
    assert (found.found, found.covered.why) == ((), "limits.visits")


@pytest.mark.parametrize("name", ["which", "hello"], ids=["a name of its own", "a name of the flow's"])
def test_steps_of_a_subflow_that_is_entered_and_left_within_one_event_use_up_nothing_of_the_flow(name: str) -> None:
    graph = compiled(ROUND, tariff=TARIFF.replace("which", name))
    found = explore(graph, Given(faults=1, slow=0))
    assert (found.found, found.covered.cut, found.covered.unseen) == ((), 0, ("tariff/short",))
