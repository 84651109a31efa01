"""The thread that writes: it takes whatever waits, writes it in one transaction, wakes all waiters.

While the disk is busy with one transaction, the next one's batches gather in the queue: the busier
the runner, the larger the groups, with no delay added when it is idle. Waking costs the loop one
call per transaction, not one per batch.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anyio
from anyio.lowlevel import current_token

from engine.journal import batch
from engine.journal.base import Entry
from engine.journal.reader import failure
from engine.journal.wal import Wal
from engine.model.errors import EntryRefused, JournalError

MAX_GROUP = 512
"""Entries written in one transaction, at most: about 10 ms of work."""

_VALUES = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, OverflowError, UnicodeError)
"""What is wrong with a value and not with the file."""
Work = Callable[[sqlite3.Connection], Any]


class _Job:
    """A batch of entries, or other work, in a transaction of its own unless told."""

    __slots__ = ("done", "entries", "error", "result", "transaction", "wake", "work")

    def __init__(self, entries: Sequence[Entry], work: Work | None, transaction: bool = True) -> None:
        self.entries = entries
        self.work = work
        self.transaction = transaction
        self.done = anyio.Event()
        self.wake = _waker()
        self.error: JournalError | None = None
        self.result: Any = None


class Writer:
    """Owns the connection that writes, from construction to `close()`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._wal = Wal(path)
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self.events = self.transactions = 0
        self.write_s = 0.0
        self._thread = threading.Thread(target=self._run, name="offhook-journal", daemon=True)
        self._thread.start()

    async def commit(self, entries: Sequence[Entry]) -> None:
        if entries:
            await self._do(_Job(entries, None))

    async def call(self, work: Work, *, transaction: bool = True) -> Any:
        """Run `work` in the thread, in a transaction of its own, and return its result."""
        return await self._do(_Job((), work, transaction))

    def close(self) -> None:
        """Write what waits, then close the connection."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    async def _do(self, job: _Job) -> Any:
        if self._closed:
            raise JournalError(f"the journal {self._path} is closed")
        self._queue.put(job)
        await job.done.wait()
        if job.error is not None:
            raise job.error
        return job.result

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            jobs = [job]
            size = len(job.entries)
            closing = False
            while size < MAX_GROUP and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    closing = True
                    break
                jobs.append(following)
                size += len(following.entries)
            self._work_off(jobs)
            if closing:
                break
        self._connection.close()

    def _work_off(self, jobs: list[_Job]) -> None:
        batches = [job for job in jobs if job.work is None]
        error = self._attempt(batches)
        if error is None or len(batches) == 1 or not isinstance(error, EntryRefused):
            # (What is wrong with a full disk is wrong with each batch, and each try may wait for seconds.)
            for job in batches:
                job.error = error
        else:
            # One of them is at fault: each by itself, so that only that one fails.
            for job in batches:
                job.error = self._attempt([job])
        for job in jobs:
            if job.work is not None:
                self._call(job, job.work)
        _wake(jobs)
        self._wal.note()

    def _attempt(self, jobs: list[_Job]) -> JournalError | None:
        began_s = time.perf_counter()
        try:
            if len(jobs) == 1:
                batch.write(self._connection, jobs[0].entries)
            elif jobs:
                batch.write(self._connection, [entry for job in jobs for entry in job.entries])
        except JournalError as error:
            return error
        except _VALUES as error:
            return EntryRefused(f"the journal {self._path} cannot hold that: {error}")
        except sqlite3.Error as error:
            return failure(self._path, "write", error)
        except Exception as error:
            # A broken contract must not end the thread.
            return EntryRefused(f"the journal {self._path} could not be written: {error!r}")
        if jobs:
            self.events += sum(len(job.entries) for job in jobs)
            self.transactions += 1
            self.write_s += time.perf_counter() - began_s
        return None

    def _call(self, job: _Job, work: Work) -> None:
        try:
            with self._connection:
                if job.transaction:
                    self._connection.execute("BEGIN IMMEDIATE")
                job.result = work(self._connection)
        except sqlite3.Error as error:
            job.error = failure(self._path, "write", error)
        except Exception as error:
            job.error = JournalError(f"the journal {self._path} could not be written: {error!r}")


def _waker() -> Callable[..., object]:
    """How another thread calls a function on this event loop, on asyncio and on trio."""
    token: Any = current_token()
    native = getattr(token, "native_token", token)
    return getattr(native, "run_sync_soon", None) or native.call_soon_threadsafe  # type: ignore[no-any-return]


def _wake(jobs: list[_Job]) -> None:
    by_loop: dict[Callable[..., object], list[_Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.wake, []).append(job)
    for wake, woken in by_loop.items():
        try:
            wake(_set, woken)
        except Exception:
            # The loop is gone, and with it whoever waited.
            continue


def _set(jobs: list[_Job]) -> None:
    for job in jobs:
        job.done.set()
