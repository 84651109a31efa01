"""The flows that Offhook ships, from a checkout or from the wheel."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from engine.compile import suffix
from engine.project.flows import FlowFile, gather
from engine.resources import names, read_bytes


def flow(name: str, uses: Mapping[str, Any] | None = None) -> FlowFile:
    path = f"flows/{suffix(name)}"
    return FlowFile(path, gather(name, read_bytes(path), _beside, uses))


def _beside(name: str) -> bytes | None:
    path = str(PurePosixPath("flows", name))
    return read_bytes(path) if path in names("flows") else None
