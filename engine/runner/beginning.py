"""How runs begin, and how they are found again."""

import logging

from engine.interpret import start
from engine.model.errors import JournalError
from engine.model.events import CallArrived, StartEvent
from engine.model.graph import FlowGraph
from engine.model.ids import RunId
from engine.runner.batches import UNWRITABLE, Batch
from engine.runner.current import Current
from engine.runner.live import Live
from engine.runner.supervisor import Supervisor
from engine.runner.versions import Versions
from engine.webhook.intake import Unavailable

log = logging.getLogger("offhook.runner")
_ARRIVAL_MS = 2_000
"""Later than this after its document was fetched, a refusal has another reason than that it came too early."""


class Beginning:
    def __init__(self, current: Current, supervisor: Supervisor, versions: Versions) -> None:
        self._current = current
        self._supervisor = supervisor
        self._versions = versions
        self._starting: dict[RunId, tuple[Batch, Live]] = {}

    def find(self, run_id: RunId) -> Live | None:
        """The run, live or ended. `Unavailable` when the journal cannot be read."""
        try:
            return self._supervisor.find(run_id)
        except JournalError as error:
            raise unreadable(run_id, error) from None

    async def begun(self, run_id: RunId) -> None:
        """Somebody else may have just asked for the same run; it is there when it is in the journal."""
        if run_id in self._starting:
            await durable(*self._starting[run_id])

    def hold(self, live: Live) -> None:
        """Its document has to arrive before its commands do."""
        live.held = True
        live.arriving_until_ms = self._supervisor.clock.now_ms() + _ARRIVAL_MS

    async def start(self, graph: FlowGraph, event: StartEvent) -> Live:
        """Returns when the run is in the journal. `Unavailable` when it cannot begin."""
        if self._current.draining:
            raise Unavailable("the runner is about to stop")
        if not self._supervisor.writable:
            raise Unavailable(UNWRITABLE)
        done = start(
            graph,
            event,
            uses=self._versions.library.bindings(graph),
            presence_ms=self._current.environment.presence_ms,
        )
        live = Live(graph, done.state, 0)
        if isinstance(event, CallArrived):
            self.hold(live)
        run_id = done.state.run_id
        batch = self._supervisor.adopt(live, event, done)
        self._starting[run_id] = batch, live
        try:
            await durable(batch, live)
        except Unavailable:
            self._supervisor.refused_in_a_row += 1
            self._supervisor.abandon(live)
            raise
        finally:
            del self._starting[run_id]
        self._supervisor.refused_in_a_row = 0
        self._supervisor.meters.started[live.state.call.direction] += 1
        log.info("run started: flow %s", graph.flow, extra={"run": run_id})
        return live


async def durable(batch: Batch, live: Live) -> None:
    """Returns when what happened to the run is written. `Unavailable` when that failed."""
    await batch.written.wait()
    if (error := batch.why_not(live)) is not None:
        raise error


def unreadable(run_id: RunId, error: JournalError) -> Unavailable:
    log.error("run %s cannot be looked up: %s", run_id, error.message)
    return Unavailable("the journal cannot be read")
