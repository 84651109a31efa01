"""A folder of flows, and the same with one file changed: bundles, graphs and findings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from engine.compile import CALENDAR, compile_bundle, compile_calendar, zone_named
from engine.lint.finding import Finding
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from engine.model.diagnostics import Diagnostic
from engine.model.graph import FlowGraph
from engine.project import flows, zones

Said = Counter[tuple[str, str, str]]
"""Errors and warnings: file, code and step (or section), without the lines in which they stand."""


class Folder:
    """`changed` are files in place of those on disk, by their paths in the folder."""

    def __init__(self, root: Path, changed: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._changed = changed or {}

    @cached_property
    def files(self) -> list[str]:
        """Flows, those that others call, SWML and calendars, as paths in the folder."""
        found = (str(path.relative_to(self.root)) for path in sorted(self.root.rglob("*.yaml")))
        return [one for one in found if one.endswith((flows.FLOW, CALENDAR)) or one.startswith("swml/")]

    @cached_property
    def flows(self) -> list[str]:
        """The flows that calls begin with."""
        return [one for one in self.files if one.endswith(flows.FLOW) and not one.startswith(f"{flows.LIBRARY}/")]

    def text(self, path: str) -> str:
        return self._changed.get(path) or (self.root / path).read_text(encoding="utf-8")

    def bundle(self, path: str, calendars: Mapping[str, str] | None = None) -> Bundle:
        """`calendars`: those that its uses are bound to, as a call has them."""
        return flows.gather(flows.name(Path(path)), self.text(path).encode(), self._read, calendars)

    def graph(self, path: str, calendars: Mapping[str, str]) -> FlowGraph | None:
        return compile_bundle(self.bundle(path, calendars), file=path).graph

    def calendars(self, path: str) -> dict[str, str]:
        """Each use of type calendar is bound to the calendar of its name, else to the first that there is."""
        graph = compile_bundle(self.bundle(path), file=path).graph
        there = flows.calendars(self.root)
        wanted = [name for name, one in graph.uses.items() if one.calendar] if graph is not None else []
        return {name: next((one for one in there if one in name), there[0] if there else "") for name in wanted}

    def said(self, path: str) -> Said:
        """What is said against a flow or calendar; of SWML its flows' findings speak."""
        if path.endswith(CALENDAR):
            return _counted(path, self._of_calendar(path))
        if not path.endswith(flows.FLOW):
            return Counter()
        return _counted(path, lint(self.bundle(path), file=path, settings=Settings(), beside=self._tests))

    def _of_calendar(self, path: str) -> tuple[Diagnostic, ...]:
        data = self.text(path).encode()
        zone = zone_named(data)
        rules = zones.load(zone)
        return compile_calendar(
            Path(path).name.removesuffix(CALENDAR), data, {zone: rules} if rules else {}, file=path
        ).diagnostics

    @cached_property
    def _tests(self) -> frozenset[str]:
        return frozenset(path.name for path in self.root.glob("*.test.yaml"))

    def _read(self, path: str) -> bytes | None:
        if path in self._changed:
            return self._changed[path].encode()
        whole = self.root / path
        return whole.read_bytes() if whole.is_file() else None


def _counted(path: str, found: Iterable[Diagnostic | Finding]) -> Said:
    return Counter((path, one.code, _place(one.path)) for one in found if one.severity != "info")


def _place(path: str) -> str:
    """The step, or the section and its entry."""
    return ".".join(path.split(".")[:2])
