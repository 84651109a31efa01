"""The law `same-end`, where a signal waits until the run may be interrupted: it finds the call where it is then."""

from pathlib import Path

import pytest

from engine.interpret import interrupting
from engine.interpret.turn import Turn
from engine.project import testing
from tests.exploring.test_orders import laws_of

QUEUES = """
flow: asks
language: 1
signals: {storm: {}}
vars: {rounds: 0}
start: queue
steps:
  queue:
    excursion: {swml: queue.yaml, outcomes: [served, gave_up], deadline: 4m}
    next: {served: bye, gave_up: round}
  round: {set: {rounds: vars.rounds + 1}, next: more}
  more: {branch: [{if: vars.rounds < 2, next: hold_on}, {else: bye}]}
  hold_on: {play: "Please stay with us.", next: queue}
  on_storm: {play: "A storm is coming.", next: resume}
  bye: {end: hangup}
handlers: {signal.storm: on_storm, error: bye, rejected: bye, lost: bye}
"""
SWML = """
version: 1.0.0
sections:
  main:
    - enter_queue: {queue_name: support, wait_time: 120}
    - switch:
        variable: queue_result
        case:
          connected: [{transfer: {dest: "${{ resume('served') }}"}}]
        default: [{transfer: {dest: "${{ resume('gave_up') }}"}}]
"""
STORM = """tests: asks
cases:
  a storm while the queue is slow:
    caller: [signal: storm, queue: failed]
    faults: [{late: update, by: 100ms}]
    expect: {laws: [same-end]}
"""
PLAYS = """
flow: asks
language: 1
signals: {storm: {}}
vars: {told: false}
start: music
steps:
  music: {play: "La la la la la.", background: true, next: rest}
  rest: {wait: 2s, next: look}
  look: {branch: [{if: vars.told, next: hold_on}, {else: bye}]}
  hold_on: {play: "Please stay with us.", next: bye}
  on_storm: {play: "A storm is coming.", next: resume}
  bye: {end: hangup}
handlers: {signal.storm: on_storm, error: bye, rejected: bye, lost: bye}
"""


def of_queues(folder: Path) -> tuple[list[str], list[str]]:
    """What does not hold, by exploring and by the case."""
    (folder / "swml").mkdir(exist_ok=True)
    (folder / "swml" / "queue.yaml").write_text(SWML, encoding="utf-8")
    found = laws_of(folder, faults=0, slow=1, flow=QUEUES)
    tests = folder / "asks.test.yaml"
    tests.write_text(STORM, encoding="utf-8")
    tested = testing.run(tests)
    tests.unlink()
    assert not tested.diagnostics, tested.diagnostics
    (result,) = tested.results
    return found, [one.law or one.message for one in result.failures]


def test_signal_that_waits_for_an_answer_finds_the_call_where_it_is_then(tmp_path: Path) -> None:
    """The queue has given up before the answer is there that says that the call has gone to it, or after."""
    assert of_queues(tmp_path) == ([], [])
    assert laws_of(tmp_path, faults=1, slow=1, flow=QUEUES) == []


def test_signal_that_is_lost_in_one_order_is_found(tmp_path: Path) -> None:
    """An engine that forgets what was put off when its step is over before it may come."""

    def forgets_between(turn: Turn) -> bool:
        if turn.entering is None:
            return take_up(turn)
        turn.put_off = ()
        return False

    take_up = interrupting.take_up
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interrupting, "take_up", forgets_between)
        assert of_queues(tmp_path) == (["same-end"], ["same-end"])


def test_signal_that_comes_at_one_place_and_leads_elsewhere_is_found(tmp_path: Path) -> None:
    """An engine in which it depends on what a playback has reported: the answer to it comes first, or its first webhook."""

    def happens(turn: Turn, event: str) -> None:
        happen(turn, event)
        turn.vars = {**turn.vars, "told": any(op.seen for op in turn.operations.values())}

    happen = interrupting._happen
    assert laws_of(tmp_path, faults=1, slow=1, flow=PLAYS) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interrupting, "_happen", happens)
        assert laws_of(tmp_path, faults=0, slow=1, flow=PLAYS) == ["same-end"]
