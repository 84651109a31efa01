"""return: the end of a flow that others call, also where nobody has called it."""

from tests.playbooks.playbook import call

ALONE = """
start: hello
steps:
  hello: {play: "Hello.", next: back}
  back: {return: {outcome: greeted, with: {name: "${{ call.from }}"}}}
"""


def test_return_of_a_flow_that_nobody_called_hangs_up() -> None:
    p = call(ALONE)
    p.says("Hello.").accepted().report("hello", "play", "finished")
    p.sent("calling.end", reason="hangup").accepted()
    p.ended("done")


def test_return_field_without_a_value_is_an_error_of_the_called_flow() -> None:
    inner = 'start: back\nsteps:\n  back: {return: {outcome: ok_now, with: {n: "${{ int(call.from) }}"}}}\n'
    outer = """
start: ask_it
steps:
  ask_it: {subflow: {flow: inner}, next: {ok_now: bye, error: sorry}}
  sorry: {end: busy}
  bye: {end: hangup}
"""
    p = call(outer.replace("call.from", "call.type"), inner=inner.replace("call.from", "call.type"))
    p.sent("calling.end", reason="busy").accepted()
    assert p.result("ask_it")["code"] == "expression"


def test_frames_below_one_another_return_through_all_of_them() -> None:
    deepest = "start: back\nsteps:\n  back: {return: {outcome: found, with: {what: gold}}}\n"
    middle = """
start: go_down
steps:
  go_down: {subflow: {flow: deepest}, next: up}
  up: {return: {outcome: found, with: {what: "${{ steps.go_down.what }}!"}}}
"""
    outer = """
start: go_down
steps:
  go_down: {subflow: {flow: middle}, next: tell}
  tell: {play: "${{ steps.go_down.what }}", next: bye}
  bye: {end: hangup}
"""
    p = call(outer, middle=middle, deepest=deepest)
    p.says("gold!").accepted().at("tell")
    assert p.state.frames == 2
