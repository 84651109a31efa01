"""Requests of the HTTP side, as events of runs (`engine.webhook.intake.Intake`)."""

import logging
import secrets
from typing import Any

from engine.interpret import start
from engine.model.errors import JournalError
from engine.model.events import CallArrived, RunRequested, StartEvent
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId, RunId, inbound_run_id, outbound_run_id, run_of
from engine.project.environment import Environment
from engine.runner.library import Library, Served, fits
from engine.runner.live import Live
from engine.runner.supervisor import Supervisor
from engine.webhook.intake import Arrival, Refused, Reported, Unavailable
from engine.wire import swml
from engine.wire.callback_url import open_token

log = logging.getLogger("offhook.runner")


class RunnerIntake:
    """`draining` is set when the runner is to stop: no new runs, the live ones go on."""

    def __init__(self, environment: Environment, supervisor: Supervisor, library: Library) -> None:
        self._environment = environment
        self._supervisor = supervisor
        self._library = library
        self._key = supervisor.journal.callback_key
        self.draining = False

    def now_ms(self) -> int:
        return self._supervisor.clock.now_ms()

    def open_token(self, token: str) -> ControlId | None:
        return open_token(token, self._key)

    async def report(self, control_id: ControlId, event: Reported) -> bool:
        live = self._supervisor.find(run_of(control_id))
        if live is None:
            return False
        batch = self._supervisor.take(live, event)
        await batch.written.wait()
        if batch.failed:
            raise Unavailable("the journal cannot be written")
        return True

    async def arrive(self, event: CallArrived) -> Arrival:
        served = self._route(event.to)
        if served is None:
            return Arrival(swml.NO_ROUTE_BYTES, _nothing)
        known = self._supervisor.find(inbound_run_id(event.call_id))
        if known is not None:
            log.info("the document of call %s was fetched again", event.call_id)
            return Arrival(swml.PARKING_BYTES, _nothing)
        if self.draining or not self._supervisor.healthy:
            log.warning("inbound call turned away: %s", "draining" if self.draining else "journal")
            return Arrival(swml.BUSY_BYTES, _nothing)
        try:
            live = await self._start(served.graph, event)
        except Unavailable:
            log.error("inbound call turned away: the journal cannot be written")
            return Arrival(swml.BUSY_BYTES, _nothing)
        return Arrival(swml.PARKING_BYTES, lambda: self._supervisor.release_held(live))

    def _route(self, to: str) -> Served | None:
        flow = self._environment.routes.get(to)
        if flow is None:
            log.warning("no route for %s; add it to the environment's `routes`", to or "a call without `to`")
            return None
        served = self._library.named(flow)
        if served is None:
            log.error("flow %s, the route of %s, cannot be served", flow, to)
        return served

    async def _start(self, graph: FlowGraph, event: StartEvent) -> Live:
        done = start(
            graph,
            event,
            uses=self._library.bindings(graph),
            presence_ms=self._environment.presence_ms,
        )
        live = Live(graph, done.state, 0)
        live.held = isinstance(event, CallArrived)
        batch = self._supervisor.adopt(live, event, done)
        log.info("run started: flow %s", graph.flow, extra={"run": done.state.run_id})
        await batch.written.wait()
        if batch.failed:
            self._supervisor.release_held(live)
            raise Unavailable("the journal cannot be written")
        return live

    async def request(self, *, flow: str, to: str, from_: str, inputs: dict[str, Any], key: str) -> RunId:
        if self.draining:
            raise Unavailable("the runner is about to stop")
        served = self._library.named(flow)
        if served is None:
            known = ", ".join(self._library.names)
            raise Refused(404, f"There is no flow `{flow}` here. Served: {known}.")
        graph = served.graph
        caller = from_ or (graph.outbound.from_ if graph.outbound else "") or self._environment.outbound_from
        if not caller:
            raise Refused(400, "Nobody to call from: give `from`, or set the environment's `outbound.from`.")
        given = _inputs(graph, inputs)
        run_id = outbound_run_id(key.encode() if key else secrets.token_bytes(16))
        if self._supervisor.find(run_id) is not None:
            return run_id
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
        live = self._supervisor.find(row.run_id)
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


def _nothing() -> None:
    """A document that parks no call releases no command."""


def _inputs(graph: FlowGraph, given: dict[str, Any]) -> dict[str, Any]:
    """The run's inputs, checked against what the flow declares."""
    for name, value in given.items():
        declared = graph.inputs.get(name)
        if declared is None:
            raise Refused(400, f"Flow {graph.flow} has no input `{name}`. Inputs: {', '.join(graph.inputs) or 'none'}.")
        if not fits(value, declared.type):
            raise Refused(400, f"Input `{name}` wants {declared.type}.")
    missing = [name for name, one in graph.inputs.items() if one.required and name not in given]
    if missing:
        raise Refused(400, f"Missing inputs: {', '.join(missing)}.")
    return given
