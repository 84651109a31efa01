"""set: all right sides are computed before the first variable changes."""

from tests.playbooks.playbook import call

FLOW = """
vars: {one: 1, two: 2, text: a}
start: swap
steps:
  swap:
    set: {one: vars.two, two: vars.one, text: "vars.text + vars.text"}
    next: %s
    visits: {max: 17, next: over}
  odd: {end: done}
  over: {end: done}
"""


def test_set_swaps_two_variables() -> None:
    p = call(FLOW % "over")
    p.ended("done")
    assert (p.var("one"), p.var("two"), p.var("text")) == (2, 1, "aa")


def test_set_failing_expression_changes_no_variable() -> None:
    p = call((FLOW % "{done: over, expression: odd}").replace("two: vars.one", "two: int(vars.text)"))
    assert p.path == ["swap", "odd"]
    assert p.var("one") == 1
    p.ended("done")


def test_set_of_more_than_a_state_may_hold_is_an_error() -> None:
    p = call((FLOW % "{done: swap, error: odd}").replace("text: a", "text: " + "a" * 1000))
    assert p.path[-1] == "odd"
    assert p.result("swap")["code"] == "state-too-large"
    assert len(p.written[-1]) < 64_000


def test_variable_without_an_initial_value_is_unset_until_it_is_set() -> None:
    p = call(
        """
vars: {name: {type: string}}
start: greet
steps:
  greet:
    play: "Hello, ${{ or(vars.name, 'stranger') }}."
    next: learn
  learn:
    set: {name: "'Ann'"}
    next: again
  again:
    play: "Hello, ${{ vars.name }}."
    next: bye
  bye: {end: hangup}
"""
    )
    p.says("Hello, stranger.").accepted()
    p.report("greet", "play", "finished").says("Hello, Ann.")
