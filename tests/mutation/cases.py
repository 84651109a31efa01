"""The cases of a flow's own test file, as scenarios."""

from pathlib import Path

from engine.model.graph import FlowGraph
from engine.simulate.cases import given, reading
from engine.simulate.scenario import Scenario


def cases(flow: Path, graph: FlowGraph, calendars: dict[str, str]) -> list[Scenario]:
    """None where there is no such file. Cases that are wrong by themselves are another test's business."""
    path = flow.with_name(flow.name.replace(".flow.yaml", ".test.yaml"))
    if not path.is_file():
        return []
    tests = reading.read(str(path), graph.flow, path.read_bytes())
    return [given.read(case, graph, calendars).scenario for case in tests.cases]
