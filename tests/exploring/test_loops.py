"""Steps that lead back to each other at once: the search ends, and says so."""

from engine.simulate.explore import Given, explore
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


def test_loop_in_which_nothing_is_waited_for_is_found() -> None:
    explored = explore(compiled(AT_ONCE), Given(faults=0, slow=0))
    assert [one.breach.law for one in explored.found] == ["ends"]
    assert "nothing is waited for" in explored.found[0].breach.why


def test_loop_that_counts_to_its_end_is_none() -> None:
    counted = AT_ONCE.replace("vars.rounds < 0", "vars.rounds >= 200")
    assert explore(compiled(counted), Given(faults=0, slow=0)).passed
