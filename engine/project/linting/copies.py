"""Work that copies of this process share, on Linux: they have imported what it has, and who is done takes what comes next."""

import os
import pickle
import signal
import struct
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

_MOST = 1024
"""Portions of the work. Their numbers are written to a pipe at once, and that much any pipe takes."""
_NUMBER = struct.Struct("=i")
_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


class EndedFromOutsideError(Exception):
    """A copy has gone without a word."""


def shared(work: Callable[[_Item], _Done], items: Sequence[_Item], processes: int) -> list[_Done]:
    """What `work` gives for each item, in their order. This process is one of the `processes`. What one of them raises
    is raised here."""
    portions = [range(len(items))[first::_MOST] for first in range(min(_MOST, len(items)))]
    todo = _numbers(len(portions))

    def some() -> dict[int, _Done]:
        taken = (portions[number] for number in _taken(todo))
        return {at: work(items[at]) for portion in taken for at in portion}

    copies: list[_Copy] = []
    try:
        with _not_interrupted():
            copies += (_Copy(some) for _ in range(processes - 1))
        done = some()
        for one in copies:
            done |= one.answer()
    finally:
        os.close(todo)
        for one in copies:
            one.end()
    return [done[at] for at in range(len(items))]


def _numbers(count: int) -> int:
    """A pipe that holds the numbers below `count`, to be read."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(map(_NUMBER.pack, range(count))))
    os.close(writing)
    return reading


def _taken(todo: int) -> Iterator[int]:
    """Those that no other process has read; one is never read by halves."""
    while number := os.read(todo, _NUMBER.size):
        yield _NUMBER.unpack(number)[0]


class _Copy:
    """A copy of this process that does nothing but this work, and is not interrupted."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _tell(work, writing)
        os.close(writing)

    def answer(self) -> Any:
        with open(self._reading, "rb", closefd=False) as answered:
            told = answered.read()
        try:
            done, error = pickle.loads(told)  # written by `_tell`
        except (EOFError, pickle.UnpicklingError):
            raise EndedFromOutsideError from None
        if error is not None:
            raise error
        return done

    def end(self) -> None:
        """Whatever it is at."""
        os.close(self._reading)
        with suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _tell(work: Callable[[], object], writing: int) -> None:
    """Does not return: nobody but this process is to go on with what the other one was at."""
    try:
        try:
            told = pickle.dumps((work(), None))
        except BaseException as error:
            error.add_note(traceback.format_exc())
            told = pickle.dumps((None, error))
        with open(writing, "wb") as answer:
            answer.write(told)
    finally:
        os._exit(0)


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Processes that begin in here never are: whoever presses Ctrl-C means the first one, which ends the others."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
