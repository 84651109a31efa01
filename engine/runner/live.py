"""A run as the process holds it: a state, a count, and what waits to be sent."""

import logging

from anyio import CancelScope

from engine.model.commands import LookUpCall, SendCommand
from engine.model.events import AnyEvent
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.serving.wordless import wordless

log = logging.getLogger("offhook.runner")


class Live:
    """`events` counts the run's events, `durable` those that are in the journal; `outbox` are journalled
    commands that wait to be sent in order, `fetches` are under way beside them, by their seq. `held`: nothing of
    the outbox is sent yet, because the call is still being answered, or comes back. `arriving_until_ms`: so long
    the platform may not have run that document yet. `abandoned`: its beginning could not be journalled, so it has
    not begun, or the journal lets it go on no more.

    For those who look on: `verb` is that of its step, entered at `since_ms` (0: not known), `decided_s` when its next
    command was decided."""

    __slots__ = (
        "abandoned",
        "arriving_until_ms",
        "decided_s",
        "due_ms",
        "durable",
        "events",
        "fetches",
        "graph",
        "held",
        "outbox",
        "sending",
        "since_ms",
        "state",
        "verb",
    )

    def __init__(self, graph: FlowGraph, state: RunState, events: int) -> None:
        self.graph = graph
        self.state = state
        self.events = self.durable = events
        self.outbox: list[SendCommand | LookUpCall] = []
        self.fetches: dict[int, CancelScope] = {}
        self.sending = False
        self.held = False
        self.arriving_until_ms = 0
        self.abandoned = False
        self.due_ms: int | None = None
        self.verb = ""
        self.since_ms = 0
        self.decided_s = 0.0

    @property
    def is_at_rest(self) -> bool:
        """All that happened is in the journal, and nothing is under way: what the journal has is all there is."""
        busy = self.outbox or self.fetches or self.sending or self.held or self.abandoned
        return self.durable == self.events and not busy


def fault(what: str, error: Exception, live: Live, event: AnyEvent | None = None) -> None:
    """A line about a fault of ours. Of a run with secret or private values only where it happened: what an exception says
    may quote them."""
    said = {"event": type(event).__name__} if event is not None else {}
    log.error(
        "a fault of ours, please report it; %s",
        what,
        exc_info=wordless(error) if live.graph.sealed else error,
        extra={**about(live), **said},
    )


def about(live: Live) -> dict[str, str]:
    """The fields of a log line about a run."""
    state = live.state
    return {"run": state.run_id, "call_id": state.call.call_id, "flow": live.graph.flow}
