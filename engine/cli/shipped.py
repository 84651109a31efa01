"""The flows that Offhook ships, from a checkout or from the wheel."""

from pathlib import PurePath, PurePosixPath

from engine.compile import needs, suffix
from engine.model.bundle import Bundle
from engine.project.flows import FlowFile
from engine.resources import names, read_bytes

_FOLDER = "flows"
_FLOW = ".flow.yaml"


def flow(name: str) -> FlowFile:
    path = f"{_FOLDER}/{suffix(name)}"
    data = read_bytes(path)
    there = set(names(_FOLDER))
    beside = {one: read_bytes(f"{_FOLDER}/{one}") for one in needs(data) if str(PurePosixPath(_FOLDER, one)) in there}
    return FlowFile(path, Bundle(name, {suffix(name): data, **beside}))


def known() -> list[str]:
    """Their names, sorted."""
    paths = (PurePosixPath(path) for path in names(_FOLDER))
    return [path.name.removesuffix(_FLOW) for path in paths if len(path.parts) == 2 and path.name.endswith(_FLOW)]


def named(path: PurePath) -> str:
    """The flow that is meant by `reception`, `reception.flow.yaml` or `flows/reception.flow.yaml`; empty when none is."""
    if str(path.parent) not in (".", _FOLDER):
        return ""
    name = path.name.removesuffix(_FLOW)
    return name if name in known() else ""
