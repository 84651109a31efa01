"""Work that several processes share where a process cannot be copied: they begin anew, and import all for themselves."""

import gc
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from engine.project.linting.copies import EndedFromOutsideError

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


def shared(work: Callable[[_Item], _Done], items: Sequence[_Item], processes: int) -> list[_Done]:
    """As `copies.shared`; `work` and the items have to be what pickle can send."""
    pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=(gc.isenabled(),))
    try:
        return list(pool.map(work, items, chunksize=max(1, len(items) // (processes * 8))))
    except BrokenProcessPool:
        raise EndedFromOutsideError from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(collecting: bool) -> None:
    """Whoever presses Ctrl-C means the first process, which ends the others. Garbage is collected as it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not collecting:
        gc.disable()
