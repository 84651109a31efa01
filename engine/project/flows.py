"""A folder of flows as one consistent snapshot: paths to bytes, and the bundles that they make."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from engine.compile import needs, suffix
from engine.model.bundle import Bundle
from engine.model.errors import ConfigurationError

_FLOW = ".flow.yaml"


class FlowFile(Struct, frozen=True):
    """A flow to compile: the name that diagnostics use for its file, and its bundle."""

    file: str
    bundle: Bundle


def find(paths: Iterable[Path]) -> list[Path]:
    """The flow files named, and those in the folders named, sorted and without repetition.

    `ConfigurationError` for a path that is not there, or is neither file nor folder (reading a pipe would wait for ever).
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(one for one in path.rglob(f"*{_FLOW}") if one.is_file())))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise ConfigurationError(f"{path} is not a regular file.", help="Name a flow file, or a folder with some.")
        else:
            raise ConfigurationError(f"There is no file or folder {path}.", help="Check the path.")
    return list(found)


def read(path: Path) -> FlowFile:
    """The flow with the files beside it that it refers to. A file that cannot be read is an OSError."""
    data = path.read_bytes()
    return FlowFile(str(path), _bundle(name(path), data, _beside(path.parent, needs(data))))


def name(path: Path) -> str:
    """The flow's name, which its file has too."""
    return path.name.removesuffix(_FLOW) if path.name.endswith(_FLOW) else path.stem


def _bundle(name: str, data: bytes, beside: Mapping[str, bytes]) -> Bundle:
    return Bundle(name, {suffix(name): data, **beside})


def _beside(folder: Path, needed: Iterable[str]) -> dict[str, bytes]:
    """The needed files that exist in the folder; the compiler reports the others where they are named."""
    found: dict[str, bytes] = {}
    for name in needed:
        path = folder / name
        if ".." not in PurePosixPath(name).parts and path.is_relative_to(folder) and path.is_file():
            found[name] = path.read_bytes()
    return found
