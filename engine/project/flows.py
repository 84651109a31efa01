"""A folder of flows as one consistent snapshot: paths to bytes, and the bundles that they make."""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from engine.compile import CALENDAR, needs, path_of, suffix, zones_named
from engine.expr import ZONES
from engine.model.bundle import Bundle
from engine.model.errors import ConfigurationError
from engine.project import zones

FLOW = ".flow.yaml"
LIBRARY = "lib"
"""The folder of the flows that others call, below the flows folder."""


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
            raise ConfigurationError(f"There is no file or folder {path}.", help="Check the path.")
    return list(found)


def _is_file(path: Path) -> bool:
    """One that may not even be looked at counts: whoever reads it says why not."""
    try:
        return path.is_file()
    except OSError:
        return True


def read(path: Path, uses: Mapping[str, Any] | None = None) -> FlowFile:
    """The flow with the files beside it that it refers to, and the calendars that `uses` bind its own to.
    A file that cannot be read is an OSError."""
    data = path.read_bytes()
    folder = folder_of(path)
    return FlowFile(str(path), gather(name(path), data, partial(_beside, folder), uses))


def folder_of(path: Path) -> Path:
    """The flows folder of a flow, which may stand in `lib`."""
    return path.parent.parent if path.parent.name == LIBRARY else path.parent


def calendars(folder: Path) -> list[str]:
    """The names of the calendars beside the flows of the folder, sorted."""
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
    files = {suffix(name): data}
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


def below(folder: Path, name: str) -> Path | None:
    """Where a flow finds what it names below the flows folder; None for what leads out of it."""
    path = folder / name
    return path if ".." not in PurePosixPath(name).parts and path.is_relative_to(folder) else None


def _beside(folder: Path, name: str) -> bytes | None:
    path = below(folder, name)
    return path.read_bytes() if path is not None and path.is_file() else None
