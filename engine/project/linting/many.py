"""All files to their findings: known ones from the cache, the others checked, in several processes where that pays."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.lint.report import Checked
from engine.lint.settings import Settings
from engine.model.errors import ConfigurationError
from engine.project.linting.cache import Cache
from engine.project.without_protobuf import without_protobuf

PARALLEL_BYTES = 150_000
"""Below that, starting processes takes longer than they save."""
_MOST = 8
_FEW = 100
"""So many files of a process leave little behind (0.25 MB each): collecting that would take longer than it is there for."""


def check_all(files: list[Path], settings: Settings, cache: Cache | None, jobs: int = 0) -> tuple[Checked, ...]:
    """In the order of the files. `jobs`: how many processes; 0: as many as there are processors, if it pays."""
    known = {path: cache.find(path) for path in files} if cache is not None else {}
    unknown = [path for path in files if known.get(path) is None]
    found = dict(zip(unknown, _checked(unknown, settings, cache, jobs), strict=True)) if unknown else {}
    return tuple(known.get(path) or found[path] for path in files)


def _checked(files: list[Path], settings: Settings, cache: Cache | None, jobs: int) -> list[Checked]:
    workers = min(jobs or min(_processors(), _MOST), len(files))
    collecting = gc.isenabled()
    gc.disable()
    try:
        from engine.project.checking import check  # the compiler, and all rules: nothing of that is ever garbage

        gc.freeze()
        with without_protobuf():
            if workers > 1 and (jobs or sum(_size(path) for path in files) >= PARALLEL_BYTES):
                return _in_processes(files, settings, cache, workers)
            if len(files) > _FEW:
                gc.enable()
            return [check(path, settings, cache) for path in files]
    finally:
        if collecting:
            gc.enable()


def _in_processes(files: list[Path], settings: Settings, cache: Cache | None, workers: int) -> list[Checked]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    from engine.project.checking import check

    context = get_context("fork" if sys.platform == "linux" else None)
    # Large ones first, or the last process would still be at one while the others have nothing left to do.
    order = sorted(files, key=_size, reverse=True)
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(len(files) > workers * _FEW,))
    try:
        chunk = max(1, len(order) // (workers * 8))
        with _not_interrupted():
            done = pool.map(check, order, [settings] * len(order), [cache] * len(order), chunksize=chunk)
        found = dict(zip(order, done, strict=True))
    except BrokenProcessPool:
        raise ConfigurationError(
            "A process that checked files was ended from outside.", help="Is there enough memory? Try --jobs 1."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
    return [found[path] for path in files]


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Processes that begin in here never are: whoever presses Ctrl-C means the first one, which ends the others."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(many: bool) -> None:
    """A process of the pool, which may have been started later than the others. Of `many` files garbage is collected."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if many:
        gc.enable()
    else:
        gc.disable()


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
