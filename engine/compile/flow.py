"""bytes -> located nodes -> schema -> names -> FlowGraph, with every mistake of the file reported at once."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from functools import partial

from msgspec.structs import replace

from engine.compile import choices, secrecy, sections, unread, yaml_reader
from engine.compile.calendars import compile_all
from engine.compile.called import Called, path_of
from engine.compile.calls import Calls
from engine.compile.check import Wanted, check
from engine.compile.checked_swml import SwmlCheck
from engine.compile.compiled import Compiled, Survey
from engine.compile.declarations import Declarations
from engine.compile.last import last_steps
from engine.compile.linked import with_subflows
from engine.compile.located import Mapping, Scalar, entries, scalars
from engine.compile.needed import needs
from engine.compile.outcomes import Known, fields_of, is_broken_call
from engine.compile.paths import Paths, kept, report_overheard, report_resumes, report_unset
from engine.compile.patience import Ask, Late, OutOfTime, asking, never
from engine.compile.plain import plain
from engine.compile.report import Report
from engine.compile.scope import Scope, StepNode
from engine.compile.shelf import Shelf, own_files
from engine.compile.sketch import Sketch, sketched
from engine.compile.step import last_step_of, step_of
from engine.expr import Environment, Setting, zones_in
from engine.model.bundle import FLOW_SUFFIX, Bundle
from engine.model.diagnostics import Diagnostic
from engine.model.graph import UNKNOWN, FlowGraph, Step
from engine.model.ids import StepName


def suffix(flow: str) -> str:
    return f"{flow}{FLOW_SUFFIX}"


def compile_bundle(
    bundle: Bundle,
    *,
    file: str | None = None,
    swml_check: SwmlCheck | None = None,
    shelf: Shelf | None = None,
    late: Late = never,
) -> Compiled:
    """`file` is the name under which diagnostics speak of the flow (default: its path in the bundle); `swml_check`
    says what is odd about its SWML documents; from the `shelf` come called flows that another bundle has had compiled;
    `late`: there is no more time."""
    path, shared = suffix(bundle.flow), _Bundle(bundle, swml_check, shelf or Shelf(), asking(late))
    try:
        return _compiled(shared, bundle.flow, path, file or path, ())
    except OutOfTime as over:
        return Compiled(None, over.diagnostics, over.doing)


def survey(bundle: Bundle, *, late: Late = never) -> Survey | None:
    """None where there is no mapping to be read. `OutOfTime` when it is late."""
    root, report = yaml_reader.read(suffix(bundle.flow), bundle.files[suffix(bundle.flow)])
    if not isinstance(root, Mapping):
        return None
    flow = _Flow(_Bundle(bundle, None, Shelf(), asking(late)), bundle.flow, report, root, (bundle.flow,))
    graph = flow.compile()
    return Survey(report=report, root=root, scope=flow.scope, declared=flow.declared, graph=graph)


class _Bundle:
    """What the compilations of a bundle's flows share. `known` are those that are done."""

    def __init__(self, bundle: Bundle, swml_check: SwmlCheck | None, shelf: Shelf, ask: Ask) -> None:
        self.flow = bundle.flow
        self.files = bundle.files
        self.language = bundle.language
        self.digest = bundle.digest
        self.swml_check = swml_check
        self.shelf = shelf
        self.ask = ask
        self.known: dict[str, Compiled] = {}


def _compiled(bundle: _Bundle, name: str, path: str, file: str, callers: tuple[str, ...]) -> Compiled:
    """One flow of the bundle. `callers` are those that led to it, the outermost first."""
    root, report = yaml_reader.read(file, bundle.files[path])
    if root is None:
        return Compiled(None, _sorted(report))
    if not isinstance(root, Mapping):
        report.node_error("SYN009", "not-a-flow", root, "A flow is a mapping.", help=report.kind.begins)
        return Compiled(None, _sorted(report))
    flow = _Flow(bundle, name, report, root, (*callers, name))
    try:
        graph = flow.compile()
    except OutOfTime:
        raise OutOfTime(flow.doing(), _sorted(report)) from None
    diagnostics = (*_sorted(report), *dict.fromkeys(flow.elsewhere))
    if report.has_errors or graph is None:
        return Compiled(None, diagnostics, sketch=flow.sketch)
    return Compiled(graph, diagnostics, paths=flow.paths)


