"""branch: the first condition that holds."""

import pytest

from tests.playbooks.playbook import call

FLOW = """
vars: {tries: %s, text: "%s"}
start: choose
steps:
  choose:
    branch:
      - if: vars.tries > 5
        next: many
      - if: int(vars.text) > 5
        next: high
      - else: low
    next: {expression: odd}
  many: {end: busy}
  high: {end: decline}
  low: {end: done}
  odd: {end: error}
"""


@pytest.mark.parametrize(
    ("tries", "text", "step"),
    [(6, "x", "many"), (1, "6", "high"), (1, "5", "low"), (1, "x", "odd"), (1, "", "odd")],
)
def test_branch_goes_where_the_first_condition_holds(tries: int, text: str, step: str) -> None:
    p = call(FLOW % (tries, text))
    assert p.path == ["choose", step]
    p.unnamed.clear()


def test_branch_sends_nothing() -> None:
    call(FLOW % (1, "5")).ended("done")
