"""The open documents over those on disk, and what a path is."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from engine.compile import CALENDAR, yaml_reader
from engine.compile.located import Scalar, entries
from engine.editing.document import Beside, Kind
from engine.model.bundle import Bundle
from engine.project import flows
from engine.project.flows import TEST

ENVIRONMENT = ".env.yaml"
_SUFFIXES: Mapping[str, Kind] = {flows.FLOW: "flow", CALENDAR: "calendar", ENVIRONMENT: "environment", TEST: "test"}
_SWML = (".yaml", ".yml", ".json")


def kind_of(path: Path, text: str = "") -> Kind | None:
    """By its name; a document that has none yet by its first key."""
    for suffix, kind in _SUFFIXES.items():
        if path.name.endswith(suffix):
            return kind
    if "swml" in path.parts[:-1] and path.suffix in _SWML:
        return "swml"
    return "flow" if not path.suffix and text.lstrip().startswith("flow:") else None


def flows_folder(path: Path, kind: Kind) -> Path:
    """The folder of flows that it belongs to."""
    if kind == "swml":
        last = len(path.parts) - 1 - path.parts[::-1].index("swml")
        return Path(*path.parts[:last])
    inner = {"calendar": "calendars", "environment": "environments"}.get(kind, flows.LIBRARY)
    return path.parent.parent if path.parent.name == inner else path.parent


class Files:
    """`open` are the texts in the editor, which may not be on disk. Read from threads while the editor goes on."""

    def __init__(self) -> None:
        self.open: dict[Path, str] = {}

    def read(self, path: Path) -> bytes | None:
        if path in self.open:
            return self.open[path].encode()
        try:
            return path.read_bytes() if path.is_file() else None
        except OSError:
            return None

    def bundle(self, path: Path) -> Bundle | None:
        """Of a flow, with what stands beside it."""
        data = self.read(path)
        return (
            None if data is None else flows.gather(flows.name(path), data, partial(self._below, flows.folder_of(path)))
        )

    def names(self, folder: Path) -> frozenset[str]:
        """What a folder holds, in files and in the editor."""
        try:
            on_disk = os.listdir(folder)
        except OSError:
            on_disk = []
        return frozenset((*on_disk, *(path.name for path in list(self.open) if path.parent == folder)))

    def beside(self, folder: Path) -> Beside:
        calendars = self._named(folder / "calendars", CALENDAR)
        return Beside(
            flows=self._named(folder, flows.FLOW),
            subflows=self._named(folder / flows.LIBRARY, flows.FLOW),
            swml=tuple(sorted(name for name in self.names(folder / "swml") if name.endswith(_SWML))),
            calendars=calendars,
            bound=self._bound(folder, frozenset(calendars)),
        )

    def _named(self, folder: Path, suffix: str) -> tuple[str, ...]:
        return tuple(sorted(name.removesuffix(suffix) for name in self.names(folder) if name.endswith(suffix)))

    def _below(self, folder: Path, name: str) -> bytes | None:
        path = flows.below(folder, name)
        return None if path is None else self.read(path)

    def _bound(self, folder: Path, calendars: frozenset[str]) -> dict[str, tuple[str, ...]]:
        """The calendars that environments bind uses to."""
        found: dict[str, tuple[str, ...]] = {}
        inner = folder / "environments"
        for name in sorted(self.names(inner)) if calendars else ():
            data = self.read(inner / name) if name.endswith(ENVIRONMENT) else None
            for use, calendar in _uses(data) if data is not None else ():
                if calendar in calendars:
                    found[use] = tuple(dict.fromkeys((*found.get(use, ()), calendar)))
        return found


def _uses(data: bytes) -> list[tuple[str, str]]:
    root, _ = yaml_reader.read("", data)
    return [(key.text, value.text) for key, value in entries(root, "uses") if isinstance(value, Scalar)]
