"""Group commit: the events of many runs in one transaction, and one wake-up for all who wait.

While one batch is being written the next one gathers. Commands are released when the batch that
decided them is durable, never before.
"""

import logging
from collections.abc import Callable

import anyio

from engine.journal.base import Entry, Journal
from engine.journal.sealing import Sealing
from engine.model import codec
from engine.model.commands import Command
from engine.model.errors import JournalError
from engine.model.events import AnyEvent
from engine.runner.live import Live

log = logging.getLogger("offhook.journal")
_RETRY_S = 1.0


class Batch:
    """`failed` is set when the first attempt to write it failed; it is tried again all the same."""

    __slots__ = ("changes", "failed", "written")

    def __init__(self) -> None:
        self.changes: list[tuple[Live, int, AnyEvent, tuple[Command, ...]]] = []
        self.written = anyio.Event()
        self.failed = False

    def fail(self) -> None:
        """Those who wait for it hear that it is not durable (yet)."""
        self.failed = True
        self.written.set()


def _entry(sealing: Sealing, live: Live, n: int, event: AnyEvent) -> Entry:
    """The state is the run's after all of the batch's events: one row per run is all that is kept."""
    state, sealed = live.state, live.graph.sealed
    encoded = b""
    if n == live.events:
        encoded = sealing.seal_state(state, n) if sealed else codec.encode(state)
    return Entry(
        run_id=state.run_id,
        flow=live.graph.flow,
        digest=state.digest,
        n=n,
        at_ms=event.at_ms,
        event=sealing.seal_event(event, state.run_id, n) if sealed else codec.encode(event),
        status=state.status,
        started_ms=state.started_ms,
        call_id=state.call.call_id,
        next_due_ms=state.next_due_ms,
        end_reason=state.end_reason,
        state=encoded,
    )


class Committer:
    """Writes batches one after the other; `release` is called for each change once it is durable,
    with the run, the number of the event and the commands that it caused."""

    def __init__(
        self, journal: Journal, sealing: Sealing, release: Callable[[Live, int, tuple[Command, ...]], None]
    ) -> None:
        self._journal = journal
        self._sealing = sealing
        self._release = release
        self._gathering = Batch()
        self._wake = anyio.Event()
        self._writing = False
        self.healthy = True

    def add(self, live: Live, event: AnyEvent, commands: tuple[Command, ...]) -> Batch:
        """The change joins the batch that is gathering; wait for `batch.written`."""
        live.events += 1
        self._gathering.changes.append((live, live.events, event, commands))
        if not self.healthy:
            self._gathering.fail()
        self._wake.set()
        return self._gathering

    @property
    def idle(self) -> bool:
        return not self._writing and not self._gathering.changes

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            batch, self._gathering = self._gathering, Batch()
            if batch.changes:
                self._writing = True
                await self._write(batch)
                self._writing = False

    async def _write(self, batch: Batch) -> None:
        """What happened has happened, so a batch that cannot be written is tried until it can; those
        who wait for it, or for the next one, hear at once that it is not durable."""
        entries = [(live, _entry(self._sealing, live, n, event)) for live, n, event, _ in batch.changes]
        while not await self._committed([entry for live, entry in entries if not live.abandoned]):
            batch.fail()
            self._gathering.fail()
            await anyio.sleep(_RETRY_S)
        batch.written.set()
        for live, n, _, commands in batch.changes:
            self._release(live, n, commands)

    async def _committed(self, entries: list[Entry]) -> bool:
        if not entries:
            # Those who began have been turned away. Whether the journal is back, the next change shows.
            if not self._gathering.changes:
                self._trust()
            return True
        try:
            await self._journal.commit(entries)
        except JournalError as error:
            log.error("the journal cannot be written, trying again: %s", error.message)
            self.healthy = False
            return False
        if not self.healthy:
            log.info("the journal can be written again")
            self._trust()
        return True

    def _trust(self) -> None:
        self.healthy = True
        if not self._gathering.changes:
            self._gathering = Batch()
