"""Requests of the HTTP side, as events of runs (`engine.webhook.intake.Intake`)."""

import logging
from collections.abc import Callable
from typing import Any

from engine.journal.base import RunRow
from engine.model.errors import JournalError
from engine.model.events import CallArrived, CallReturned, SignalReceived, UnknownReported
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId, RunId, inbound_run_id, run_of
from engine.runner import requested
from engine.runner.beginning import Beginning, durable
from engine.runner.budget import Budget
from engine.runner.capacity import Capacity
from engine.runner.current import Current
from engine.runner.expiry import Expiry
from engine.runner.measured import Measured
from engine.runner.outbound import Outbound
from engine.runner.supervisor import Supervisor
from engine.runner.versions import Versions
from engine.serving.tally import Tally
from engine.serving.wordless import wordless
from engine.webhook.intake import Arrival, Refused, Reported, Tell, Unavailable
from engine.wire import swml
from engine.wire.callback_url import open_resume, open_token

log = logging.getLogger("offhook.runner")
_STUCK_S = 60.0
"""A journal that has not answered for so long, well or ill, will not: the process is better started again."""


class RunnerIntake:
    def __init__(
        self,
        current: Current,
        supervisor: Supervisor,
        versions: Versions,
        capacity: Capacity,
        measured: Measured,
    ) -> None:
        self._current = current
        self._supervisor = supervisor
        self._versions = versions
        self._capacity = capacity
        self._measured = measured
        self._meters = supervisor.meters
        self._key = supervisor.journal.callback_key
        self._expiry = Expiry()
        self._budget = Budget()
        self.late = Tally(log, level=logging.INFO)
        self.in_vain = Tally(log)
        self._exposition: Callable[[], bytes] | None = None
        self._beginning = Beginning(current, supervisor, versions)
        self._outbound = Outbound(current, supervisor, versions, self._beginning, capacity)
        self.request = self._outbound.request
        self.answered = supervisor.meters.answered

    def now_ms(self) -> int:
        return self._supervisor.clock.now_ms()

    def open_token(self, token: str) -> ControlId | None:
        return open_token(token, self._key)

    def report(self, control_id: ControlId, event: Reported, tell: Tell, size: int = 0) -> bool:
        live = self._beginning.find(run_of(control_id))
        if live is None:
            return False
        self._expiry.check(live, control_id, event.at_ms)
        if not self._capacity.takes_webhooks():
            self._capacity.turned_away("webhook", "journal")
            raise Unavailable("there is too much to do")
        self._budget.spend(control_id, size)
        if live.state.status == "ended":
            self.late.count("webhook after the end of its run", f"run {live.state.run_id}", control_id=control_id)
        elif isinstance(event, UnknownReported):
            source = f"run {live.state.run_id}"
            self.in_vain.count("webhook without effect", source, event.reason, control_id=control_id)
        self._supervisor.take(live, event).when_known(live, tell)
        return True

    async def arrive(self, event: CallArrived) -> Arrival:
        flow = self._route(event.to)
        if flow is None:
            return self._turned_away(swml.NO_ROUTE_BYTES, "no-route")
        served = self._versions.library.named(flow)
        if served is None:
            log.error("inbound call turned away: flow %s, the route of %s, cannot be served", flow, event.to)
            return self._turned_away(swml.UNSERVED_BYTES, "unserved")
        try:
            return await self._park(served.graph, event)
        except Unavailable as error:
            log.error("inbound call turned away: %s", error, extra={"call_id": event.call_id})
        except Exception as error:
            log.error(
                "inbound call turned away: a fault of ours", exc_info=wordless(error), extra={"call_id": event.call_id}
            )
        return self._turned_away(swml.BUSY_BYTES, "draining" if self._current.draining else "unavailable")

    def _turned_away(self, document: bytes, reason: str) -> Arrival:
        self._meters.shed["call", reason] += 1
        return Arrival(document, _nothing)

    async def _park(self, graph: FlowGraph, event: CallArrived) -> Arrival:
        run_id = inbound_run_id(event.call_id)
        known = self._beginning.find(run_id)
        if known is None and (reason := self._capacity.exceeded()):
            self._capacity.turned_away("call", reason)
            return Arrival(swml.BUSY_BYTES, _nothing)
        if known is None:
            live = await self._beginning.start(graph, event)
            return Arrival(swml.PARKING_BYTES, lambda: self._supervisor.release_held(live))
        if known.state.status == "ended":
            raise Unavailable("its run has ended, so nothing would drive it")
        log.info("its document was fetched again", extra={"run": run_id, "call_id": event.call_id})
        await self._beginning.begun(run_id)
        return Arrival(swml.PARKING_BYTES, _nothing)

    def open_resume(self, token: str) -> tuple[ControlId, str] | None:
        return open_resume(token, self._key)

    async def come_back(self, event: CallReturned) -> Arrival:
        """The same request, sent again because its answer was lost, gets the same answer."""
        live = self._beginning.find(run_of(event.control_id))
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
        self._beginning.hold(live)
        try:
            await durable(self._supervisor.take(live, event), live)
        except Unavailable as error:
            log.error("a call that came back is turned away: %s", error, extra={"run": state.run_id})
            return Arrival(swml.BUSY_BYTES, lambda: self._supervisor.release_held(live))
        return Arrival(swml.PARKING_BYTES, lambda: self._supervisor.release_held(live))

    async def signal(self, run_id: str, name: str, payload: dict[str, Any]) -> None:
        live = self._beginning.find(RunId(run_id))
        if live is None:
            raise Refused(404, f"There is no run {run_id}.")
        declared = live.graph.signals.get(name)
        if declared is None:
            known = ", ".join(live.graph.signals) or "none"
            raise Refused(404, f"The flow {live.graph.flow} declares no signal `{name}`. Declared: {known}.")
        if live.state.status == "ended" or live.state.end_reason:
            raise Refused(409, f"The run is over: {live.state.end_reason}.")
        given = requested.payload(declared, payload)
        await durable(self._supervisor.take(live, SignalReceived(at_ms=self.now_ms(), name=name, payload=given)), live)

    def _route(self, to: str) -> str | None:
        flow = self._current.environment.routes.get(to)
        if flow is None:
            log.warning("no route for %s; add it to the environment's `routes`", to or "a call without `to`")
        return flow

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
        row = self._row(run_id)
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

    async def cancel(self, run_id: str) -> dict[str, Any]:
        found = self._row(run_id).run_id
        await self._outbound.cancel(found)
        return self.run(found)

    def _row(self, run_id: str) -> RunRow:
        try:
            return self._supervisor.journal.run(run_id)
        except JournalError as error:
            raise Refused(404, error.message) from None

    def flow(self, name: str) -> dict[str, Any]:
        graph = self._outbound.served(name).graph
        inputs = {name: {"type": one.type, "required": one.required} for name, one in graph.inputs.items()}
        return {"flow": graph.flow, "inputs": inputs}

    def status(self) -> tuple[bool, dict[str, Any]]:
        facts = {
            "environment": self._current.environment.name,
            "draining": self._current.draining,
            "shedding": self._capacity.exceeded(),
            "space": self._measured.space_trouble() or "ok",
            "loop_lag_ms": round(self._capacity.lag_s * 1000),
            "webhooks": self._current.environment.guard.webhooks,
            "journal": "ok" if self._supervisor.healthy else "cannot be written, or takes no new runs",
            "runs": len(self._supervisor.runs),
            "flows": self._versions.library.names,
            "broken": sorted(self._versions.library.problems),
        }
        return self._measured.ready(), facts

    def alive(self) -> bool:
        return self._supervisor.journal_stuck_s < _STUCK_S

    def metrics(self) -> tuple[str, bytes]:
        from engine.telemetry import prometheus

        if self._exposition is None:
            self._exposition = prometheus.exposition(self._measured)
        return prometheus.CONTENT_TYPE, self._exposition()


def _nothing() -> None:
    """A document that parks no call releases no command."""
