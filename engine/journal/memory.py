"""A journal that lives as long as its process: for tests, and for `offhook phone`."""

import secrets
from collections.abc import Collection, Iterator, Sequence

from anyio.lowlevel import checkpoint

from engine.journal.base import FORGET_AT_ONCE, Entry, EventRow, Figures, LiveRun, RunRow
from engine.journal.reader import the_only
from engine.model.errors import EntryRefused
from engine.model.ids import Digest, RunId


class MemoryJournal:
    """`engine.journal.base.Journal`, durable for nobody. Runs are kept in the order they started."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._runs: dict[RunId, Entry] = {}
        self._events: dict[RunId, dict[int, EventRow]] = {}
        self._bundles: dict[Digest, bytes] = {}
        self._notes: dict[str, str] = {}

    @property
    def callback_key(self) -> bytes:
        return self._key

    async def commit(self, batch: Sequence[Entry]) -> None:
        await checkpoint()
        for entry in batch:
            self._check(entry)
        for entry in batch:
            row = EventRow(n=entry.n, at_ms=entry.at_ms, event=entry.event)
            self._events.setdefault(entry.run_id, {})[entry.n] = row
            known = self._runs.get(entry.run_id)
            if known is None or entry.n >= known.n:
                self._runs[entry.run_id] = entry

    def figures(self) -> Figures:
        return Figures(events=sum(map(len, self._events.values())))

    def in_place(self) -> bool:
        return True

    async def put_bundle(self, digest: Digest, data: bytes) -> None:
        await checkpoint()
        self._bundles.setdefault(digest, data)

    async def drop_unused_bundles(self, keep: Collection[Digest] = ()) -> int:
        await checkpoint()
        used = {entry.digest for entry in self._runs.values()} | set(keep)
        unused = [digest for digest in self._bundles if digest not in used]
        for digest in unused:
            del self._bundles[digest]
        return len(unused)

    async def forget_runs(self, before_ms: int, *, at_most: int = FORGET_AT_ONCE) -> int:
        await checkpoint()
        ended = sorted((e for e in self._runs.values() if e.status == "ended"), key=lambda entry: entry.at_ms)
        old = [entry.run_id for entry in ended if entry.at_ms < before_ms][:at_most]
        for run_id in old:
            del self._runs[run_id], self._events[run_id]
        return len(old)

    async def prove(self) -> None:
        await checkpoint()

    def noted(self, name: str) -> str:
        return self._notes.get(name, "")

    async def note(self, name: str, text: str) -> None:
        await checkpoint()
        self._notes[name] = text

    async def give_back(self, before_ms: int) -> int:
        await checkpoint()
        return 0

    def load_live(self) -> Iterator[LiveRun]:
        for entry in list(self._runs.values()):
            if entry.status != "ended":
                yield LiveRun(run_id=entry.run_id, state=entry.state, events=entry.n)

    def events_of(self, run_id: RunId) -> Iterator[EventRow]:
        events = self._events.get(run_id, {})
        yield from (events[n] for n in sorted(events))

    def runs(self, *, limit: int = 50, status: str | None = None, flow: str | None = None) -> list[RunRow]:
        found = [
            entry
            for entry in reversed(self._runs.values())
            if (flow is None or entry.flow == flow)
            and (status is None or entry.status == status or _is_live(status, entry))
        ]
        return [_row(entry) for entry in found[:limit]]

    def run(self, prefix: str) -> RunRow:
        found = [_row(e) for run_id, e in sorted(self._runs.items()) if run_id.startswith(prefix)]
        return the_only(prefix, found)

    def find(self, run_id: RunId) -> LiveRun | None:
        entry = self._runs.get(run_id)
        return None if entry is None else LiveRun(run_id=run_id, state=entry.state, events=entry.n)

    def state_of(self, run_id: RunId) -> bytes | None:
        entry = self._runs.get(run_id)
        return None if entry is None else entry.state

    def get_bundle(self, digest: Digest) -> bytes | None:
        return self._bundles.get(digest)

    def close(self) -> None:
        """Nothing is kept open."""

    def _check(self, entry: Entry) -> None:
        known = self._events.get(entry.run_id, {}).get(entry.n)
        if known is not None and known.event != entry.event:
            raise EntryRefused(f"the journal has another event {entry.n} of run {entry.run_id}")


def _is_live(status: str, entry: Entry) -> bool:
    return status == "live" and entry.status != "ended"


def _row(entry: Entry) -> RunRow:
    return RunRow(
        run_id=entry.run_id,
        flow=entry.flow,
        digest=entry.digest,
        status=entry.status,
        started_ms=entry.started_ms,
        updated_ms=entry.at_ms,
        call_id=entry.call_id,
        next_due_ms=entry.next_due_ms,
        end_reason=entry.end_reason,
        events=entry.n,
    )
