"""Hypothesis strategies: anything that can come from outside, in any order, about real and foreign operations."""

from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from engine.model.events import (
    AnyEvent,
    CallLookedUp,
    CallStateReported,
    CancelRequested,
    CommandAnswered,
    DialSent,
    OperationReported,
    Resumed,
    TimePassed,
    UnknownReported,
)
from engine.model.ids import CallId, ControlId
from engine.model.limits import LANDING_GRACE_MS
from engine.model.state import Away
from tests.playbooks.machine import CALL_ID, Machine, arrived, requested

MARKS = {
    "play": ("playing", "paused", "finished", "error", "nonsense"),
    "collect": (
        *("collecting", "start_of_input", "partial", "digit", "speech"),
        *("no_input", "no_match", "finished", "error", "nonsense"),
    ),
    "record": ("recording", "paused", "finished", "no_input", "error", "nonsense"),
    "detect": ("human", "machine", "not_ready", "ready", "unknown", "finished", "error", "nonsense"),
    "tap": ("tapping", "finished", "error"),
    "stream": ("streaming", "finished", "error"),
    "transcribe": ("transcribing", "completed", "finished", "failed"),
    "refer": ("inprogress", "success", "busy", "error", "nonsense"),
    "dial": ("finished",),
    "ask": ("finished",),
    "call": ("ended",),
}
FIELDS: tuple[dict[str, Any], ...] = (
    {},
    {"value": "1", "digits": "1", "terminator": ""},
    {"value": "12", "digits": "12", "terminator": "#"},
    {"value": "", "digits": "", "terminator": "#"},
    {"value": "one", "text": "one", "confidence": 12.5},
    {"url": "https://recordings.example.com/1.mp3", "duration": 3.5, "size": 100, "format": "mp3"},
)
FOREIGN = ("someone.0.menu.1.1.play", "", "nonsense", "i.0.x.1.1.collect", "call")

PATIENCE_MS = 10 * 60_000
"""What our own hang-up, the handler of the caller's and the last look-ups may take."""


class Move(Struct, frozen=True):
    """Something that happens, said without knowing the run: `pick` chooses among what there is."""

    what: str
    pick: int
    fields: int
    later_ms: int

    def event(self, machine: Machine, ids: list[str], seqs: list[int]) -> AnyEvent:
        at_ms = machine.now_ms + self.later_ms
        return _BUILD[self.what](self, at_ms, ids, seqs)


def _chosen(move: Move, real: list[Any], foreign: tuple[Any, ...]) -> Any:
    """Mostly what is real, and of that mostly the newest."""
    if not real or move.pick % 5 == 4:
        return foreign[move.pick % len(foreign)]
    return real[-1 - (move.pick // 5) % len(real)]


def _report(move: Move, at_ms: int, ids: list[str], seqs: list[int]) -> AnyEvent:
    control = _chosen(move, ids, FOREIGN)
    verb = control.rpartition(".")[2] if move.pick % 11 else "record"
    marks = MARKS.get(verb, ("finished",))
    return OperationReported(
        at_ms=at_ms,
        control_id=ControlId(control),
        verb=verb,
        mark=marks[move.fields % len(marks)],
        fields=FIELDS[move.pick % len(FIELDS)],
    )


def _answer(move: Move, at_ms: int, ids: list[str], seqs: list[int]) -> AnyEvent:
    kinds = ("accepted", "accepted", "accepted", "rejected", "gone", "unavailable", "unknown")
    leg = {"id": CALL_ID, "node_id": "node"} if move.pick % 2 else {}
    return CommandAnswered(
        at_ms=at_ms,
        seq=_chosen(move, seqs, (0, 99, 12345)),
        kind=kinds[move.fields % len(kinds)],  # type: ignore[arg-type]
        http_status=(0, 200, 404, 422, 503)[move.pick % 5],
        leg=leg,
    )


def _state(move: Move, at_ms: int, ids: list[str], seqs: list[int]) -> AnyEvent:
    states = ("created", "ringing", "answered", "answered", "answered", "ending", "ended")
    return CallStateReported(
        at_ms=at_ms,
        call_state=states[move.fields % len(states)],  # type: ignore[arg-type]
        call_id=(CALL_ID, CALL_ID, CallId(""), CallId("another"))[move.pick % 4],
        end_reason=("", "hangup", "busy", "error")[move.pick % 4],
    )


def _looked_up(move: Move, at_ms: int, ids: list[str], seqs: list[int]) -> AnyEvent:
    found = ("answered", "answered", "unknown", "ringing", "ended")[move.fields % 5]
    return CallLookedUp(at_ms=at_ms, seq=_chosen(move, seqs, (0, 0, 777)), found=found)  # type: ignore[arg-type]


_BUILD = {
    "report": _report,
    "answer": _answer,
    "state": _state,
    "looked_up": _looked_up,
    "time": lambda move, at_ms, ids, seqs: TimePassed(at_ms=at_ms),
    "resumed": lambda move, at_ms, ids, seqs: Resumed(at_ms=at_ms, seq=move.pick),
    "unknown": lambda move, at_ms, ids, seqs: UnknownReported(at_ms=at_ms, event_type="", reason=""),
    "cancelled": lambda move, at_ms, ids, seqs: CancelRequested(at_ms=at_ms),
    "dial_sent": lambda move, at_ms, ids, seqs: DialSent(at_ms=at_ms),
    "arrived": lambda move, at_ms, ids, seqs: arrived(at_ms),
    "requested": lambda move, at_ms, ids, seqs: requested(at_ms),
}
_WEIGHTED = ("report",) * 8 + ("answer",) * 6 + ("time",) * 2 + tuple(_BUILD)

MOVES = st.lists(
    st.builds(
        Move,
        what=st.sampled_from(_WEIGHTED),
        pick=st.integers(0, 1000),
        fields=st.integers(0, 1000),
        later_ms=st.sampled_from((0, 0, 0, 1, 500, 7_000, 46_000, -60_000)),
    ),
    max_size=40,
)


def plays(machine: Machine, moves: list[Move]) -> None:
    """Feeds the moves, each about what the run has started and sent so far."""
    ids: list[str] = []
    seqs: list[int] = []
    for move in moves:
        ids[:] = [*ids, *(one for one in machine.state.operations if one not in ids)]
        seqs[:] = [*seqs, *(one.seq for one in machine.state.pending if one.seq not in seqs)]
        machine.feed(move.event(machine, ids, seqs))


def ends(machine: Machine) -> None:
    """Lets time pass until the run is over, which has to be before long."""
    latest_ms = machine.now_ms + machine.graph.limits.call_ms + LANDING_GRACE_MS + PATIENCE_MS
    for _ in range(2_000):
        if machine.is_over:
            return
        due_ms = machine.state.next_due_ms
        assert due_ms is not None
        if isinstance(machine.state.frame.doing, Away):  # which does not count to the call's limit
            latest_ms += max(0, due_ms - machine.now_ms)
        assert due_ms <= latest_ms, f"it goes on and on: {machine.path[-8:]}"
        machine.pass_until(due_ms)
    raise AssertionError(f"no end of timers: {machine.path[-8:]}")
