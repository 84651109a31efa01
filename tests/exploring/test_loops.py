"""Steps that lead back to each other: what never ends by itself is found, whether anything is waited for or not."""

import pytest

from engine.simulate.explore import Bounds, Given, explore
from tests.playbooks.machine import compiled

AT_ONCE = """
start: hello
vars: {rounds: 0}
steps:
  hello: {play: "Hello.", next: count}
  count: {set: {rounds: "vars.rounds + 1"}, next: which}
  which:
    branch:
      - if: vars.rounds < 0
        next: bye
      - else: count
  bye: {end: hangup}
"""


AT_THE_START = AT_ONCE.replace("start: hello", "start: count")
BY_ITSELF = """
start: hello
steps:
  hello: {play: "Hello.", next: hello}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
ASKED = """
start: which
steps:
  which:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: well, otherwise: which}
  well: {play: "Well.", next: which}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""


MEANWHILE = """
start: welcome
steps:
  welcome:
    play: ["I did not hear a key.", "To have us call you back, press 1. To leave a message, press 2."]
    background: true
    next: book
  book:
    fetch: {url: "https://api.example.com/callbacks", timeout: 4s, retry: {times: 3, backoff: 500ms}}
    next: bye
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
"""The third attempt is made at the moment at which the second text begins."""


@pytest.mark.parametrize("flow", [AT_ONCE, AT_THE_START], ids=["later", "at the start"])
def test_loop_in_which_nothing_is_waited_for_is_found(flow: str) -> None:
    explored = explore(compiled(flow), Given(faults=0, slow=0))
    assert [one.breach.law for one in explored.found] == ["ends"]
    assert "nothing is waited for" in explored.found[0].breach.why


def test_loop_that_counts_to_its_end_is_none() -> None:
    counted = AT_ONCE.replace("vars.rounds < 0", "vars.rounds >= 15")
    assert explore(compiled(counted), Given(faults=0, slow=0)).passed


def test_loop_that_would_count_to_its_end_comes_to_its_limit_before() -> None:
    counted = AT_ONCE.replace("vars.rounds < 0", "vars.rounds >= 200")
    assert [one.breach.law for one in explore(compiled(counted), Given(faults=0, slow=0)).found] == ["ends"]


@pytest.mark.parametrize(("flow", "step"), [(BY_ITSELF, "hello"), (ASKED, "which")], ids=["by itself", "asked"])
def test_loop_that_only_a_hang_up_or_a_limit_ends_is_found(flow: str, step: str) -> None:
    explored = explore(compiled(flow), Given(faults=0, slow=0))
    assert [one.breach.why for one in explored.found] == [
        f"from `{step}` on, nothing but hanging up, or a limit, ends the call"
    ]


def test_loop_is_found_though_the_search_is_cut_off() -> None:
    """What a caller comes to first is gone through whole; the counter behind the other key never comes round."""
    both = """
vars: {rounds: 0}
start: which
steps:
  which:
    ask: {prompt: "Press 1 or 2.", digits: {max: 1}, choices: {one: {keys: ["1"]}, two: {keys: ["2"]}}, attempts: 1}
    next: {one: hello, two: count, otherwise: bye}
  hello: {play: "Hello.", next: hello}
  count: {set: {rounds: "vars.rounds + 1"}, next: again}
  again: {wait: 1s, next: told}
  told:
    branch:
      - if: vars.rounds > 100
        next: bye
      - else: count
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""
    explored = explore(compiled(both), Given(faults=0, slow=0), bounds=Bounds(visits=3))
    assert explored.covered.cut
    assert [one.breach.why for one in explored.found] == [
        "from `hello` on, nothing but hanging up, or a limit, ends the call"
    ]


def test_loop_that_a_step_bounds_itself_is_none() -> None:
    bounded = BY_ITSELF.replace('play: "Hello.", next', 'visits: {max: 3, next: bye}, play: "Hello.", next')
    assert explore(compiled(bounded), Given(faults=0, slow=0)).passed


def test_text_that_begins_while_something_else_is_waited_for_stops_no_time() -> None:
    assert explore(compiled(MEANWHILE), Given(faults=0, slow=0)).passed
