"""What a run keeps of its steps: it stays small however long the call, and forgets nothing that is still read.

Every playbook is also played beside by a run that forgets (`machine.py`), so here is what it has forgotten."""

from pathlib import Path
from typing import Any

import pytest

from engine.interpret import advance
from engine.model.codec import decode_state, encode
from engine.model.commands import SendCommand
from engine.model.events import Fetched, OperationReported, TimePassed
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId
from tests.playbooks.machine import compiled
from tests.playbooks.playbook import Playbook, call
from tests.playbooks.straight import ASK, flows, largest_of, straight

HERE = Path(__file__).parent


@pytest.mark.parametrize("flow", flows().values(), ids=flows())
def test_straight_flow_of_300_steps_stays_far_below_8_kb(flow: str) -> None:
    state, largest = largest_of(flow)
    assert state.steps == 301
    assert largest < 4_000


def test_300_answers_that_are_all_sent_at_the_end_are_kept_by_what_is_read() -> None:
    read = ", ".join(f'"${{{{ steps.survey_question_{n}.value }}}}"' for n in range(300))
    fetch = f'fetch: {{method: POST, url: "${{{{ uses.api }}}}/survey", json: {{answers: [{read}]}}}}'
    last = f"    {fetch}\n    next: {{ok: over, otherwise: over}}\n  over: {{end: hangup}}"
    ask = ASK.replace("otherwise: bye", "otherwise: over")
    state, largest = largest_of(straight(ask, times=300, last=last, head="uses: {api: url}\n"))
    assert state.end_reason == "hangup"
    assert largest < 16_000


def results(p: Playbook) -> dict[str, Any]:
    return p.beside.state.frame.results


def test_only_the_fields_that_are_read_are_kept() -> None:
    p = call("""start: number
steps:
  number:
    ask: {prompt: "Your number?", digits: {max: 1}}
    next: {digits: hold, otherwise: bye}
  hold: {wait: 5s, next: tell}
  tell: {play: "It is ${{ steps.number.value }}.", next: bye}
  bye: {end: hangup}
""")
    p.unnamed.clear()
    p.report("number", "collect", "digit", digits="4")
    p.unnamed.clear()
    assert results(p) == {"number": {"value": "4"}}
    p.passes("5s")
    p.says("It is 4.")
    p.report("tell", "play", "finished")
    p.unnamed.clear()
    assert results(p) == {}


def test_what_a_handler_reads_is_kept_to_the_end() -> None:
    p = call("""start: number
handlers: {hangup: gone}
vars: {last: none}
steps:
  number:
    ask: {prompt: "Your number?", digits: {max: 1}, attempts: 1}
    next: {digits: hold, otherwise: bye}
  hold: {wait: 1m, next: bye}
  bye: {play: "Bye.", next: over}
  over: {end: hangup}
  gone: {set: {last: "or(steps.number.value, 'nothing')"}, next: done}
  done: {end: done}
""")
    p.unnamed.clear()
    p.report("number", "collect", "digit", digits="4")
    p.unnamed.clear()
    p.call_state("ended", end_reason="hangup")
    assert p.beside.state.frame.vars == {"last": "4"}


def test_older_result_of_a_loop_is_forgotten_before_the_step_that_replaces_it() -> None:
    p = call("""start: number
steps:
  number:
    ask: {prompt: "Your number?", digits: {max: 1}, attempts: 1}
    next: {digits: tell, otherwise: number}
  tell: {play: "It is ${{ steps.number.value }}.", next: number}
""")
    p.unnamed.clear()
    p.report("number", "collect", "digit", digits="4")
    p.unnamed.clear()
    assert results(p) == {"number": {"value": "4"}}
    p.report("tell", "play", "finished")
    p.unnamed.clear()
    assert results(p) == {}


def _old() -> FlowGraph:
    return compiled((HERE / "data" / "state_of_engine_1.flow.yaml").read_text(encoding="utf-8"))


def test_state_of_an_older_engine_goes_on() -> None:
    """Written by engine 1: visits by the names of steps, all results whole. The step `look` asks; `menu` was visited twice."""
    graph, state = _old(), decode_state((HERE / "data" / "state_of_engine_1.msgpack").read_bytes())
    assert state.frame.visits == {"menu": 2, "tell": 1, "look": 1}
    done = advance(graph, state, TimePassed(at_ms=state.at_ms))
    assert done.state.frame.results["menu"]["value"] == "4"
    (asked,) = state.pending
    answer = Fetched(at_ms=state.at_ms, seq=asked.seq, kind="replied", status=200, body={"name": "Ann"})
    done = advance(graph, done.state, answer)
    (told,) = done.commands
    assert isinstance(told, SendCommand)
    assert told.params["play"][0]["params"]["text"] == "Hello, Ann. It was 4."
    assert told.control_id is not None
    report = OperationReported(at_ms=state.at_ms, control_id=told.control_id, verb="play", mark="finished")
    done = advance(graph, decode_state(encode(done.state)), report)
    collect = next(one for one in done.commands if isinstance(one, SendCommand))
    assert collect.control_id == ControlId(f"{state.run_id}.0.menu.3.1.collect"), "the third visit of `menu`"
    assert "menu" not in done.state.frame.visits, "it counts under one key"
