"""The flows that Offhook ships, from a checkout or from the wheel."""

from pathlib import PurePosixPath

from engine.compile import needs, suffix
from engine.model.bundle import Bundle
from engine.project.flows import FlowFile
from engine.resources import names, read_bytes


def flow(name: str) -> FlowFile:
    path = f"flows/{suffix(name)}"
    data = read_bytes(path)
    there = set(names("flows"))
    beside = {one: read_bytes(f"flows/{one}") for one in needs(data) if str(PurePosixPath("flows", one)) in there}
    return FlowFile(path, Bundle(name, {suffix(name): data, **beside}))
