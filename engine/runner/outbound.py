"""Calls that somebody asks for, and does not want any more (`POST /runs`, `POST /runs/<id>/cancel`)."""

import logging
import secrets
from datetime import UTC, datetime
from math import ceil
from typing import Any

from engine.model.errors import JournalError
from engine.model.events import CancelRequested, RunRequested
from engine.model.graph import Outbound as Dialled
from engine.model.ids import RunId, outbound_run_id
from engine.model.state import RunState
from engine.runner import requested
from engine.runner.beginning import Beginning, durable, unreadable
from engine.runner.capacity import Capacity
from engine.runner.current import Current
from engine.runner.library import Served
from engine.runner.live import Live
from engine.runner.supervisor import Supervisor
from engine.runner.versions import Versions
from engine.webhook.intake import Refused, Requested

log = logging.getLogger("offhook.runner")
_DIAL_WAITS_S = 20
"""A dial waits this long for its turn at the most; the client gives it up a little later."""


class Outbound:
    def __init__(
        self, current: Current, supervisor: Supervisor, versions: Versions, beginning: Beginning, capacity: Capacity
    ) -> None:
        self._current = current
        self._supervisor = supervisor
        self._versions = versions
        self._beginning = beginning
        self._capacity = capacity

    def served(self, flow: str) -> Served:
        found = self._versions.library.named(flow)
        if found is None:
            known = ", ".join(self._versions.library.names)
            raise Refused(404, f"There is no flow `{flow}` here. Served: {known}.")
        return found

    async def request(
        self, *, flow: str, to: str, from_: str, inputs: dict[str, Any], key: str, any_hour: bool = False
    ) -> Requested:
        served = self.served(flow)
        graph, outbound = served.graph, served.graph.outbound
        if outbound is None:
            raise Refused(404, f"`{flow}` takes calls and makes none: a flow that dials has the header `outbound`.")
        caller = from_ or outbound.from_ or self._current.environment.outbound_from
        if not caller:
            raise Refused(400, "Nobody to call from: give `from`, or set the environment's `outbound.from`.")
        requested.check_number(to)
        given = requested.inputs(graph, inputs)
        run_id = outbound_run_id(key.encode() if key else secrets.token_bytes(16))
        earlier = self._beginning.find(run_id)
        if earlier is not None:
            await self._beginning.begun(run_id)
            began = self._first_event(earlier)
            requested.check_same(earlier.graph, began, flow=flow, to=to, from_=from_, inputs=given)
            return Requested(run_id, known=True, no_call=_no_call(earlier.state))
        if not any_hour:
            self._check_hours(served)
        self._check_queue()
        if reason := self._capacity.exceeded():
            self._capacity.turned_away("request", reason)
            raise Refused(503, "There is too much to do. Ask again in a few seconds.", retry_after_s=_BUSY_S)
        await self._beginning.start(graph, self._event(outbound, run_id, to, caller, given))
        return Requested(run_id)

    def _event(self, outbound: Dialled, run_id: RunId, to: str, caller: str, given: dict[str, Any]) -> RunRequested:
        return RunRequested(
            at_ms=self._supervisor.clock.now_ms(),
            run_id=run_id,
            to=to,
            from_=caller,
            inputs=given,
            ring_timeout_s=outbound.timeout_s,
            max_price_per_minute=outbound.max_price_per_minute,
        )

    def _check_hours(self, served: Served) -> None:
        """`Refused` outside the flow's `outbound.hours`, with the time at which they begin."""
        if served.hours is None:
            return
        now = datetime.fromtimestamp(self._supervisor.clock.now_ms() / 1000, UTC)
        opens = served.hours.opens(now)
        if opens is not None and opens > now:
            wait_s = ceil((opens - now).total_seconds())
            raise Refused(409, f"{_closed(served)} They begin {served.hours.written(opens)}.", retry_after_s=wait_s)
        if opens is None:
            raise Refused(409, f"{_closed(served)} They do not begin in the next two years.")

    def _check_queue(self) -> None:
        """A dial that cannot go out soon is better asked for later than given up."""
        waiting = self._supervisor.dials_waiting
        waits_s = waiting / (self._current.environment.dials_per_s or 1.0)
        if waits_s >= _DIAL_WAITS_S:
            seconds = round(waits_s)
            raise Refused(
                429, f"{waiting} calls wait to be dialled. Ask again in {seconds} seconds.", retry_after_s=seconds
            )

    def _first_event(self, live: Live) -> RunRequested:
        try:
            first = next(iter(self._supervisor.journal.events_of(live.state.run_id)))
            event = self._supervisor.sealing.open_event(first.event, live.state.run_id, first.n)
        except JournalError as error:
            raise unreadable(live.state.run_id, error) from None
        assert isinstance(event, RunRequested), event
        return event

    async def cancel(self, run_id: RunId) -> None:
        """Returns when the wish is in the journal, or when the run has ended anyway. `Refused` when it is answered."""
        live = self._beginning.find(run_id)
        assert live is not None
        if live.state.status == "running":
            raise Refused(
                409,
                f"Run {run_id} is answered, so its flow has the call. Only a call that is being dialled is cancelled.",
            )
        if live.state.status == "dialing":
            await durable(self._supervisor.take(live, CancelRequested(at_ms=self._supervisor.clock.now_ms())), live)
            log.info("cancelled while it is being dialled", extra={"run": run_id})


_BUSY_S = 5


def _no_call(state: RunState) -> str:
    """Why the run ended, if nothing is known of a call; empty for one that is wanted no more."""
    without = state.status == "ended" and not state.call.call_id and state.end_reason != "cancel"
    return state.end_reason if without else ""


def _closed(served: Served) -> str:
    assert served.hours is not None
    return f"Flow {served.graph.flow} calls nobody now: it is outside the hours of {served.hours.calendar.name}."
