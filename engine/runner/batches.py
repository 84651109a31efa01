"""Group commit: the events of many runs in one transaction, and one wake-up for all who wait.

While one batch is being written the next one gathers. Commands are released when the batch that
decided them is durable, never before. A run whose entry the journal refuses for ever is taken out of the
batch, so that it delays no other.
"""

import logging
from collections.abc import Callable
from time import perf_counter

import anyio
from msgspec.structs import replace

from engine.journal.base import Entry, Journal
from engine.journal.sealing import Sealing
from engine.model import codec
from engine.model.commands import Command
from engine.model.errors import EntryRefused, JournalError
from engine.model.events import AnyEvent
from engine.runner.live import Live
from engine.telemetry.metrics import Histogram
from engine.webhook.intake import Tell, Unavailable

log = logging.getLogger("offhook.journal")
_RETRY_S = 1.0
UNWRITABLE = "the journal cannot be written"


class Batch:
    """`failed` is set when the first attempt to write it failed; it is tried again all the same. Of the runs in
    `refused` nothing that is in the batch has happened; those in `unfit` will be, as something of theirs has no bytes."""

    __slots__ = ("_latest", "_waiting", "changes", "failed", "refused", "unfit", "written")

    def __init__(self) -> None:
        self.changes: list[tuple[Live, Entry, tuple[Command, ...]]] = []
        self.written = anyio.Event()
        self.failed = False
        self.refused: set[Live] = set()
        self.unfit: dict[Live, EntryRefused] = {}
        self._waiting: list[tuple[Live, Tell]] = []
        self._latest: dict[Live, int] = {}

    def add(self, live: Live, entry: Entry, commands: tuple[Command, ...]) -> None:
        """The state that an earlier event of the run has led to is not kept: one row per run is all that is written."""
        older = self._latest.get(live)
        if older is not None:
            _, before, decided = self.changes[older]
            self.changes[older] = live, replace(before, state=b""), decided
        self._latest[live] = len(self.changes)
        self.changes.append((live, entry, commands))

    def when_known(self, live: Live, tell: Tell) -> None:
        """Calls it as soon as this is written, or has failed: now, if it is so already."""
        if self.written.is_set():
            tell(self.why_not(live))
        else:
            self._waiting.append((live, tell))

    def why_not(self, live: Live) -> Unavailable | None:
        """Why what happened to the run is not written, now that this is known."""
        if live in self.refused:
            return Unavailable("the journal refuses what happened to this run")
        return Unavailable(UNWRITABLE) if self.failed else None

    def known(self) -> None:
        """It is written, or has failed; whoever waits hears of it."""
        self.written.set()
        waiting, self._waiting = self._waiting, []
        for live, tell in waiting:
            try:
                tell(self.why_not(live))
            except Exception:
                # Of one who waits; the others, and the next batches, have nothing to do with it.
                log.exception("a fault of ours: an answer could not be given")

    def fail(self) -> None:
        """Those who wait for it hear that it is not durable (yet)."""
        self.failed = True
        self.known()

    def refuse(self, live: Live) -> None:
        self.changes = [change for change in self.changes if change[0] is not live]
        self._latest = {}
        self.refused.add(live)


def _entry(sealing: Sealing, live: Live, event: AnyEvent) -> Entry:
    """The event that has just happened to the run, as bytes."""
    state, sealed, n = live.state, live.graph.sealed, live.events
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
        state=sealing.seal_state(state, n) if sealed else codec.encode(state),
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
        batch = self._gathering
        try:
            # At once, while all of it is in the processor's caches.
            batch.add(live, _entry(self._sealing, live, event), commands)
        except Exception as error:
            # A value that no journal can hold stays a matter of its own run.
            batch.unfit[live] = EntryRefused(f"{type(event).__name__} cannot be encoded: {error!r}")
        if not self.healthy:
            batch.fail()
        if len(batch.changes) < 2:
            self._wake.set()
        return batch

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
            if batch.changes or batch.unfit:
                self._writing = len(batch.changes)
                await self._write(batch)
                self._writing = 0
            batch.known()

    async def _write(self, batch: Batch) -> None:
        """What happened has happened, so a batch that cannot be written is tried until it can; those
        who wait for it, or for the next one, hear at once that it is not durable."""
        for live, error in batch.unfit.items():
            self._refuse(batch, live, error)
        while not await self._committed(batch):
            batch.fail()
            self._gathering.fail()
            await anyio.sleep(_RETRY_S)
        batch.known()
        for live, entry, commands in batch.changes:
            self._release(live, entry.n, commands)

    def _refuse(self, batch: Batch, live: Live, error: JournalError) -> None:
        batch.refuse(live)
        self._gathering.refuse(live)
        self._put_back(live, error)

    async def _committed(self, batch: Batch) -> bool:
        entries = [entry for live, entry, _ in batch.changes if not live.abandoned]
        if not entries:
            # Those who began have been turned away, and nothing is left to be tried again.
            return self._gathering.changes != [] or await self._proven()
        try:
            self._since_s = perf_counter()
            try:
                await self._journal.commit(entries)
            except EntryRefused:
                await self._commit_apart(batch)
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

    async def _commit_apart(self, batch: Batch) -> None:
        """Each run by itself. What is written a second time changes nothing."""
        runs: dict[Live, list[Entry]] = {}
        for live, entry, _ in batch.changes:
            if not live.abandoned:
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
