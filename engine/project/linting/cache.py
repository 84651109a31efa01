"""Findings of earlier runs, in `.offhook_cache`.

A file's findings are taken from there when everything that they came from is as it was: the file itself, by its digest;
what it names below its folder, by digest or by not being there; the names of the tests beside it; the settings; and this
program, by the look of every file of it and the versions of all packages around it.

An entry is a file of its own that replaces another in one step, so processes do not disturb each other, and begins with
its own digest, so a damaged one is none. Whatever goes wrong here, the file is checked as if there were no cache.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

import engine
from engine.lint.finding import Finding
from engine.lint.report import Checked
from engine.lint.settings import Settings
from engine.model.bundle import CALENDAR_SUFFIX as CALENDAR
from engine.project import flows
from engine.project.linting.settings import is_root

NAME = ".offhook_cache"
_FORMAT = 1
_KEPT = 4
"""So many folders of entries: there is one for each state of program and settings. The oldest go."""
_CROWDED = 20_000
"""More entries than that are of files that are long gone."""
_DIGEST = 32
_OURS = re.compile("[0-9a-f]{32}")

Named = Mapping[str, bytes | None]
"""What a flow names below its folder, and the content; None for what is not there."""


class _Entry(Struct, frozen=True, array_like=True):
    """`own` and the values of `named` are digests, empty for what is not there."""

    own: bytes
    named: tuple[tuple[str, bytes], ...]
    beside: tuple[str, ...]
    findings: tuple[Finding, ...]


class Cache:
    """`folder` is made when the first entry is kept. One cache serves one run."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._top = folder
        self._folder = folder / _state(settings).hex()[:32]
        self._ready = False

    def find(self, path: Path) -> Checked | None:
        """The file's findings, if they are known."""
        try:
            entry = _decoded((self._folder / _key(path)).read_bytes())
            data = flows.read_file(path)
            if entry is None or entry.own != _digest(data) or not all(_same(path, *one) for one in entry.named):
                return None
            if entry.beside != _beside(path):
                return None
            others = {one.file for one in entry.findings} - {str(path)}
            texts = {file: flows.text_of(flows.read_file(Path(file))) for file in others}
        except OSError:
            return None
        text = flows.text_of(data)
        return Checked(file=str(path), calendar=_is_calendar(path), findings=entry.findings, text=text, beside=texts)

    def keep(
        self, path: Path, data: bytes, named: Named, beside: frozenset[str], findings: tuple[Finding, ...]
    ) -> None:
        """`data` is what was checked, and `named` what was read for it."""
        digests = tuple((name, b"" if one is None else _digest(one)) for name, one in sorted(named.items()))
        entry = _Entry(_digest(data), digests, tuple(sorted(beside)), findings)
        body = msgspec.msgpack.encode(entry)
        place = self._folder / _key(path)
        written = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            self._make_ready()
            written.write_bytes(_digest(body) + body)
            written.replace(place)
        except OSError:
            with suppress(OSError):
                written.unlink()

    def _make_ready(self) -> None:
        if self._ready:
            return
        if self._top.is_symlink():
            raise NotADirectoryError  # whatever it leads to, it is not ours to write to, or to clear
        self._folder.mkdir(parents=True, exist_ok=True)
        ignored = self._top / ".gitignore"
        if not ignored.exists():
            ignored.write_text("# Made by `offhook lint`. May be removed at any time.\n*\n", encoding="utf-8")
        self._ready = True
        os.utime(self._folder)
        _make_room(self._top)


def beside(here: Path, settings: Settings) -> Cache | None:
    """In the root of the repository, else where the command was given. None where this program cannot be looked at."""
    root = next((one for one in (here, *here.parents) if is_root(one)), here)
    try:
        return Cache(root / NAME, settings)
    except OSError:
        return None


def _make_room(top: Path) -> None:
    with os.scandir(top) as entries:
        ours = (one for one in entries if _OURS.fullmatch(one.name) and one.is_dir(follow_symlinks=False))
        folders = sorted(ours, key=lambda one: one.stat().st_mtime)
    crowded = [one for one in folders[-1:] if len(os.listdir(one.path)) > _CROWDED]
    for old in (*folders[:-_KEPT], *crowded):
        for name in os.listdir(old.path):
            os.unlink(os.path.join(old.path, name))
    for old in folders[:-_KEPT]:
        os.rmdir(old.path)


def _decoded(data: bytes) -> _Entry | None:
    body = data[_DIGEST:]
    if data[:_DIGEST] != _digest(body):
        return None
    try:
        return msgspec.msgpack.decode(body, type=_Entry)
    except msgspec.MsgspecError:
        return None


def _key(path: Path) -> str:
    """Findings name the file as it was named, so that is part of it."""
    return _digest(f"{path}\0{os.path.abspath(path)}".encode(errors="surrogateescape")).hex()[:40]


def _same(path: Path, name: str, digest: bytes) -> bool:
    found = flows.read_beside(flows.folder_of(path), name)
    return digest == (b"" if found is None else _digest(found))


def _beside(path: Path) -> tuple[str, ...]:
    return () if _is_calendar(path) else tuple(sorted(flows.tests_beside(path)))


def _is_calendar(path: Path) -> bool:
    return path.name.endswith(CALENDAR)


def _digest(data: bytes) -> bytes:
    return sha256(data).digest()


def _state(settings: Settings) -> bytes:
    """Of all that decides about findings, but for the files."""
    chosen = msgspec.json.encode(replace(settings, baseline="", here=""), order="deterministic")
    parts = (str(_FORMAT), engine.__version__, sys.version, chosen.decode(), *_program(), *_packages())
    return _digest("\0".join(parts).encode(errors="surrogateescape"))


def _program() -> list[str]:
    """Every file of ours, by size and time: a checkout changes without a new version."""
    found: list[str] = []
    package = Path(engine.__file__).parent
    tops = [str(package), *(str(one) for one in (package.parent / "schemas",) if not (package / "_data").is_dir())]
    while tops:
        with os.scandir(tops.pop()) as entries:
            for one in entries:
                if one.is_dir():
                    tops += [one.path] if one.name != "__pycache__" else []
                else:
                    look = one.stat()
                    found.append(f"{one.path} {look.st_size} {look.st_mtime_ns}")
    return sorted(found)


def _packages() -> Iterator[str]:
    """The names of what is installed beside us have versions in them (`tzdata-2026.6.dist-info`)."""
    for place in dict.fromkeys(sys.path):
        try:
            names = os.listdir(place or ".")
        except OSError:
            continue
        yield from sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))
