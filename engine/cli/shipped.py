"""The flows that Offhook ships, from a checkout or from the wheel."""

from collections.abc import Mapping
from pathlib import PurePath, PurePosixPath
from typing import Any

from engine.compile import CALENDAR, path_of, suffix
from engine.project.flows import FLOW, FlowFile, gather
from engine.resources import names, read_bytes

_FOLDER = "flows"


def flow(name: str, uses: Mapping[str, Any] | None = None) -> FlowFile:
    path = f"{_FOLDER}/{suffix(name)}"
    return FlowFile(path, gather(name, read_bytes(path), _beside, uses))


def _beside(name: str) -> bytes | None:
    path = str(PurePosixPath(_FOLDER, name))
    return read_bytes(path) if path in names(_FOLDER) else None


def known() -> list[str]:
    """Their names, sorted."""
    paths = (PurePosixPath(path) for path in names(_FOLDER))
    return [path.name.removesuffix(FLOW) for path in paths if len(path.parts) == 2 and path.name.endswith(FLOW)]


def calendars() -> list[str]:
    """The names of the calendars beside them, sorted."""
    there = names(_FOLDER)
    found = {PurePosixPath(path).name.removesuffix(CALENDAR) for path in there if path.endswith(CALENDAR)}
    return sorted(name for name in found if f"{_FOLDER}/{path_of(name)}" in there)


def named(path: PurePath) -> str:
    """The flow that is meant by `reception`, `reception.flow.yaml` or `flows/reception.flow.yaml`; empty when none is."""
    if str(path.parent) not in (".", _FOLDER):
        return ""
    name = path.name.removesuffix(FLOW)
    return name if name in known() else ""
