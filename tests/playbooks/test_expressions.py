"""Expressions that have no value when the call gets there: outcome `expression`, else `error` with that code."""

import pytest

from tests.playbooks.playbook import call

STEPS = {
    "play": 'play: "It is ${{ int(vars.text) }}."\n    next: {finished: bye',
    "collect": "collect: {digits: {max: '${{ int(vars.text) }}'}}\n    next: {digits: bye, otherwise: bye",
    "record": "record: {max_length: '${{ int(vars.text) }}'}\n    next: {finished: bye, no_input: bye",
    "ask": 'ask: {prompt: "${{ vars.text + string(int(vars.text)) }}", digits: {max: 1}}\n    next: {otherwise: bye',
    "ask_volume": "ask: {prompt: Hello, digits: {max: 1}, volume: '${{ int(vars.text) }}'}\n    next: {otherwise: bye",
    "set": "set: {count: int(vars.text)}\n    next: {done: bye",
    "redirect": 'redirect: {url: "https://swml.example.com/${{ int(vars.text) }}"}\n    next: {rejected: bye',
    "update": 'update: {url: "https://swml.example.com/${{ int(vars.text) }}"}\n    next: {accepted: bye',
}
FLOW = """
vars: {text: "x", count: 1}
start: first
steps:
  first:
    STEP}
  odd: {end: busy}
  broken: {end: error}
  bye: {end: hangup}
handlers: {error: broken}
"""


@pytest.mark.parametrize("step", STEPS)
def test_expression_without_value_is_the_outcome_that_the_step_names(step: str) -> None:
    p = call(FLOW.replace("STEP", f"{STEPS[step]}, expression: odd"))
    p.sent("calling.end", reason="busy").accepted()
    p.ended("busy")
    assert p.result("first")["outcome"] == "expression"


@pytest.mark.parametrize("step", STEPS)
def test_expression_without_value_is_an_error_otherwise(step: str) -> None:
    p = call(FLOW.replace("STEP", STEPS[step]))
    p.sent("calling.end", reason="error").accepted()
    p.ended("error")
    assert p.result("first")["outcome"] == "error"
    assert p.result("first")["code"] == "expression"


@pytest.mark.parametrize("number", ["1e300", "-5.0", "9223372036854775807"])
@pytest.mark.parametrize("param", ["initial_timeout", "volume"])
def test_expression_with_an_odd_number_is_no_surprise(number: str, param: str) -> None:
    """What is out of bounds is for the platform to refuse."""
    step = f"ask: {{prompt: Hello, digits: {{max: 1}}, {param}: '${{{{ {number} }}}}'}}\n    next: {{otherwise: bye"
    p = call(FLOW.replace("STEP", step))
    collect = p.sent("calling.collect")
    p.says("Hello")
    collect.rejected()
    p.sent("calling.play.stop")
    p.sent("calling.end").accepted()
    p.ended("rejected")


def test_timeout_of_any_length_is_bounded_by_the_call() -> None:
    step = "collect: {digits: {max: 1}, initial_timeout: 1e300, start_input_timers: true}\n    next: {otherwise: bye"
    p = call(FLOW.replace("STEP", step))
    p.sent("calling.collect").accepted()
    p.passes("60m").sent("calling.collect.stop")
    p.sent("calling.end").accepted()
    p.ended("limit")
