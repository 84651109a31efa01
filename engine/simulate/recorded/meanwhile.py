"""What a candidate does by itself between two recorded events: its own timers, at their own moments.

A timer that the version of the call had just so is none of them: what came of it is in the record, when the runner fired it.
What only answers for lost webhooks, or follows from how long a text is, is no author's doing and is left to the record too.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from engine.interpret import guarded
from engine.model.advance import Advance
from engine.model.commands import Fetch
from engine.model.events import AnyEvent, Fetched, TimePassed
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId
from engine.model.state import Fetching, RunState

TOLERANCE_MS = 1_000
"""What came this soon after a timer may as well have come before it."""
_OF_THE_AUTHOR = ("step", "filler", "finally", "call")


class Asked(Struct, frozen=True, kw_only=True):
    """A request of the candidate's, and whether the version of the call gave it as much time."""

    request: Fetch
    at_ms: int
    is_alike: bool

    @property
    def due_ms(self) -> int:
        return self.at_ms + self.request.timeout_ms


def earliest(
    graph: FlowGraph, state: RunState, was: RunState, asked: Mapping[int, Asked], before_ms: int
) -> Advance | None:
    """What the earliest of the candidate's own timers does that is due well before the next event; None: there is none.
    `was` is the recorded run's state at the same place."""
    due = [(at_ms, name) for name, at_ms in state.timers.items() if _is_own(graph, state, was, name)]
    under_way = asked.get(_request(state))
    if under_way is not None and not under_way.is_alike:
        due.append((under_way.due_ms, ""))
    due_ms, name = min(due, default=(before_ms, ""))
    if due_ms + TOLERANCE_MS > before_ms or _nobody_was_there(was, due_ms):
        return None
    at_ms = max(due_ms, state.at_ms)
    if not name:
        return guarded(graph, state, Fetched(at_ms=at_ms, seq=_request(state), kind="timeout", code="timeout"))[0]
    return _fired(graph, state, name, TimePassed(at_ms=at_ms))


def _fired(graph: FlowGraph, state: RunState, name: str, event: AnyEvent) -> Advance:
    """This timer alone; the others stay."""
    others = {other: at_ms for other, at_ms in state.timers.items() if other != name}
    done = guarded(graph, replace(state, timers={name: state.timers[name]}), event)[0]
    return Advance(replace(done.state, timers={**others, **done.state.timers}), done.commands, done.trace)


def _is_own(graph: FlowGraph, state: RunState, was: RunState, name: str) -> bool:
    if was.timers.get(name) == state.timers[name]:
        return False
    if name == "step" and _request(state):
        return False  # how long its client is waited for; its own time counts
    return name in _OF_THE_AUTHOR or _is_deadline(graph, state, name)


def _is_deadline(graph: FlowGraph, state: RunState, name: str) -> bool:
    op = state.operations.get(ControlId(name))
    if op is None or op.stopping:
        return False
    step = graph.flow_of(op.flow).steps.get(op.step)
    return step is not None and bool(step.deadline_ms)


def _request(state: RunState) -> int:
    """The `seq` of the request that is waited for; 0: of none."""
    doing = state.frame.doing
    return doing.seq if isinstance(doing, Fetching) else 0


def _nobody_was_there(was: RunState, due_ms: int) -> bool:
    """Timers of the recorded run that were due long before had not been fired either."""
    return was.next_due_ms is not None and was.next_due_ms + TOLERANCE_MS < due_ms
