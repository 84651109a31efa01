"""Requests of the HTTP side, as events of runs (`engine.webhook.intake.Intake`)."""

import logging
import secrets
from typing import Any

from engine.interpret import start
from engine.model.errors import JournalError
from engine.model.events import (
    CallArrived,
    CallReturned,
    RunRequested,
    SignalReceived,
    StartEvent,
    UnknownReported,
)
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId, RunId, inbound_run_id, outbound_run_id, run_of
from engine.project.environment import Environment
from engine.runner import requested
from engine.runner.batches import Batch
from engine.runner.library import Library
from engine.runner.live import Live
from engine.runner.supervisor import Supervisor
from engine.webhook.intake import Arrival, Refused, Reported, Unavailable
from engine.wire import swml
from engine.wire.callback_url import open_resume, open_token

log = logging.getLogger("offhook.runner")
_JOURNAL = "the journal cannot be written"


_ARRIVAL_MS = 2_000
"""Later than this after its document was fetched, a refusal has another reason than that it came too early."""
_DIAL_WAITS_S = 20
"""A dial waits this long for its turn at the most; the client gives it up a little later."""


class RunnerIntake:
    """`draining` is set when the runner is to stop: no new runs, the live ones go on."""

    def __init__(self, environment: Environment, supervisor: Supervisor, library: Library) -> None:
        self._environment = environment
        self._supervisor = supervisor
        self._library = library
        self._key = supervisor.journal.callback_key
        self._starting: dict[RunId, Batch] = {}
        self.draining = False

    def now_ms(self) -> int:
        return self._supervisor.clock.now_ms()

    def open_token(self, token: str) -> ControlId | None:
        return open_token(token, self._key)

    async def report(self, control_id: ControlId, event: Reported) -> bool:
        live = self._find(run_of(control_id))
        if live is None:
            return False
        if live.state.status == "ended":
            log.info("webhook after the end of its run", extra={"control_id": control_id})
        elif isinstance(event, UnknownReported):
            log.warning("webhook without effect: %s", event.reason, extra={"control_id": control_id})
        await _durable(self._supervisor.take(live, event))
        return True

    def _find(self, run_id: RunId) -> Live | None:
        try:
            return self._supervisor.find(run_id)
        except JournalError as error:
            log.error("run %s cannot be looked up: %s", run_id, error.message)
            raise Unavailable("the journal cannot be read") from None

    async def arrive(self, event: CallArrived) -> Arrival:
        flow = self._route(event.to)
        if flow is None:
            return Arrival(swml.NO_ROUTE_BYTES, _nothing)
        served = self._library.named(flow)
        if served is None:
            log.error("inbound call turned away: flow %s, the route of %s, cannot be served", flow, event.to)
            return Arrival(swml.UNSERVED_BYTES, _nothing)
        try:
            return await self._park(served.graph, event)
        except Unavailable as error:
            log.error("inbound call turned away: %s", error, extra={"call_id": event.call_id})
        except Exception:
            log.exception("inbound call turned away: a fault of ours", extra={"call_id": event.call_id})
        return Arrival(swml.BUSY_BYTES, _nothing)

    async def _park(self, graph: FlowGraph, event: CallArrived) -> Arrival:
        run_id = inbound_run_id(event.call_id)
        known = self._find(run_id)
        if known is None:
            live = await self._start(graph, event)
            return Arrival(swml.PARKING_BYTES, lambda: self._supervisor.release_held(live))
        if known.state.status == "ended":
            raise Unavailable("its run has ended, so nothing would drive it")
        log.info("its document was fetched again", extra={"run": run_id, "call_id": event.call_id})
        await self._begun(run_id)
        return Arrival(swml.PARKING_BYTES, _nothing)

    def _hold(self, live: Live) -> None:
        """Its document has to arrive before its commands do."""
        live.held = True
        live.arriving_until_ms = self.now_ms() + _ARRIVAL_MS

    def open_resume(self, token: str) -> tuple[ControlId, str] | None:
        return open_resume(token, self._key)

    async def come_back(self, event: CallReturned) -> Arrival:
        """The same request, sent again because its answer was lost, gets the same answer."""
        live = self._find(run_of(event.control_id))
        if live is None:
            raise Refused(404, "No such run.")
        state = live.state
        if event.call_id != state.call.call_id:
            raise Refused(403, "That way back is another call's.")
        if state.returned[0] == event.control_id and state.returned[1:] != (event.outcome, event.digest):
            raise Refused(410, "That way back was used already.")
        if state.status == "ended" or state.end_reason:
            log.warning("a call came back after its run had ended", extra={"run": state.run_id})
            return Arrival(swml.GOOD_BYE_BYTES, _nothing)
        self._hold(live)
        try:
            await _durable(self._supervisor.take(live, event))
        except Unavailable as error:
            log.error("a call that came back is turned away: %s", error, extra={"run": state.run_id})
            return Arrival(swml.BUSY_BYTES, lambda: self._supervisor.release_held(live))
        return Arrival(swml.PARKING_BYTES, lambda: self._supervisor.release_held(live))

    async def signal(self, run_id: str, name: str, payload: dict[str, Any]) -> None:
        live = self._find(RunId(run_id))
        if live is None:
            raise Refused(404, f"There is no run {run_id}.")
        declared = live.graph.signals.get(name)
        if declared is None:
            known = ", ".join(live.graph.signals) or "none"
            raise Refused(404, f"The flow {live.graph.flow} declares no signal `{name}`. Declared: {known}.")
        if live.state.status == "ended" or live.state.end_reason:
            raise Refused(409, f"The run is over: {live.state.end_reason}.")
        given = requested.payload(declared, payload)
        await _durable(self._supervisor.take(live, SignalReceived(at_ms=self.now_ms(), name=name, payload=given)))

    def _route(self, to: str) -> str | None:
        flow = self._environment.routes.get(to)
        if flow is None:
            log.warning("no route for %s; add it to the environment's `routes`", to or "a call without `to`")
        return flow

    async def _begun(self, run_id: RunId) -> None:
        """Somebody else has just asked for the same run; it is there when it is in the journal."""
        if run_id in self._starting:
            await _durable(self._starting[run_id])

    async def _start(self, graph: FlowGraph, event: StartEvent) -> Live:
        if self.draining:
            raise Unavailable("the runner is about to stop")
        if not self._supervisor.healthy:
            raise Unavailable(_JOURNAL)
        done = start(
            graph,
            event,
            uses=self._library.bindings(graph),
            presence_ms=self._environment.presence_ms,
        )
        live = Live(graph, done.state, 0)
        if isinstance(event, CallArrived):
            self._hold(live)
        run_id = done.state.run_id
        batch = self._starting[run_id] = self._supervisor.adopt(live, event, done)
        try:
            await _durable(batch)
        except Unavailable:
            self._supervisor.abandon(live)
            raise
        finally:
            del self._starting[run_id]
        log.info("run started: flow %s", graph.flow, extra={"run": run_id})
        return live

    async def request(self, *, flow: str, to: str, from_: str, inputs: dict[str, Any], key: str) -> RunId:
        served = self._library.named(flow)
        if served is None:
            known = ", ".join(self._library.names)
            raise Refused(404, f"There is no flow `{flow}` here. Served: {known}.")
        graph = served.graph
        caller = from_ or (graph.outbound.from_ if graph.outbound else "") or self._environment.outbound_from
        if not caller:
            raise Refused(400, "Nobody to call from: give `from`, or set the environment's `outbound.from`.")
        requested.check_number(to)
        given = requested.inputs(graph, inputs)
        run_id = outbound_run_id(key.encode() if key else secrets.token_bytes(16))
        earlier = self._find(run_id)
        if earlier is not None:
            await self._begun(run_id)
            began = self._first_event(earlier)
            requested.check_same(earlier.graph, began, flow=flow, to=to, from_=from_, inputs=given)
            return run_id
        self._check_queue()
        outbound = graph.outbound
        event = RunRequested(
            at_ms=self.now_ms(),
            run_id=run_id,
            to=to,
            from_=caller,
            inputs=given,
            ring_timeout_s=outbound.timeout_s if outbound else 60,
            max_price_per_minute=outbound.max_price_per_minute if outbound else None,
        )
        await self._start(graph, event)
        return run_id

    def _check_queue(self) -> None:
        """A dial that cannot go out soon is better asked for later than given up."""
        waiting = self._supervisor.dials_waiting
        waits_s = waiting / (self._environment.dials_per_s or 1.0)
        if waits_s >= _DIAL_WAITS_S:
            raise Refused(429, f"{waiting} calls wait to be dialled. Ask again in {round(waits_s)} seconds.")

    def _first_event(self, live: Live) -> RunRequested:
        try:
            first = next(iter(self._supervisor.journal.events_of(live.state.run_id)))
            event = self._supervisor.sealing.open_event(first.event, live.state.run_id, first.n)
        except JournalError as error:
            log.error("run %s cannot be looked up: %s", live.state.run_id, error.message)
            raise Unavailable("the journal cannot be read") from None
        assert isinstance(event, RunRequested), event
        return event

    def runs(self, limit: int) -> list[dict[str, Any]]:
        return [
            {
                "run": row.run_id,
                "flow": row.flow,
                "status": row.status,
                "started_ms": row.started_ms,
                "updated_ms": row.updated_ms,
                "end_reason": row.end_reason,
                "events": row.events,
            }
            for row in self._supervisor.journal.runs(limit=limit)
        ]

    def run(self, run_id: str) -> dict[str, Any]:
        try:
            row = self._supervisor.journal.run(run_id)
        except JournalError as error:
            raise Refused(404, error.message) from None
        try:
            live = self._supervisor.find(row.run_id)
        except JournalError as error:
            log.error("run %s cannot be looked up: %s", row.run_id, error.message)
            live = None
        return {
            "run": row.run_id,
            "flow": row.flow,
            "status": row.status,
            "step": live.state.frame.step if live is not None else "",
            "started_ms": row.started_ms,
            "updated_ms": row.updated_ms,
            "end_reason": row.end_reason,
            "events": row.events,
        }

    def status(self) -> tuple[bool, dict[str, Any]]:
        ready = not self.draining and self._supervisor.healthy
        facts = {
            "environment": self._environment.name,
            "draining": self.draining,
            "journal": "ok" if self._supervisor.healthy else "cannot be written",
            "runs": len(self._supervisor.runs),
            "flows": self._library.names,
            "broken": sorted(self._library.problems),
        }
        return ready, facts


async def _durable(batch: Batch) -> None:
    await batch.written.wait()
    if batch.failed:
        raise Unavailable(_JOURNAL)


def _nothing() -> None:
    """A document that parks no call releases no command."""