def _compiled_call(bundle: _Bundle, name: str, path: str, callers: tuple[str, ...]) -> Compiled:
    """A flow of the bundle that another calls: by itself if it is sound, else with its callers."""

    def alone() -> FlowGraph | None:
        part = _Bundle(Bundle(name, dict(own), bundle.language), bundle.swml_check, bundle.shelf, bundle.ask)
        done = _compiled(part, name, path, path, ())
        return None if done.diagnostics else done.graph

    own = own_files(bundle.files, path, needs)
    graph = bundle.shelf.take(name, own, alone)
    return Compiled(graph, ()) if graph is not None else _compiled(bundle, name, path, path, callers)


def _sorted(report: Report) -> tuple[Diagnostic, ...]:
    return tuple(sorted(report.diagnostics, key=Diagnostic.sort_key))


class _Flow:
    """One file's compilation, in the order of the methods."""

    def __init__(
        self,
        bundle: _Bundle,
        name: str,
        report: Report,
        root: Mapping,
        way: tuple[str, ...],
    ) -> None:
        self.bundle = bundle
        self.name = name
        self.report = report
        self.root = root
        self.way = way
        self.elsewhere: list[Diagnostic] = []
        """What is wrong with other files of the bundle."""
        self.doing: Callable[[], str] = lambda: "its form was checked"
        """For whoever is told that time was over."""
        self.declared: Declarations
        self.scope: Scope
        self.sketch: Sketch | None = None
        self.paths: Paths

    def compile(self) -> FlowGraph | None:
        last = last_steps(self.report, self.root)
        self.bundle.ask()
        found = check(self.report, self.root, plain(self.report, self.root))
        sections.check_name(self.report, self.root, self.name)
        self.declared = Declarations(self.report, self.root)
        setting = self._setting()
        nodes = sections.steps_of(self.report, self.root, self.declared.handles)
        self.doing = lambda: "the flows that it calls were compiled"
        called = self._called(nodes)
        self.scope = self._scope(nodes, found, setting, called)
        choices.check_flows(self.scope)
        steps = {name: step_of(self.scope, node) for name, node in self._in_turn(nodes)}
        steps |= {node.name: last_step_of(self.scope, node) for node in last}
        unread.check_targets(self.scope, entries(self.root, "steps"))
        self.elsewhere += self.scope.elsewhere
        start = self.scope.step_name(self.root.get("start"), ("start",))
        graph = self._graph(start or UNKNOWN, steps, last)
        self.doing = lambda: "the ways of calls through it were searched"
        graph = with_subflows(self.report, self.root, graph, called)
        return self._checked(graph, steps, broken=self._has_errors or start is None)

    def _graph(self, start: StepName, steps: Map[str, Step | None], last: list[StepNode]) -> FlowGraph:
        return FlowGraph(
            flow=self.name,
            language=self.bundle.language,
            digest=self.bundle.digest,
            start=start,
            steps={name: step for name, step in steps.items() if step is not None},
            inputs=self.declared.inputs,
            uses=self.declared.uses,
            vars=self.declared.vars,
            handlers=sections.handlers_of(self.scope, self.root),
            limits=self.declared.limits(self.scope),
            outbound=self.declared.outbound(),
            signals=self.declared.signals,
            finally_=tuple(node.name for node in last),
            sealed=bool(self.scope.secrecy),
        )

    def _checked(self, graph: FlowGraph, steps: Map[str, Step | None], *, broken: bool) -> FlowGraph | None:
        """The graph, unless it is broken, or another file is; of one with mistakes there is a sketch then."""
        sketch = sketched(self.scope, self.root, graph, steps) if broken else None
        before = len(self.report.diagnostics)
        self._check_ways(sketch or graph)
        if self._has_errors:
            known = sketch is not None and len(self.report.diagnostics) == before
            self.sketch = sketch if known else sketched(self.scope, self.root, graph, steps)
        return None if broken or self._is_broken_elsewhere else _kept(self.scope, graph)

    @property
    def _has_errors(self) -> bool:
        return self.report.has_errors or self._is_broken_elsewhere

    @property
    def _is_broken_elsewhere(self) -> bool:
        return any(one.severity == "error" for one in self.elsewhere)

    def _check_ways(self, found: FlowGraph | Sketch) -> None:
        """What holds on ways: of a flow with mistakes, on those that lead through no broken step."""
        scope = self.scope
        if isinstance(found, Sketch):
            scope.uses = [use for use in scope.uses if use.step not in found.broken]
            found = found.graph
        self.paths = Paths(found, scope.ask)
        report_resumes(scope, self.paths)
        self.elsewhere += report_unset(scope, self.paths)
        report_overheard(scope, self.paths)

    def _in_turn(self, nodes: dict[str, StepNode]) -> Iterator[tuple[str, StepNode]]:
        for number, (name, node) in enumerate(nodes.items(), start=1):
            self.doing = partial("the step `{}` was compiled, number {:,} of {:,}".format, name, number, len(nodes))
            self.bundle.ask()
            yield name, node

    def _called(self, nodes: Map[str, StepNode]) -> dict[str, Called]:
        calls = Calls(self.report, self.bundle.files, self.way, self._call)
        found = calls.of(nodes.values())
        self.elsewhere += calls.elsewhere
        return found

    def _call(self, flow: str) -> Compiled:
        known = self.bundle.known
        if flow not in known:
            known[flow] = _compiled_call(self.bundle, flow, path_of(flow), self.way)
        return known[flow]

    def _setting(self) -> Setting:
        zones = zones_in(self.bundle.files)
        compiled = list(compile_all(self.bundle.files, zones))
        self.elsewhere += [found for one in compiled for found in one.diagnostics]
        return Setting(
            language=self.declared.language,
            calendar_names=self.declared.calendars,
            calendars={one.calendar.name: one.calendar for one in compiled if one.calendar},
            zones=zones,
        )

    def _scope(
        self,
        nodes: dict[str, StepNode],
        found: list[Wanted],
        setting: Setting,
        called: dict[str, Called],
    ) -> Scope:
        lost = self.report.lost_names
        names = {key.text for key, _ in entries(self.root, "steps")} | lost if "steps" not in lost else set()
        broken = names - nodes.keys()
        unknown = [f"steps.{name}" for name in broken]
        unknown += [f"steps.{name}" for name, node in nodes.items() if self._lost(node, called, broken)]
        known = Known(steps=nodes, handles=self.declared.handles, signals=self.declared.signals, called=called)
        types = self.declared.names(nodes, partial(fields_of, known=known))
        hidden = secrecy.of_flow(self.declared.inputs, nodes)
        return Scope(
            report=self.report,
            steps=nodes,
            step_names=names,
            environment=Environment(types, self._texts(), setting, frozenset(hidden)),
            broken=(*self.declared.broken(), *unknown),
            wanted={wanted.path: wanted.types for wanted in found},
            voice=self.declared.voice(),
            universal=self.declared.universal(),
            files=self.bundle.files,
            handles=self.declared.handles,
            signals=self.declared.signals,
            called=called,
            swml_check=self.bundle.swml_check,
            secrecy=hidden,
            ask=self.bundle.ask,
        )

    def _lost(self, node: StepNode, called: dict[str, Called], broken: set[str]) -> bool:
        """Are the fields of the step not known? Those of some verbs follow from what is written in it, of a `wait` from a step
        that may be broken."""
        declares = node.verb.name in ("fetch", "excursion", "wait", "subflow")
        if node.verb.name == "wait":
            handle = node.value.get("handle") if isinstance(node.value, Mapping) else node.value
            if isinstance(handle, Scalar) and handle.text in broken:
                return True
        return is_broken_call(node, called) or (declares and self.report.misreads(node.value))

    def _texts(self) -> Iterator[str]:
        """All that may hold an expression: the flow's own texts, and the SWML documents'."""
        yield from (scalar.text for scalar in scalars(self.root))
        for path, data in self.bundle.files.items():
            if path.startswith("swml/"):
                yield data.decode(errors="replace")


def _kept(scope: Scope, graph: FlowGraph) -> FlowGraph:
    """The graph with what its runs are to keep."""
    reads = ((use.step, name) for use in scope.uses for name in use.expression.names)
    return replace(graph, kept=kept(graph, reads), numbers={name: str(at) for at, name in enumerate(graph.steps)})
