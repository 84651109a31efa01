"""What is entered: made from what an `ask` accepts, whatever its author has written there, and taken from the flow's cases."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.exchange.caller import Presses, Says
from engine.project import exploring
from engine.simulate.explore import Bounds, Explored, Given, explore, patterns
from engine.simulate.explore.moves import Does
from engine.simulate.explore.search import Search
from tests.playbooks.machine import compiled

RATES = """
start: rate
steps:
  rate:
    ask: {prompt: "How was it?", digits: {max: 9, terminators: "#"}, accept: 'ACCEPT', attempts: 1}
    next: {digits: well, no_match: bye, otherwise: bye}
  well: {play: "Thanks.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
PATTERNS = [
    r"^[1-5]$",
    r"^(0[1-9]|1[0-2])$",
    r"^9[0-9]{4}$",
    r"^\*[1-4]$",
    r"^(?:1\d{3}|2\d{5})$",
    r"^[^0]\d{3}$",
    r"^[0-9]+\*[0-9]+$",
    r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-9]{2}$",
    r"^(?!0000)\d{4}$",
    r"^(\d)\1$",
    r"^(?=.*5)[0-9]{3}$",
]
DAY = """
start: day
steps:
  day:
    ask: {prompt: "Which day?", speech: {}, accept: {speech: 'PATTERN'}, attempts: 1}
    next: {speech: well, no_match: bye, otherwise: bye}
  well: {play: "Thanks.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
AGE = """
start: age
steps:
  age:
    ask: {prompt: "How old are you?", digits: {max: 3}, accept: {if: "int(value) >= 1 && int(value) <= 120"}, attempts: 1}
    next: {digits: grown, no_match: bye, otherwise: bye}
  grown:
    branch:
      - if: int(steps.age.value) >= 67
        next: retired
      - else: young
  retired: {play: "Enjoy it.", next: bye}
  young: {play: "Go on.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
COLOURS = """
start: menu
steps:
  menu:
    ask: {prompt: "For colours, press 1.", digits: {max: 1}, choices: {colours: {keys: ["1"]}}, attempts: 1}
    next: {colours: pick, otherwise: bye}
  pick:
    subflow: {flow: pick}
    next: {red: red, blue: blue, none: bye}
  red: {play: "Red.", next: bye}
  blue: {play: "Blue.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
PICK = """
start: menu
steps:
  menu:
    ask: {prompt: "Red or blue?", digits: {max: 1}, choices: {red: {keys: ["5"]}, blue: {keys: ["6"]}}, attempts: 1}
    next: {red: red, blue: blue, otherwise: none}
  red: {return: red}
  blue: {return: blue}
  none: {return: none}
"""
HANDED = """
start: listen
steps:
  listen:
    collect: {digits: {max: 2}, start_input_timers: true, initial_timeout: 10}
    background: true
    next: talk
  talk:
    subflow: {flow: talk, with: {keys: listen}}
    next: {right: right, wrong: bye}
  right: {play: "That is it.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
TALK = """
start: hear
inputs: {keys: {type: handle, of: collect}}
steps:
  hear:
    wait: {handle: keys, timeout: 20s}
    next: {digits: compare, otherwise: wrong}
  compare:
    branch:
      - if: steps.hear.digits == '42'
        next: right
      - else: wrong
  right: {return: right}
  wrong: {return: wrong}
"""


TWICE = """
uses: {service: url}
start: known
steps:
  known:
    fetch: {method: GET, url: "${{ uses.service }}", timeout: 4s, returns: {pin: string}}
    next: {ok: new, otherwise: bye}
  new:
    ask: {prompt: "Your new PIN?", digits: {max: 6, terminators: "#"}, accept: '^[0-9]{6}$', attempts: 1}
    next: {digits: again, otherwise: bye}
  again:
    ask: {prompt: "Once more?", digits: {max: 6, terminators: "#"}, accept: '^[0-9]{6}$', attempts: 1}
    next: {digits: which, otherwise: bye}
  which:
    branch:
      - if: steps.again.value != steps.new.value
        next: differs
      - if: steps.new.value == steps.known.body.pin
        next: old
      - else: bye
  differs: {play: "They differ.", next: bye}
  old: {play: "That is your old one.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
KEYS = """
start: menu
steps:
  menu:
    ask:
      prompt: "The desk is on 1 and 2."
      digits: {max: 1}
      speech: {}
      choices: {desk: {keys: ["1", "2"], phrases: [desk, front desk]}}
      attempts: 1
    next: {desk: which, otherwise: bye}
  which:
    branch:
      - if: steps.menu.digits == '2'
        next: second
      - if: steps.menu.text == 'front desk'
        next: front
      - else: bye
  second: {play: "The second desk.", next: bye}
  front: {play: "The front desk.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""


def explored(flow: str, **lib: str) -> Explored:
    return explore(compiled(flow, **lib), Given(faults=0, slow=0))


def entered(flow: str) -> set[str]:
    search = Search(compiled(flow), Given(faults=0, slow=0), (), Bounds())
    search.run(lambda _: True)
    acts = [move.act for _, _, move in search.edges if isinstance(move, Does)]
    return {one.digits if isinstance(one, Presses) else one.text for one in acts if isinstance(one, Presses | Says)}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_entry_that_fits_and_one_that_does_not_are_made_from_the_pattern(pattern: str) -> None:
    flow = RATES.replace("ACCEPT", pattern)
    assert explored(flow).covered.untaken == ()
    assert len(entered(flow)) <= 6


@pytest.mark.parametrize("pattern", [r"day\b", "(?:mon|tues)day", r"^\w+ street [0-9]+$", "."])
def test_words_that_fit_are_made_from_the_pattern(pattern: str) -> None:
    found = explored(DAY.replace("PATTERN", pattern)).covered
    assert found.untaken == ()


def test_entries_on_each_side_of_what_conditions_compare_them_with_are_tried() -> None:
    assert explored(AGE).covered.untaken == ()
    assert len(entered(AGE)) <= 6


def test_entries_that_are_compared_with_each_other_and_with_a_reply_are_alike_and_are_not() -> None:
    found = explore(compiled(TWICE), Given(uses={"service": "https://example.com/service"}, faults=0, slow=0))
    assert (found.found, found.covered.unseen) == ((), ())


def test_keys_and_phrases_of_one_choice_that_conditions_tell_apart_are_tried() -> None:
    assert explored(KEYS).covered.unseen == ()


def test_choices_are_those_of_the_flow_that_asks() -> None:
    found = explored(COLOURS, pick=PICK)
    assert (found.found, found.covered.untaken) == ((), ())


def test_entry_that_a_subflow_waits_for_is_what_it_compares_with() -> None:
    assert explored(HANDED, talk=TALK).covered.unseen == ()


def test_entries_of_the_cases_are_tried_where_conditions_tell_them_apart(tmp_path: Path) -> None:
    flow, tests = tmp_path / "rates.flow.yaml", tmp_path / "rates.test.yaml"
    asked = RATES.replace("accept: 'ACCEPT'", 'accept: {if: "int(value) % 9973 == 17 && int(value) > 100000"}')
    flow.write_text("flow: rates\nlanguage: 1\n" + asked, encoding="utf-8")
    assert _unseen(flow) == ("well",)
    case = "  fits: {caller: [{hears: How}, {presses: '199477#'}], expect: {heard: [Thanks]}}\n"
    tests.write_text("tests: rates\ncases:\n" + case, encoding="utf-8")
    assert _unseen(flow) == ()


def _unseen(flow: Path) -> tuple[str, ...]:
    found = exploring.run(flow, faults=0, slow=0, bounds=Bounds(), goes_on=lambda _: True)
    assert found.explored is not None
    assert found.shown == ()
    return found.explored.covered.unseen


_PIECES = st.recursive(
    st.sampled_from(["[0-9]", "[2-5]", r"\d", "[^0]", "7", r"\*", "1?", "(?:12|3)"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        inner.map(lambda one: f"(?:{one}){{1,2}}"),
    ),
    max_leaves=6,
)


@given(_PIECES)
@settings(deadline=None, max_examples=60)
def test_of_every_pattern_that_keys_can_fit_there_is_a_text_that_does(piece: str) -> None:
    pattern = f"^{piece}$"
    made = patterns.fitting(pattern, patterns.KEYS, 40)
    assert made
    assert all(re.search(pattern, one) for one in made)
