"""What is tried: of a connection, of a service and of the platform everything that they can give, and nothing else."""

from pathlib import Path

import pytest

from engine.project import exploring, testing
from engine.simulate.explore import Bounds, Explored, Given, explore
from engine.simulate.explore.moves import Replies
from engine.simulate.explore.search import Search
from tests.architecture.source import ROOT
from tests.playbooks.machine import compiled

CONNECTS = """
start: desk
steps:
  desk:
    connect: {to: "+15550123", timeout: 20}
    next: {bridge_ended: bye, busy: bye, no_answer: bye, declined: bye, failed: bye, rejected: bye, error: bye, lost: bye}
  bye: {end: hangup}
"""
LEAVES = """
start: desk
steps:
  desk: {redirect: {url: "https://example.com/desk"}}
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
handlers: {rejected: sorry, error: sorry, lost: sorry}
"""
ASKS = """
uses: {service: url}
start: lookup
steps:
  lookup:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {name: string}}
    next: {ok: bye, otherwise: bye}
  bye: {end: hangup}
"""
WAITS = """
signals: {first: {}, second: {}}
start: early
steps:
  early: {wait: {signal: first}, next: later}
  later: {wait: {signal: second}, next: thanks}
  thanks: {play: "Thanks.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
COUNTS = """
vars: {amount: 0}
start: ask
steps:
  ask:
    ask: {prompt: "How much?", digits: {max: 4, terminators: "#"}, attempts: 1}
    next: {digits: count, otherwise: bye}
  count:
    set: {amount: "int(steps.ask.value)"}
    next: {done: bye, expression: wrong}
  wrong: {play: "That is no number.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
HEARS = """
start: city
steps:
  city:
    ask: {prompt: "Which city?", speech: {}, attempts: 1}
    next: {speech: sure, otherwise: bye}
  sure:
    branch:
      - if: steps.city.confidence < 40.0
        next: unsure
      - if: steps.city.confidence >= 95.0
        next: certain
      - else: bye
  unsure: {play: "I am not sure.", next: bye}
  certain: {play: "Certainly.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
ACCEPTS = """
start: city
steps:
  city:
    ask: {prompt: "Which city?", speech: {}, accept: {if: "confidence > 97.0"}, attempts: 1}
    next: {speech: certain, otherwise: bye}
  certain: {play: "Certainly.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
TELLS = """
signals: {score: {points: int}}
start: score
steps:
  score: {wait: {signal: score, timeout: 5s}, next: {done: compare, timeout: bye}}
  compare:
    branch:
      - if: signal.points == 42
        next: found
      - else: bye
  found: {play: "That is it.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
LOOKS = """
start: look
steps:
  look:
    subflow: {flow: look}
    next: {known: which, unknown: bye}
  which:
    branch:
      - if: steps.look.tier == 'gold' && steps.look.n > 3
        next: gold
      - else: bye
  gold: {play: "Gold.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
LOOK = """
uses: {service: url}
start: get
steps:
  get:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {n: int, tier: string}}
    next: {ok: found, otherwise: none}
  found: {return: {outcome: known, with: {n: "${{ steps.get.body.n }}", tier: "${{ steps.get.body.tier }}"}}}
  none: {return: unknown}
"""
STOPS = TELLS.replace("signal.points", "steps.score.points")
RECKONS = """
uses: {service: url}
vars: {left: 0, rest: 0}
start: lookup
steps:
  lookup:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {used: int}}
    next: {ok: reckon, otherwise: bye}
  reckon: {set: {left: "90 - steps.lookup.body.used"}, next: again}
  again: {set: {rest: "vars.left - 5"}, next: which}
  which:
    branch:
      - if: vars.rest > 60
        next: much
      - if: vars.rest < 10
        next: little
      - else: bye
  much: {play: "Much.", next: bye}
  little: {play: "Little.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
WHO = """
start: which
steps:
  which:
    branch:
      - if: call.from == ''
        next: withheld
      - if: call.from.startsWith('+44')
        next: abroad
      - if: call.to == '+15550199'
        next: second
      - else: hello
  withheld: {play: "Who are you?", next: hello}
  abroad: {play: "Good evening.", next: hello}
  second: {play: "The second line.", next: hello}
  hello: {play: "Hello.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
MADE = """
uses: {service: url}
start: lookup
steps:
  lookup:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {code: string}}
    next: {ok: which, otherwise: bye}
  which:
    branch:
      - if: steps.lookup.body.code.matches('^[A-Z]{3}[0-9]+$')
        next: coded
      - if: size(steps.lookup.body.code) > 30
        next: long
      - else: bye
  coded: {play: "A code.", next: bye}
  long: {play: "A long one.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
LISTS = """
uses: {service: url}
start: lookup
steps:
  lookup:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {bills: [{id: int, state: string}]}}
    next: {ok: which, otherwise: bye}
  which:
    branch:
      - if: size(steps.lookup.body.bills) > 6
        next: many
      - if: steps.lookup.body.bills.exists(one, one.state == 'late')
        next: late
      - else: bye
  many: {play: "Many.", next: bye}
  late: {play: "Late.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
OWES = """
uses: {service: url}
start: lookup
steps:
  lookup:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {balance: int, zone: double, on: int}}
    next: {ok: which, otherwise: bye}
  which:
    branch:
      - if: steps.lookup.body.balance < -50
        next: blocked
      - if: steps.lookup.body.zone == (- 3.5)
        next: west
      - if: steps.lookup.body.on - 5 == 2
        next: soon
      - else: bye
  blocked: {play: "Blocked.", next: bye}
  west: {play: "West.", next: bye}
  soon: {play: "Soon.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
ANSWERS = {"422", "429", "500", "html", "hang", "execute_500", "execute_hang", "reset"}


def explored(flow: str, faults: int = 1) -> Explored:
    return explore(compiled(flow), Given(uses={"service": "https://example.com/service"}, faults=faults))


def test_every_outcome_of_a_connection_is_tried_but_a_refusal_that_no_single_fault_makes() -> None:
    covered = explored(CONNECTS).covered
    assert (covered.untaken, covered.cut) == (("desk: error",), 0)


def test_only_the_platform_loses_a_connection() -> None:
    assert set(explored(CONNECTS, faults=0).covered.untaken) == {"desk: error", "desk: rejected", "desk: lost"}


def test_every_fault_of_an_answer_is_tried() -> None:
    assert set(explored(CONNECTS).covered.faults) == ANSWERS


def test_a_service_gives_pages_json_of_another_shape_and_nothing() -> None:
    graph = compiled(ASKS)
    search = Search(graph, Given(faults=0, slow=0, uses={"service": "https://example.com/service"}), (), Bounds())
    search.run(lambda _: True)
    replies = [move.reply for _, _, move in search.edges if isinstance(move, Replies)]
    tried = {(one.kind, one.status, repr(one.body), one.text) for one in replies}
    assert {
        ("reply", 200, "{'name': '(text)'}", None),
        ("reply", 200, "'(text)'", None),
        ("reply", 200, "None", "<html>"),
        ("reply", 501, "None", ""),
        ("unreachable", 200, "None", None),
    } <= tried


def test_entry_that_is_no_number_is_tried_where_nothing_sees_to_it() -> None:
    assert explored(COUNTS, faults=0).covered.unseen == ()


def test_each_signal_comes_once() -> None:
    found = explored(WAITS, faults=0)
    assert (found.found, found.covered.unseen, found.covered.cut) == ((), (), 0)


def test_values_that_conditions_compare_with_come_with_signals() -> None:
    assert explored(TELLS, faults=0).covered.unseen == ()


@pytest.mark.parametrize(
    "flow",
    [STOPS, RECKONS, MADE, LISTS, WHO, OWES],
    ids=["waited for", "computed", "of a form", "in lists", "numbers", "negative"],
)
def test_values_that_conditions_compare_are_tried_by_whatever_way_they_come(flow: str) -> None:
    found = explored(flow, faults=0)
    assert (found.found, found.covered.unseen, found.covered.cut) == ((), (), 0)
    assert found.covered.usual <= 120


def test_values_that_a_subflow_returns_are_tried() -> None:
    graph = compiled(LOOKS, look=LOOK)
    found = explore(graph, Given(uses={"service": "https://example.com/service"}, faults=0, slow=0))
    assert (found.found, found.covered.unseen) == ((), ())


def test_who_calls_counts_no_more_when_nothing_asks_for_it() -> None:
    ends = []
    for flow in (
        WHO.replace("call.to", "call.type"),
        WHO.replace("call.to", "call.type").replace("call.from", "call.type"),
    ):
        search = Search(compiled(flow), Given(faults=0, slow=0), (), Bounds())
        search.run(lambda _: True)
        ends.append(sum(node.step == "hello" for node in search.nodes))
    assert ends[0] == ends[1]


def test_numbers_are_those_of_the_case_that_is_printed(tmp_path: Path) -> None:
    flow = tmp_path / "who.flow.yaml"
    flow.write_text("flow: who\nlanguage: 1\n" + WHO, encoding="utf-8")
    held = "tests: who\ninvariants: [\"or(steps.second.outcome, '') == ''\", \"call.from != ''\"]\ncases: {so: {expect: {ends: hangup}}}\n"
    flow.with_name("who.test.yaml").write_text(held, encoding="utf-8")
    found = exploring.run(flow, faults=0, slow=0, bounds=Bounds(), goes_on=lambda _: True)
    assert ["to: " in one.case or "from: " in one.case for one in found.shown] == [True, True]


@pytest.mark.parametrize("flow", [HEARS, ACCEPTS], ids=["after the step", "to accept it"])
def test_confidence_that_conditions_compare_with_is_tried(flow: str) -> None:
    assert explored(flow, faults=0).covered.unseen == ()


DECIDES = """
flow: decides
language: 1
inputs: {age: {type: int}, name: {type: string}, vip: {type: bool, default: false}}
uses: {mode: string, limit: int}
vars: {told: false}
start: which
steps:
  which:
    branch:
      - if: inputs.age >= 18 && inputs.name == 'Kim'
        next: grown
      - if: inputs.vip
        next: vip
      - if: inputs.age < uses.limit
        next: young
      - if: uses.mode == 'test'
        next: trial
      - else: bye
  grown: {play: "Hello.", next: bye}
  vip: {play: "Welcome.", next: bye}
  young: {play: "How are you?", next: bye}
  trial: {set: {told: "true"}, next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""


def test_inputs_and_uses_that_conditions_compare_with_are_tried_one_at_a_time(tmp_path: Path) -> None:
    flow = tmp_path / "decides.flow.yaml"
    flow.write_text(DECIDES, encoding="utf-8")
    tests = 'tests: decides\ninvariants: ["!vars.told"]\ncases:\n  so: {inputs: {age: 20}, uses: {limit: 18}, expect: {ends: hangup}}\n'
    flow.with_name("decides.test.yaml").write_text(tests, encoding="utf-8")
    found = exploring.run(flow, faults=0, slow=0, bounds=Bounds(), goes_on=lambda _: True)
    assert found.explored is not None
    assert found.explored.covered.unseen == ()
    (shown,) = found.shown
    assert "mode: test" in shown.case
    assert testing.run(flow.with_name("decides.test.yaml")).passed


def test_call_that_comes_to_its_end_elsewhere_was_taken_over() -> None:
    assert explored(LEAVES, faults=0).passed


def test_where_a_step_fails_its_author_says_how_the_call_ends() -> None:
    found = explored(LEAVES)
    assert (found.found, found.covered.ends, found.covered.cut) == ((), ("hangup", "redirected"), 0)


def test_pin_entry_is_explored_whole() -> None:
    path = ROOT / "flows" / "pin_entry.flow.yaml"
    found = exploring.run(path, faults=1, slow=0, bounds=Bounds(), goes_on=lambda _: True).explored
    assert found is not None
    assert (found.found, found.covered.unseen, found.covered.cut) == ((), (), 0)
