"""Fetches that are under way: each in a task of its own, so that no command of its run waits for a reply."""

import logging
from collections.abc import Callable

import anyio
from anyio.abc import TaskGroup

from engine.fetching.client import FetchClient
from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.runner.live import Live, fault
from engine.runner.meters import Meters

log = logging.getLogger("offhook.runner")


class Fetches:
    """`take` is told of each `Fetched`, in the moment that it is there; `rested` when one of a run is given up."""

    def __init__(
        self,
        client: FetchClient,
        take: Callable[[Live, Fetched], object],
        rested: Callable[[Live], None],
        tasks: TaskGroup,
        meters: Meters,
    ) -> None:
        self.under_way = 0
        self._client = client
        self._take = take
        self._rested = rested
        self._tasks = tasks
        self._meters = meters

    def begin(self, live: Live, command: Fetch) -> None:
        """Sends it, unless the run has given it up meanwhile."""
        if any(command.seq == pending.seq for pending in live.state.pending):
            self.under_way += 1
            live.fetches[command.seq] = scope = anyio.CancelScope()
            self._tasks.start_soon(self._fetch, live, command, scope)

    def cancel_unwanted(self, live: Live) -> None:
        """Gives those up that the run no longer waits for: the request may have been carried out all the same."""
        wanted = {pending.seq for pending in live.state.pending}
        for seq, scope in live.fetches.items():
            if seq not in wanted:
                scope.cancel()

    async def _fetch(self, live: Live, command: Fetch, scope: anyio.CancelScope) -> None:
        event: Fetched | None = None
        try:
            with scope:
                event = await self._fetched(live, command)
        finally:
            del live.fetches[command.seq]
            self.under_way -= 1
        if event is not None:
            _report(live, event)
            self._take(live, event)
        self._rested(live)

    async def _fetched(self, live: Live, command: Fetch) -> Fetched:
        """A fault of ours must not become every run's."""
        try:
            return await self._client.fetch(command)
        except Exception as error:
            self._meters.faults += 1
            fault("a fetch has failed", error, live)
            return Fetched(at_ms=live.state.at_ms, seq=command.seq, kind="failed", code="fault")


def _report(live: Live, event: Fetched) -> None:
    """What went wrong before there was a status, which is the flow's own business."""
    if event.kind != "replied":
        log.warning("fetch: %s (%s): %s", event.kind, event.code, event.message, extra={"run": live.state.run_id})
