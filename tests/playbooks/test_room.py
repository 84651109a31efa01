"""A run's state stays small, whatever comes from outside."""

import pytest

from engine.compile import compile_bundle
from engine.interpret import start
from engine.model.bundle import Bundle
from engine.model.codec import encode
from engine.model.events import CallArrived
from engine.model.ids import CallId
from engine.model.limits import MAX_KEPT, MAX_SPOKEN, MAX_STATE_BYTES
from tests.playbooks.playbook import Playbook, call

LONG = "blah " * 100_000
BIG = "x" * 40_000

ASK = """
start: menu
steps:
  menu:
    ask:
      prompt: "Say it."
      speech: {}
      attempts: 1
      ACCEPT
    next: {otherwise: bye}
  bye: {end: hangup}
"""
CONTINUOUS = """
start: listen
steps:
  listen:
    collect: {speech: {}, continuous: true, start_input_timers: true}
    background: true
    next: rest
  rest: {wait: 60s, next: bye}
  bye: {end: hangup}
"""
SUBFLOW = """
vars: {text: BIG}
start: check
steps:
  check:
    subflow: {flow: inner, with: {one: "${{ vars.text }}"}}
    next: {done: bye, error: odd}
  odd: {end: busy}
  bye: {end: hangup}
""".replace("BIG", BIG)
INNER = """
inputs: {one: {type: string}}
start: go
steps:
  go: {return: {outcome: done, with: {two: "VALUE"}}}
"""
EXCURSION = """
start: pay
steps:
  pay:
    excursion:
      swml: {sections: {main: [{transfer: {dest: "${{ resume('returned') }}"}}]}}
      returns: {receipt: string}
      deadline: 5m
    next: {returned: bye, error: odd}
  odd: {end: busy}
  bye: {end: hangup}
"""


def hangs_up(p: Playbook) -> None:
    p.sent("calling.end").accepted()


def size(p: Playbook) -> int:
    return len(encode(p.state))


def test_utterance_is_kept_up_to_its_limit_and_matches_nothing() -> None:
    p = call(ASK.replace("ACCEPT", "accept: {speech: blah}")).asks("Say it.")
    p.report("menu", "collect", "speech", text=LONG, value=LONG, confidence=90.0)
    p.sent("calling.play.stop")
    hangs_up(p)
    assert MAX_SPOKEN < len(p.result("menu")["text"]) == MAX_KEPT
    assert p.path == ["menu", "bye"]
    assert p.result("menu")["outcome"] == "no_match"
    assert size(p) < MAX_STATE_BYTES


def test_results_that_nobody_takes_are_bounded_by_their_size_too() -> None:
    p = call(CONTINUOUS)
    p.sent("calling.collect").accepted().at("rest")
    for n in range(60):
        p.report("listen", "collect", "speech", text=f"{n} {LONG}", value=LONG, confidence=90.0)
    unread = p.state.operations[p.control_id("listen", "collect")].unread
    assert unread[-1].fields["text"].startswith("59 ")
    assert size(p) < MAX_STATE_BYTES


def test_call_with_endless_headers_keeps_the_first() -> None:
    graph = compile_bundle(
        Bundle(
            "f", {"f.flow.yaml": b"flow: f\nlanguage: 1\nstart: a\nsteps: {a: {wait: 9s, next: b}, b: {end: hangup}}"}
        )
    ).graph
    assert graph is not None
    headers = {"X-First": "1"} | {f"X-{n}": "h" * 500 for n in range(1000)}
    arrived = CallArrived(at_ms=1, call_id=CallId("c"), to="+15550101", from_=LONG, headers=headers)
    state = start(graph, arrived).state
    assert state.call.headers["X-First"] == "1"
    assert len(state.call.from_) == MAX_KEPT
    assert len(encode(state)) < MAX_STATE_BYTES


def test_inputs_of_a_subflow_have_to_fit() -> None:
    p = call(SUBFLOW, inner=INNER.replace("VALUE", "short"))
    assert p.path == ["check", "odd"]
    hangs_up(p)
    assert p.result("check")["code"] == "state-too-large"
    assert size(p) < MAX_STATE_BYTES


@pytest.mark.parametrize(
    ("text", "path"), [("short", ["check", "inner/go", "bye"]), ("y" * 30_000, ["check", "inner/go", "odd"])]
)
def test_what_a_subflow_returns_has_to_fit(text: str, path: list[str]) -> None:
    p = call(SUBFLOW.replace(BIG, text), inner=INNER.replace("VALUE", "${{ inputs.one }}${{ inputs.one }}"))
    assert p.path == path
    hangs_up(p)
    assert size(p) < MAX_STATE_BYTES


def test_what_an_excursion_brings_has_to_fit() -> None:
    p = call(EXCURSION)
    p.sent("update").accepted()
    p.returns("pay", receipt=LONG)
    assert p.path == ["pay", "odd"]
    hangs_up(p)
    assert p.result("pay")["code"] == "state-too-large"
    assert size(p) < MAX_STATE_BYTES


def test_variables_and_results_share_the_room() -> None:
    p = call(
        """
vars: {text: BIG, more: a}
start: take
steps:
  take:
    subflow: {flow: inner, with: {one: a}}
    next: grow
  grow:
    set: {more: "vars.text + vars.text"}
    next: {done: bye, error: odd}
  odd: {end: busy}
  bye: {play: "${{ steps.take.two }}", next: over}
  over: {end: hangup}
""".replace("BIG", "x" * 20_000),
        inner=INNER.replace("VALUE", "y" * 20_000),
    )
    assert p.path[-1] == "odd"
    hangs_up(p)
    assert size(p) < MAX_STATE_BYTES
