"""All files to their findings: known ones from the cache, the others checked, in several processes where that pays."""

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from engine.lint.report import Checked
from engine.lint.settings import Settings
from engine.model.bundle import TEST_SUFFIX
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
    return _once([known.get(path) or found[path] for path in files])


def _once(every: list[Checked]) -> tuple[Checked, ...]:
    """What a flow's findings say of a test file that is checked as well is said there."""
    own = {
        (one.file, each.start, each.code) for one in every if one.file.endswith(TEST_SUFFIX) for each in one.findings
    }
    return tuple(_without(one, own) for one in every) if own else tuple(every)


def _without(one: Checked, said: set[tuple[str, int, str]]) -> Checked:
    left = tuple(
        each for each in one.findings if each.file == one.file or (each.file, each.start, each.code) not in said
    )
    return one if len(left) == len(one.findings) else replace(one, findings=left)


def _checked(files: list[Path], settings: Settings, cache: Cache | None, jobs: int) -> list[Checked]:
    workers = min(jobs or min(_processors(), _MOST), len(files))
    if not jobs and sum(_size(path) for path in files) < PARALLEL_BYTES:
        workers = 1
    collecting = gc.isenabled()
    gc.disable()
    try:
        from engine.project.checking import check  # the compiler, and all rules: nothing of that is ever garbage

        gc.freeze()
        if len(files) > workers * _FEW:
            gc.enable()
        with without_protobuf():
            one = partial(check, settings=settings, cache=cache)
            return [*map(one, files)] if workers == 1 else _in_processes(one, files, workers)
    finally:
        if collecting:
            gc.freeze()  # or all that is left of the files would be looked through once, only to end after that
            gc.enable()


def _in_processes(check: Callable[[Path], Checked], files: list[Path], workers: int) -> list[Checked]:
    if sys.platform == "linux":
        from engine.project.linting.copies import EndedFromOutsideError, shared
    else:
        from engine.project.linting.pool import EndedFromOutsideError, shared
    # Large ones first, or the last process would still be at one while the others have nothing left to do.
    order = sorted(files, key=_size, reverse=True)
    try:
        found = dict(zip(order, shared(check, order, workers), strict=True))
    except EndedFromOutsideError:
        raise ConfigurationError(
            "A process that checked files was ended from outside.", help="Is there enough memory? Try --jobs 1."
        ) from None
    return [found[path] for path in files]


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
