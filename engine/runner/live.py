"""A run as the process holds it: a state, a count, and what waits to be sent."""

from collections import deque

from anyio import CancelScope

from engine.model.commands import LookUpCall, SendCommand
from engine.model.graph import FlowGraph
from engine.model.state import RunState


class Live:
    """`events` counts the run's events, `durable` those that are in the journal; `outbox` are journalled
    commands that wait to be sent in order, `fetches` are under way beside them, by their seq. `held`: nothing of
    the outbox is sent yet, because the call is still being answered, or comes back. `arriving_until_ms`: so long
    the platform may not have run that document yet. `abandoned`: its beginning could not be journalled, so it has
    not begun, or the journal lets it go on no more."""

    __slots__ = (
        "abandoned",
        "arriving_until_ms",
        "due_ms",
        "durable",
        "events",
        "fetches",
        "graph",
        "held",
        "outbox",
        "sending",
        "state",
    )

    def __init__(self, graph: FlowGraph, state: RunState, events: int) -> None:
        self.graph = graph
        self.state = state
        self.events = self.durable = events
        self.outbox: deque[SendCommand | LookUpCall] = deque()
        self.fetches: dict[int, CancelScope] = {}
        self.sending = False
        self.held = False
        self.arriving_until_ms = 0
        self.abandoned = False
        self.due_ms: int | None = None
