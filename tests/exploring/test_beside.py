"""What goes on beside a call, what SWML has left behind, how long a landing has left: merged as far as nothing that may follow asks for
it, held against a search that merges nothing but what is the same to the byte."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model.graph import FlowGraph
from engine.simulate.explore import Bounds, Given, likeness
from engine.simulate.explore.enabled import Enabled
from engine.simulate.explore.likeness import Likeness
from engine.simulate.explore.search import Search
from tests.exploring.test_likeness import ASK, BRANCH, LAST, SET, _all_of_it, seen
from tests.exploring.test_scenes import UNSHRUNK
from tests.playbooks.machine import compiled

_MOST = 2_500

TAPES = {
    "record": "record: {initial_timeout: 0, end_silence_timeout: 2, max_length: 9, terminators: '#'}",
    "transcribe": "transcribe: {}",
    "detect": "detect: {type: fax, timeout: 6}",
    "collect": "collect: {digits: {max: 1}, initial_timeout: 6, start_input_timers: true}",
}
READ = {
    "record": (
        "or(steps.tape.duration, 0.0) < 4.0",
        "or(steps.tape.url, '') != '' && or(steps.tape.duration, 9.0) > 2.0",
    ),
    "transcribe": ("or(steps.tape.code, '') == ''", "vars.n > 0 || or(steps.tape.code, 'none') != 'yes'"),
    "detect": ("or(steps.tape.event, '') == ''", "vars.m > 0 && or(steps.tape.type, '') == 'fax'"),
    "collect": ("or(steps.tape.digits, '') == '1'", "vars.n > 0 && or(steps.tape.digits, '') != ''"),
}
SPEAK = """
  {name}:
    ask: {{prompt: "Say yes.", speech: {{}}, choices: {{one: {{phrases: ["yes"]}}, two: {{phrases: ["no"]}}}}, attempts: 1}}
    next: {{one: {a}, two: {b}, otherwise: {c}}}
"""
WAIT = """
  {name}:
    wait: {{handle: tape, timeout: 1s}}
    next: {{otherwise: {a}, failures: {b}}}
"""
UNTIL = """
  {name}:
    play: "A word that is a little longer."
    until: tape
    next: {a}
"""
AWAY = """
  {name}:
    excursion:
      swml: {{version: 1.0.0, sections: {{main: [{{set: {{seen: "%{{vars.left}}"}}}}, {{set: {{left: "{value}"}}}}, {{return: []}}]}}}}
      outcomes: [done, other]
      deadline: 20s
    next: {{done: {a}, otherwise: {b}, failures: {c}}}
"""


@st.composite
def flows(draw: st.DrawFn) -> str:
    verb = draw(st.sampled_from(sorted(TAPES)))
    kinds = [
        ASK,
        SPEAK,
        BRANCH,
        SET,
        *([WAIT] if verb != "transcribe" else []),
        *([UNTIL] if verb == "collect" else []),
    ]
    size = draw(st.integers(1, 4))
    steps = f"\n  tape:\n    {TAPES[verb]}\n    background: true\n    next: {{accepted: s0, failures: s0}}\n"
    for place in range(size):
        later = st.sampled_from([*(f"s{one}" for one in range(place + 1, size)), "bye", "over"])
        steps += draw(st.sampled_from(kinds)).format(
            name=f"s{place}",
            a=draw(later),
            b=draw(later),
            c=draw(later),
            var=draw(st.sampled_from("nm")),
            value=draw(st.sampled_from(("vars.n + 1", "1", "2"))),
            condition=draw(st.sampled_from(READ[verb])),
        )
    return "vars: {n: 0, m: 0}\nstart: tape\nsteps:" + steps + LAST


def searched(graph: FlowGraph, faults: int, most: int = _MOST) -> Search:
    search = Search(graph, Given(faults=faults, slow=0), (), Bounds(states=most))
    search.run(lambda _: True)
    return search


def plain(graph: FlowGraph, faults: int) -> Search:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Likeness, "of", _all_of_it)
        patch.setattr(Enabled, "only", lambda *_: None)
        return searched(graph, faults)


@pytest.mark.parametrize("faults", [0, 1])
@settings(max_examples=30, deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flow=flows())
def test_merging_hides_nothing_of_what_goes_on_beside(flow: str, faults: int) -> None:
    graph = compiled(flow)
    whole = plain(graph, faults)
    if len(whole.nodes) < _MOST:
        merged = searched(graph, faults)
        assert seen(merged) == seen(whole)
        assert len(merged.nodes) <= len(whole.nodes)


LANDING = (
    """
start: menu
limits: {call: 2m, next: sorry}
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: menu, otherwise: bye}
  sorry:
    ask: {prompt: "Press 1 for more of this.", digits: {max: 1}, initial_timeout: 8, choices: {one: {keys: ["1"]}}, attempts: 3}
    next: {one: said, otherwise: bye}
  said:
    play: "Seven words are said to you here."
    next: again
  again:
    ask: {prompt: "Press 1.", digits: {max: 1}, initial_timeout: 20, choices: {one: {keys: ["1"]}}, attempts: 3}
    next: {one: late, otherwise: bye}
  late:
    ask: {prompt: "Press 1.", digits: {max: 1}, initial_timeout: 15, choices: {one: {keys: ["1"]}}, attempts: 2}
    next: {otherwise: bye}
"""
    + LAST
)


SLOWLY = LANDING.replace("Seven words are said to you here.", "Many words are said to you here. " * 14).replace(
    "attempts: 3}\n    next: {one: said", "attempts: 1}\n    next: {one: said"
)


def landed(flow: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Search, Search]:
    """With the time that a landing has left taken roughly, and exactly."""
    graph = compiled(flow)
    roughly = searched(graph, 0, 100_000)
    monkeypatch.setattr(likeness, "_due", lambda name, due_ms, now_ms: due_ms)
    exactly = searched(graph, 0, 100_000)
    assert (len(roughly._open), len(exactly._open)) == (0, 0)
    assert len(roughly.nodes) < len(exactly.nodes)
    return roughly, exactly


@pytest.mark.parametrize("flow", [LANDING, SLOWLY], ids=["quickly", "slowly"])
def test_how_long_a_landing_has_left_hides_nothing_but_where_it_is_cut_short(
    flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ways, ends, laws), (all_ways, all_ends, all_laws) = map(seen, landed(flow, monkeypatch))
    assert (ways, laws) == (all_ways, all_laws)
    assert isinstance(ends, set)
    assert ends | {"limit"} == all_ends


def test_landing_that_is_slow_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    roughly, _ = landed(SLOWLY, monkeypatch)
    assert "limit" in {node.end for node in roughly.nodes}
