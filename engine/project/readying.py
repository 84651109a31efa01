"""The cases of a test file made ready to be played, each with the flow beside it: bound to the calendars that the case names."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from engine.compile import compile_bundle, path_of
from engine.model.graph import FlowGraph
from engine.project import flows
from engine.project.parts import WHOLE, Part
from engine.simulate.cases import against, given, invariants
from engine.simulate.cases.case import Case, TestFile
from engine.simulate.cases.invariants import Invariant
from engine.simulate.cases.ready import Ready


class Readying:
    """For one file. A flow is compiled once for each set of calendars that its uses are bound to. What is wrong is among the
    file's diagnostics. `graph`: the flow, whichever calendars it has; None where there is none that compiles."""

    def __init__(self, tests: TestFile, flow: Path) -> None:
        self._tests = tests
        self._flow = flow
        self._there = flows.calendars(flows.folder_of(flow))
        self._graphs: dict[tuple[tuple[str, str], ...], FlowGraph] = {}
        self.graph = self._compiled(self._named_first())
        self._held: tuple[Invariant, ...] = ()
        if self.graph is not None:
            self._held = invariants.read(tests, self.graph)

    def ready(self, only: str = "", part: Part = WHOLE) -> Iterator[Ready]:
        """Of a part of the cases with `only` in their name those in which nothing is wrong."""
        graph = self.graph
        if graph is None:
            return
        for case in part.among([one for one in self._tests.cases if only in one.name.casefold()]):
            one = self._ready(case, graph)
            if one is not None:
                yield one

    def _ready(self, case: Case, any_graph: FlowGraph) -> Ready | None:
        before = self._errors
        wanted = [name for name, one in any_graph.uses.items() if one.calendar]
        calendars = {name: self._calendar(case, name) for name in wanted}
        graph = self._compiled(calendars)
        if graph is None:
            return None
        against.check(case, graph)
        said = given.read(case, graph, calendars)
        if self._errors > before:
            return None
        return Ready(case=case, graph=graph, given=said, held=self._held)

    @property
    def _errors(self) -> int:
        return sum(one.severity == "error" for one in self._tests.report.diagnostics)

    def _compiled(self, calendars: Mapping[str, str]) -> FlowGraph | None:
        key = tuple(sorted(calendars.items()))
        if key not in self._graphs:
            graph = self._read(calendars)
            if graph is None:
                return None
            self._graphs[key] = graph
        return self._graphs[key]

    def _read(self, calendars: Mapping[str, Any]) -> FlowGraph | None:
        if not self._flow.is_file():
            self._no_flow(
                f"There is no flow `{self._tests.flow}` beside these tests.", f"Its file is {self._flow.name}."
            )
            return None
        found = compile_bundle(flows.read(self._flow, calendars).bundle, file=str(self._flow))
        if found.graph is None:
            advice = f"`offhook lint {quote(str(self._flow))}` shows them."
            self._no_flow(f"The flow `{self._tests.flow}` has mistakes.", advice)
        return found.graph

    def _no_flow(self, message: str, advice: str) -> None:
        about = self._tests.about
        start, end = (about.start, about.end) if about is not None else (0, 1)
        self._tests.report.error("TST008", "no-flow", start, end, message, help=advice, path="tests")

    def _named_first(self) -> dict[str, str]:
        """The calendars that the first case names: whichever they are, the flow has the same steps, and one compilation less is
        needed."""
        uses = self._tests.cases[0].plain_uses if self._tests.cases else {}
        return {name: one for name, one in uses.items() if isinstance(one, str) and one in self._there}

    def _calendar(self, case: Case, use: str) -> str:
        """What a use of type calendar is bound to: by the case, or to one that is there."""
        node, there = case.find("uses", use), self._there
        named = case.plain_uses.get(use, use if use in there else next(iter(there), ""))
        if named not in there:
            message = f"There is no calendar `{named}`." if named else f"There is no calendar for `{use}`."
            advice = f"There are: {', '.join(there)}." if there else f"Add {path_of('<name>')}."
            case.wrong("TST007", "bad-value", node or case.key, message, advice)
        return str(named)
