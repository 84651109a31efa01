"""The contract of a journal.

One row per run, overwritten with each event; an event table that only grows and holds no state;
bundles by digest; and a key, made once, that callback URLs are signed with. A commit that returned
survives the machine; one that raised left nothing behind and may be tried again as it was.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from engine.model.ids import CallId, Digest, RunId

FORGET_AT_ONCE = 64
"""Runs that are deleted in one transaction: some milliseconds of work."""


class Entry(Struct, frozen=True, kw_only=True):
    """One event of one run, with the run as it is after it.

    `n` counts the run's events from 1. `event` and `state` are encoded by `engine.model.codec`.
    Times are Unix milliseconds; `next_due_ms` is None while the run waits for no timer.
    `status` is `RunState.status`: a run whose status is `ended` is not live.
    """

    run_id: RunId
    flow: str
    digest: Digest
    n: int
    at_ms: int
    event: bytes
    status: str
    started_ms: int
    call_id: CallId
    next_due_ms: int | None
    end_reason: str
    state: bytes


class RunRow(Struct, frozen=True, kw_only=True):
    """A run without its state. `events` is the number of its last event; `updated_ms` that event's time."""

    run_id: RunId
    flow: str
    digest: Digest
    status: str
    started_ms: int
    updated_ms: int
    call_id: CallId
    next_due_ms: int | None
    end_reason: str
    events: int


class LiveRun(Struct, frozen=True, kw_only=True):
    """What a new process needs to take a run over."""

    run_id: RunId
    state: bytes
    events: int


class EventRow(Struct, frozen=True, kw_only=True):
    n: int
    at_ms: int
    event: bytes


class Figures(Struct, frozen=True, kw_only=True):
    """What was written since the journal was opened, and the size of its files in bytes by their endings ("", "-wal").
    `write_s` is the time that the transactions took, each with its sync."""

    events: int = 0
    transactions: int = 0
    write_s: float = 0.0
    bytes: Mapping[str, int] = {}


class Reader(Protocol):
    """Reading, by anybody, also while a runner writes. All of it blocks, for about a millisecond."""

    @property
    def callback_key(self) -> bytes:
        """32 bytes, the same for the journal's whole life."""

    def noted(self, name: str) -> str:
        """What `Journal.note` has kept under this name; empty where nothing is."""

    def load_live(self) -> Iterator[LiveRun]:
        """The runs that have not ended, in the order in which they started."""

    def events_of(self, run_id: RunId) -> Iterator[EventRow]:
        """A run's events in order; none for a run that is not there."""

    def runs(self, *, limit: int = 50, status: str | None = None, flow: str | None = None) -> list[RunRow]:
        """The latest runs first. `status` may also be `live`: all that have not ended."""

    def run(self, prefix: str) -> RunRow:
        """The run with this id, or the only one whose id begins so; else `JournalError`."""

    def find(self, run_id: RunId) -> LiveRun | None:
        """The run of exactly this id, also one that has ended."""

    def state_of(self, run_id: RunId) -> bytes | None:
        """The run's last state, encoded."""

    def get_bundle(self, digest: Digest) -> bytes | None:
        """The bundle's bytes."""

    def close(self) -> None:
        """Let go of the files. May be called twice."""


class Journal(Reader, Protocol):
    """Writing, by the one runner. Every method that writes raises `JournalError`, and only that,
    when it cannot; the journal stays usable."""

    async def commit(self, batch: Sequence[Entry]) -> None:
        """Write the batch in one transaction and return when it is durable.

        Batches of several tasks that wait at once share a transaction, and fail apart. The same
        entries a second time change nothing; other bytes for an event that is there already are
        refused: `EntryRefused`, as for whatever else no repeat would help. Any other `JournalError` is no
        fault of the entries. A cancelled commit may or may not have happened.
        """

    async def prove(self) -> None:
        """Write what means nothing, durably: returns when the journal can be written."""

    async def note(self, name: str, text: str) -> None:
        """Keep a text about the journal as a whole, in the place of what was noted under this name."""

    def figures(self) -> Figures:
        """For whoever watches it."""

    def in_place(self) -> bool:
        """False when what is written stands under the journal's name no more: somebody has deleted, moved or replaced the
        file, and nothing of it is found by the next process."""

    async def put_bundle(self, digest: Digest, data: bytes) -> None:
        """Keep a bundle; one that is there already stays as it is."""

    async def drop_unused_bundles(self, keep: Collection[Digest] = ()) -> int:
        """Delete the bundles that no run in the journal was started with, but those in `keep`."""

    async def forget_runs(self, before_ms: int, *, at_most: int = FORGET_AT_ONCE) -> int:
        """Delete the ended runs, with their events, whose last event is older, so many of the oldest; returns how many."""

    async def give_back(self, before_ms: int) -> int:
        """Give a megabyte of what deleting has freed back to the disk; returns how many pages are still free. When none
        is, nothing that was deleted stands in a file of the journal any more, nor in a copy that was made before then
        by a migration (while somebody else reads: next time)."""
