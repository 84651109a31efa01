"""The flows of a folder as they stood at one moment, though somebody may be writing them."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

from msgspec import Struct

from engine.model.errors import ConfigurationError
from engine.project import flows
from engine.project.flows import FlowFile

_BESIDE = ("swml", "lib", "calendars")
"""Folders beside flows whose files flows refer to."""
_SETTLE_S = 0.2
"""A file that was not touched for so long is taken to be whole. Longer than the steps of any file system's clock."""

Looks = Mapping[str, tuple[int, ...]]
"""By path: size, times and number of the file, which no change leaves as they are."""


class Snapshot(Struct, frozen=True):
    """`looks` is how the folder looked while it was read; `unreadable` are flows by name, each with a line."""

    looks: Looks
    flows: tuple[FlowFile, ...] = ()
    unreadable: Mapping[str, str] = {}


def look(folder: Path) -> Looks:
    """Every file that a flow is made of. A folder that is not there looks empty."""
    found = {str(path): look_at(path) for path in _files(folder)}
    return {path: seen for path, seen in found.items() if seen}


def settled(folder: Path, uses: Mapping[str, Any], pause: Callable[[float], None] = time.sleep) -> Snapshot | None:
    """The folder, if nothing has changed for a while before and while it was read; else None: ask again.

    Blocks. `ConfigurationError` when there is no such folder.
    """
    before = look(folder)
    pause(_SETTLE_S)
    found = read(folder, uses)
    return found if found.looks == before == look(folder) else None


def read(folder: Path, uses: Mapping[str, Any]) -> Snapshot:
    """The folder as it stands; what its flows call is theirs, and no flow by itself. `ConfigurationError` when there is
    no folder."""
    if not folder.is_dir():
        raise ConfigurationError(
            f"There is no folder of flows {folder}.",
            help="Set `flows` in the environment file to the folder that has them, counted from that file's own.",
        )
    looks = look(folder)
    found: list[FlowFile] = []
    unreadable: dict[str, str] = {}
    for path in flows.find([folder], (flows.FLOW,)):
        if _is_hidden(path.relative_to(folder)) or path.parent == folder / flows.LIBRARY:
            continue
        try:
            found.append(flows.read(path, uses))
        except OSError as error:
            unreadable[flows.name(path)] = f"{path} cannot be read: {error.strerror or error}"
    return Snapshot(looks, tuple(found), unreadable)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        beside = any(part in _BESIDE for part in Path(place).relative_to(folder).parts)
        yield from (Path(place, name) for name in names if beside or name.endswith(flows.FLOW))


def _is_hidden(path: Path) -> bool:
    """In a folder such as .git, or where a deployment keeps the versions that links lead to."""
    return any(part.startswith(".") for part in path.parts[:-1])


def look_at(path: Path | None) -> tuple[int, ...]:
    """Empty for what is no file (any more)."""
    if path is None:
        return ()
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino) if S_ISREG(found.st_mode) else ()
