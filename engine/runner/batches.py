"""Group commit: the events of many runs in one transaction, and one wake-up for all who wait.

While one batch is being written the next one gathers. Commands are released when the batch that
decided them is durable, never before. A run whose entry the journal refuses for ever is taken out of the
batch, so that it delays no other.
"""

import logging
from collections.abc import Callable
from time import perf_counter

import anyio

from engine.journal.base import Entry, Journal
from engine.journal.sealing import Sealing
from engine.model import codec
from engine.model.commands import Command
from engine.model.errors import EntryRefused, JournalError
from engine.model.events import AnyEvent
from engine.runner.live import Live
from engine.telemetry.metrics import Histogram

log = logging.getLogger("offhook.journal")
_RETRY_S = 1.0


class Batch:
    """`failed` is set when the first attempt to write it failed; it is tried again all the same. Of the runs in
    `refused` nothing that is in the batch has happened."""

    __slots__ = ("_waiting", "changes", "failed", "refused", "written")

    def __init__(self) -> None:
        self.changes: list[tuple[Live, int, AnyEvent, tuple[Command, ...]]] = []
        self.written = anyio.Event()
        self.failed = False
        self.refused: set[Live] = set()
        self._waiting: list[Callable[[], None]] = []

    def when_known(self, tell: Callable[[], None]) -> None:
        """Calls it as soon as this is written, or has failed: now, if it is so already."""
        if self.written.is_set():
            tell()
        else:
            self._waiting.append(tell)

    def known(self) -> None:
        """It is written, or has failed; whoever waits hears of it."""
        self.written.set()
        waiting, self._waiting = self._waiting, []
        for tell in waiting:
            try:
                tell()
            except Exception:
                # Of one who waits; the others, and the next batches, have nothing to do with it.
                log.exception("a fault of ours: an answer could not be given")

    def fail(self) -> None:
        """Those who wait for it hear that it is not durable (yet)."""
        self.failed = True
        self.known()

    def refuse(self, live: Live) -> None:
        self.changes = [change for change in self.changes if change[0] is not live]
        self.refused.add(live)


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
        next_due_ms=state.next_due_ms if encoded else None,
        end_reason=state.end_reason,
        state=encoded,
    )


class Committer:
    """Writes batches one after the other; `release` is called for each change once it is durable,
    with the run, the number of the event and the commands that it caused. `put_back` is called for a run whose
    changes are refused: they do not count any more, and the run is to stand as the journal has it. `came_back` is called
    when a journal that took nothing at all takes something again."""

    def __init__(
        self,
        journal: Journal,
        sealing: Sealing,
        release: Callable[[Live, int, tuple[Command, ...]], None],
        put_back: Callable[[Live, JournalError], None],
        came_back: Callable[[], None],
        commit_s: Histogram,
    ) -> None:
        self._journal = journal
        self._sealing = sealing
        self._release = release
        self._put_back = put_back
        self._came_back = came_back
        self._commit_s = commit_s
        self._gathering = Batch()
        self._wake = anyio.Event()
        self._writing = 0
        self._since_s = 0.0
        self.healthy = True
        self._gone = False

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

    @property
    def waiting(self) -> int:
        """Events that are not in the journal yet."""
        return self._writing + len(self._gathering.changes)

    @property
    def stuck_s(self) -> float:
        """For how long the journal has been silent about a batch."""
        return perf_counter() - self._since_s if self._since_s else 0.0

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            batch, self._gathering = self._gathering, Batch()
            if batch.changes:
                self._writing = len(batch.changes)
                await self._write(batch)
                self._writing = 0
            batch.known()

    async def _write(self, batch: Batch) -> None:
        """What happened has happened, so a batch that cannot be written is tried until it can; those
        who wait for it, or for the next one, hear at once that it is not durable."""
        entries = self._encoded(batch)
        while not await self._committed(batch, entries):
            batch.fail()
            self._gathering.fail()
            await anyio.sleep(_RETRY_S)
        batch.known()
        for live, n, _, commands in batch.changes:
            self._release(live, n, commands)

    def _encoded(self, batch: Batch) -> list[tuple[Live, Entry]]:
        entries = []
        for live, n, event, _ in tuple(batch.changes):
            if live in batch.refused:
                continue
            try:
                entries.append((live, _entry(self._sealing, live, n, event)))
            except Exception as error:
                # A value that no journal can hold stays a matter of its own run.
                self._refuse(batch, live, EntryRefused(f"{type(event).__name__} cannot be encoded: {error!r}"))
        return [(live, entry) for live, entry in entries if live not in batch.refused]

    def _refuse(self, batch: Batch, live: Live, error: JournalError) -> None:
        batch.refuse(live)
        self._gathering.refuse(live)
        self._put_back(live, error)

    async def _committed(self, batch: Batch, changes: list[tuple[Live, Entry]]) -> bool:
        entries = [entry for live, entry in changes if not live.abandoned and live not in batch.refused]
        if not entries:
            # Those who began have been turned away, and nothing is left to be tried again.
            return self._gathering.changes != [] or await self._proven()
        try:
            self._since_s = perf_counter()
            try:
                await self._journal.commit(entries)
            except EntryRefused:
                await self._commit_apart(batch, changes)
            self._commit_s.observe(perf_counter() - self._since_s)
        except JournalError as error:
            self._cannot(error)
            return False
        finally:
            self._since_s = 0.0
        if not self.healthy:
            self._trust()
        return True

    async def _proven(self) -> bool:
        """Can it be written? One that is damaged takes this, and no new run: then it has not been gone."""
        try:
            await self._journal.prove()
        except JournalError as error:
            self._cannot(error)
            self._gone = True
            return False
        if not self.healthy:
            self._trust()
        return True

    def _cannot(self, error: JournalError) -> None:
        why = " ".join(filter(None, (error.message, error.help)))
        log.error("the journal cannot be written, trying again: %s", why)
        self.healthy = False

    async def _commit_apart(self, batch: Batch, changes: list[tuple[Live, Entry]]) -> None:
        """Each run by itself. What is written a second time changes nothing."""
        runs: dict[Live, list[Entry]] = {}
        for live, entry in changes:
            if not live.abandoned and live not in batch.refused:
                runs.setdefault(live, []).append(entry)
        for live, entries in runs.items():
            try:
                await self._journal.commit(entries)
            except EntryRefused as error:
                self._refuse(batch, live, error)

    def _trust(self) -> None:
        log.info("the journal can be written again")
        self.healthy = True
        if self._gone:
            self._gone = False
            self._came_back()
        if not self._gathering.changes:
            self._gathering = Batch()
