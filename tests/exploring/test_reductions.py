"""What is left out of the search leaves nothing out: it is held against one without that, and against simulated calls."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.exchange.caller import HangsUp, Hears, Line, Presses
from engine.exchange.faults import Fault
from engine.model.graph import FlowGraph
from engine.simulate import idle
from engine.simulate.call import _Call
from engine.simulate.explore import Bounds, Given, tidying
from engine.simulate.explore.endless import endless
from engine.simulate.explore.search import Search
from engine.simulate.explore.situation import Left, Situation, Underway
from engine.simulate.explore.tidying import Work
from engine.simulate.scenario import Scenario
from tests.playbooks.machine import compiled

SMALL = (Path(__file__).parent / "flows" / "small.flow.yaml").read_text(encoding="utf-8")
BACKGROUND = """
start: listen
steps:
  listen:
    collect: {digits: {max: 1}, initial_timeout: 5, start_input_timers: false, send_start_of_input: true}
    background: true
    next: prompt
  prompt:
    play: "Press a key."
    until: listen
    next: arm
  arm:
    collect.start_input_timers: listen
    next: result
  result:
    wait: {handle: listen, timeout: 20s}
    next: {digits: message, otherwise: bye}
  message:
    record: {beep: true, max_length: 20}
    next: bye
  bye: {end: hangup}
"""
FLOWS = pytest.mark.parametrize("flow", [SMALL, BACKGROUND], ids=["asking", "background"])


def searched(flow: str, faults: int = 1, slow: int = 1) -> Search:
    """Everything, with nothing cut off and nothing found."""
    search = Search(compiled(flow), Given(faults=faults, slow=slow), (), Bounds())
    explored = search.run(lambda _: True)
    assert (explored.covered.cut, explored.found) == (0, ())
    return search


def places(search: Search) -> tuple[set[bytes], set[str]]:
    """Where calls come to rest, and how they end."""
    return {node.face for node in search.nodes if node.quiet}, {node.end for node in search.nodes}


@FLOWS
@pytest.mark.parametrize("faults", [0, 1])
def test_what_changes_nothing_may_come_at_once(flow: str, faults: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reduced = searched(flow, faults=faults)

    def never(work: Work, sent: Underway) -> None:
        """No answer comes at once."""

    monkeypatch.setattr(idle, "is_idle", lambda run, event: False)
    monkeypatch.setattr(tidying, "read_at_once", never)
    whole = searched(flow, faults=faults)
    assert places(reduced) == places(whole)
    assert len(whole.nodes) > len(reduced.nodes)


@FLOWS
def test_more_that_is_slow_leads_nowhere_else(flow: str) -> None:
    one, three = searched(flow, faults=0), searched(flow, faults=0, slow=3)
    assert places(one)[0] <= places(three)[0]
    assert places(one)[1] == places(three)[1]


class Watched(_Call):
    """Keeps where the call stands whenever nothing is under way."""

    def __init__(self, graph: FlowGraph, scenario: Scenario) -> None:
        super().__init__(graph, scenario)
        self.rests: list[Situation] = []

    def _settle(self) -> None:
        super()._settle()
        if not self.inbox and not self.sender._busy and not self.sender._waiting and not self.exchange.outbox:
            at = Situation(
                now_ms=self.now_ms, run=self.state, exchange=self.exchange, left=Left(faults=0, slow=0, limits=0)
            )
            self.rests.append(at)


ACTS = st.lists(st.sampled_from(("1", "2", "9", "73", "hangs up", "listens")), max_size=6)
FAULTS = st.sampled_from(
    (
        None,
        Fault(kind="play.finished", do="drop"),
        Fault(kind="play.finished", do="duplicate"),
        Fault(kind="collect.digit", do="drop"),
        Fault(kind="calling.play", do="422"),
        Fault(kind="calling.collect", do="500"),
    )
)
_SEARCHED: dict[str, tuple[Search, set[bytes]]] = {}


@settings(max_examples=60, deadline=None)
@given(ACTS, FAULTS)
def test_where_a_simulated_call_rests_the_search_has_been(acts: list[str], fault: Fault | None) -> None:
    search, reached = _all_of(SMALL)
    call = Watched(search.graph, Scenario(script=script(acts), faults=(fault,) if fault else ()))
    call.whole()
    assert call.rests
    for at in call.rests:
        assert search._likeness.face(at) in reached, at.run.frame


def script(acts: list[str]) -> tuple[Line, ...]:
    """One act for each prompt, as it begins."""
    lines: list[Line] = []
    for act in acts:
        lines.append(Hears(text=" "))
        if act == "hangs up":
            lines.append(HangsUp())
        elif act != "listens":
            lines.append(Presses(digits=act))
    return tuple(lines)


def _all_of(flow: str) -> tuple[Search, set[bytes]]:
    if flow not in _SEARCHED:
        search = searched(flow)
        assert search.graph == endless(compiled(flow))
        _SEARCHED[flow] = search, places(search)[0]
    return _SEARCHED[flow]
