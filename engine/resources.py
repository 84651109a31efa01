"""The one loader of the files that Offhook ships: `schemas/` and `flows/`.

In a checkout they are top-level folders; a wheel carries them inside the package (`engine/_data`).
Names are the same in both, with forward slashes: `schemas/flow.schema.json`.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

FOLDERS = ("schemas", "flows")


def read_bytes(name: str) -> bytes:
    """The file's content. `FileNotFoundError` when there is none of that name."""
    return _at(name).read_bytes()


def read_text(name: str) -> str:
    """The file's content as UTF-8 text, line ends as they are."""
    return read_bytes(name).decode()


def names(folder: str) -> tuple[str, ...]:
    """The names of all files under a folder, subfolders included, sorted; each fits `read_bytes`."""
    return tuple(sorted(_walk(_at(folder), folder.rstrip("/"))))


def _at(name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or parts[0] not in FOLDERS or ".." in parts:
        raise ValueError(f"{name!r} is not under one of {', '.join(FOLDERS)}")
    return _root().joinpath(*parts)


@cache
def _root() -> Path:
    """Wheels are unpacked when they are installed: there are files, and no need for what reads them out of archives."""
    package = Path(__file__).parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent


def _walk(folder: Path, name: str) -> Iterator[str]:
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, path)
        else:
            yield path
