"""A folder of flows as one consistent snapshot: paths to bytes, and the bundles that they make.

The compiler is imported only where a flow is read for what it names.
"""

import errno
import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from stat import S_ISDIR, S_ISREG
from typing import Any

from msgspec import Struct

from engine.model.bundle import CALENDAR_SUFFIX as CALENDAR
from engine.model.bundle import FLOW_SUFFIX, TEST_SUFFIX, Bundle
from engine.model.errors import ConfigurationError
from engine.model.limits import MAX_FILE_BYTES
from engine.project import zones

FLOW = FLOW_SUFFIX
LIBRARY = "lib"
"""The folder of the flows that others call, below the flows folder."""
TEST = TEST_SUFFIX
_BOM = "\ufeff"
_STILL_S = 2
"""Longer than the steps of any file system's clock: what changes after that is seen."""


class FlowFile(Struct, frozen=True):
    """A flow to compile: the name that diagnostics use for its file, and its bundle."""

    file: str
    bundle: Bundle


def find(paths: Iterable[Path], suffixes: tuple[str, ...] = (FLOW, CALENDAR)) -> list[Path]:
    """The files named, and the flows and calendars in the folders named, sorted and without repetition.

    `ConfigurationError` for a path that is not there, or is neither file nor folder (reading a pipe would wait for ever).
    """
    found: dict[Path, None] = {}
    for path in paths:
        if os.path.isdir(path):  # as pathlib's, but no error where nobody may look
            found.update(
                dict.fromkeys(
                    sorted(one for one in path.rglob("*.yaml") if one.name.endswith(suffixes) and _is_file(one))
                )
            )
        elif _is_file(path):
            found[path] = None
        elif path.exists():
            raise ConfigurationError(f"{path} is not a regular file.", help="Name a flow file, or a folder with some.")
        else:
            raise nothing_at(path)
    return list(found)


def no_calendar(use: str) -> ConfigurationError:
    """Where a flow has a use of type calendar, and its folder has no calendar at all."""
    advice = (
        f"Write calendars/{use}.calendar.yaml in the folder of the flows: `calendar: {use}`, a `zone`, and `hours`."
    )
    return ConfigurationError(f"There is no calendar for `uses.{use}`.", help=advice)


def nothing_at(path: Path) -> ConfigurationError:
    advice = f"Name a flow file, or a folder with some, as seen from {os.getcwd()}."
    return ConfigurationError(f"There is no file or folder {path}.", help=advice)


def _is_file(path: Path) -> bool:
    """One that may not even be looked at counts: whoever reads it says why not."""
    try:
        return path.is_file()
    except OSError:
        return True


def read(path: Path, uses: Mapping[str, Any] | None = None) -> FlowFile:
    """The flow with the files beside it that it refers to, and the calendars that `uses` bind its own to.
    A file that cannot be read is an OSError."""
    data = read_file(path)
    folder = folder_of(path)
    return FlowFile(str(path), gather(name(path), data, partial(read_beside, folder), uses))


def read_file(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    """Of a file that is too large the first bytes, which are too many. What is no regular file is an OSError: a pipe would
    keep who reads it waiting, and a device may never end. So is a name that is no text: nobody could be told of it."""
    if _named_oddly(path):
        raise OSError(errno.EILSEQ, "its name is not UTF-8", str(path))
    found = path.stat()
    if S_ISDIR(found.st_mode):
        os.listdir(path)  # or an error that says why not
        raise OSError(errno.EISDIR, "it is a folder", str(path))
    if not S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe, a socket or a device", str(path))
    with path.open("rb") as file:
        return file.read(most + 1)


def _named_oddly(path: Path) -> bool:
    """Python has characters of its own for bytes that are none."""
    return not str(path).isascii() and any("\ud800" <= one <= "\udfff" for one in str(path))


def text_of(data: bytes) -> str:
    """As editors show it."""
    return data.decode("utf-8", "replace").removeprefix(_BOM)


def tests_beside(path: Path) -> frozenset[str]:
    """The names of the test files in the file's folder. Of a folder that has stood still for a while they are looked for
    once: with 2,000 flows in it, that would be 2,000 times as many names."""
    changed = path.parent.stat().st_mtime
    stands_still = time.time() - changed > _STILL_S
    return _tests_in(path.parent, changed) if stands_still else _tests_in.__wrapped__(path.parent, changed)


@lru_cache(maxsize=64)
def _tests_in(folder: Path, changed: float) -> frozenset[str]:
    with os.scandir(folder) as entries:
        return frozenset(one.name for one in entries if one.name.endswith(TEST))


def tests_of(path: Path, beside: frozenset[str]) -> dict[str, bytes | None]:
    """The flow's own test file by its name below the flows folder, if there is one."""
    name = path.name.removesuffix(FLOW) + TEST
    below = (path.parent / name).relative_to(folder_of(path)).as_posix()
    return {below: read_beside(folder_of(path), below)} if name in beside else {}


def folder_of(path: Path) -> Path:
    """The flows folder of a flow, which may stand in `lib`."""
    return path.parent.parent if path.parent.name == LIBRARY else path.parent


def calendars(folder: Path) -> list[str]:
    """The names of the calendars beside the flows of the folder, sorted."""
    from engine.compile import path_of

    found = (path.name.removesuffix(CALENDAR) for path in folder.glob(path_of("*")) if path.is_file())
    return sorted(found)


def name(path: Path) -> str:
    """The flow's name, which its file has too."""
    return path.name.removesuffix(FLOW) if path.name.endswith(FLOW) else path.stem


def gather(
    name: str, data: bytes, read: Callable[[str], bytes | None], uses: Mapping[str, Any] | None = None
) -> Bundle:
    """The bundle of a flow. `read` gives a file below the flows folder, or None: what is missing is reported
    where it is named."""
    from engine.compile import needs, zones_named
    from engine.expr import ZONES

    files = {f"{name}{FLOW}": data}
    wanted = list(needs(data, uses))
    while wanted:
        path = wanted.pop()
        if path not in files and (found := read(path)) is not None:
            files[path] = found
            wanted += needs(found, uses) if path.endswith(FLOW) else ()
    for zone in zones_named(files):
        if (found := zones.load(zone)) is not None:
            files[f"{ZONES}/{zone}"] = found
    return Bundle(name, files)


def named(bundle: Bundle) -> dict[str, bytes | None]:
    """What the flows of a bundle name below their folder, and the content; None for what is not there."""
    from engine.compile import needs

    texts = (data for path, data in bundle.files.items() if path.endswith(FLOW))
    return {one: bundle.files.get(one) for data in texts for one in needs(data)}


def below(folder: Path, name: str) -> Path | None:
    """Where a flow finds what it names below the flows folder; None for what leads out of it."""
    path = folder / name
    return path if ".." not in PurePosixPath(name).parts and path.is_relative_to(folder) else None


def read_beside(folder: Path, name: str) -> bytes | None:
    """What a flow names below the flows folder; None for what is not there."""
    path = below(folder, name)
    return read_file(path) if path is not None and path.is_file() else None
