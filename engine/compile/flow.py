"""bytes -> located nodes -> schema -> names -> FlowGraph, with every mistake of the file reported at once."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.compile import choices, durations, reserved, secrecy, unread, yaml_reader
from engine.compile.calendars import compile_all
from engine.compile.called import Called, names_of, outcomes_of
from engine.compile.called import path_of as called_path
from engine.compile.check import Wanted, check
from engine.compile.checked_swml import SwmlCheck
from engine.compile.circles import circle
from engine.compile.declarations import Declarations
from engine.compile.last import last_steps
from engine.compile.linked import with_subflows
from engine.compile.located import Mapping, Node, Scalar, scalars
from engine.compile.needed import needs
from engine.compile.outcomes import Known, fields_of, is_broken_call
from engine.compile.paths import Paths, kept, report_overheard, report_resumes, report_unset
from engine.compile.patience import Ask, Late, OutOfTime, asking, never
from engine.compile.plain import plain
from engine.compile.report import Report, closest, nearest
from engine.compile.scope import Scope, StepNode, dotted
from engine.compile.shelf import Shelf, own_files
from engine.compile.sketch import Sketch, sketched
from engine.compile.step import last_step_of, step_of
from engine.compile.wording import NAME
from engine.expr import CEL_WORDS, Environment, Setting, zones_in
from engine.model.bundle import FLOW_SUFFIX, Bundle
from engine.model.diagnostics import Diagnostic
from engine.model.graph import RESUME, UNKNOWN, FlowGraph
from engine.model.ids import StepName
from engine.model.verbs import VERB

RESERVED = CEL_WORDS | {RESUME, *reserved.OUTCOMES}

Files = Map[str, bytes]
Bindings = Map[str, Any]


class Compiled(Struct, frozen=True):
    """`graph` is None when a diagnostic is an error; then there is a `sketch` of what is sound, if there is a flow at all.
    `paths` are those of the graph, for who looks at them again. `unfinished`: what was being done when the file's time was over; the diagnostics are those until then."""

    graph: FlowGraph | None
    diagnostics: tuple[Diagnostic, ...]
    unfinished: str = ""
    sketch: Sketch | None = None
    paths: Paths | None = None


class Survey(Struct, frozen=True, kw_only=True):
    """What is known of a flow, though it may have mistakes. `graph` is None when it has others than names that may
    be unset."""

    report: Report
    root: Mapping
    scope: Scope
    declared: Declarations
    graph: FlowGraph | None


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
        self._check_name()
        declared = Declarations(self.report, self.root)
        setting = self._setting(declared)
        nodes = self._steps(declared)
        self.doing = lambda: "the flows that it calls were compiled"
        called = self._called(nodes)
        scope = self._scope(declared, nodes, found, setting, called)
        self.declared, self.scope = declared, scope
        choices.check_flows(scope)
        steps = {name: step_of(scope, node) for name, node in self._in_turn(nodes)}
        steps |= {node.name: last_step_of(scope, node) for node in last}
        unread.check_targets(scope, self._section("steps"))
        self.elsewhere += scope.elsewhere
        start = scope.step_name(self.root.get("start"), ("start",))
        graph = FlowGraph(
            flow=self.name,
            language=self.bundle.language,
            digest=self.bundle.digest,
            start=start or UNKNOWN,
            steps={name: step for name, step in steps.items() if step is not None},
            inputs=declared.inputs,
            uses=declared.uses,
            vars=declared.vars,
            handlers=self._handlers(scope),
            limits=declared.limits(scope),
            outbound=declared.outbound(),
            signals=declared.signals,
            finally_=tuple(node.name for node in last),
            sealed=bool(scope.secrecy),
        )
        self.doing = lambda: "the ways of calls through it were searched"
        graph = with_subflows(self.report, self.root, graph, called)
        broken = self._has_errors or start is None
        sketch = sketched(scope, self.root, graph, steps) if broken else None
        before = len(self.report.diagnostics)
        self._check_ways(scope, sketch or graph)
        if self._has_errors:
            known = sketch is not None and len(self.report.diagnostics) == before
            self.sketch = sketch if known else sketched(scope, self.root, graph, steps)
        return None if broken or any(one.severity == "error" for one in self.elsewhere) else _kept(scope, graph)

    @property
    def _has_errors(self) -> bool:
        return self.report.has_errors or any(one.severity == "error" for one in self.elsewhere)

    def _check_ways(self, scope: Scope, found: FlowGraph | Sketch) -> None:
        """What holds on ways: of a flow with mistakes, on those that lead through no broken step."""
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

    def _called(self, nodes: dict[str, StepNode]) -> dict[str, Called]:
        """The flows that steps call, compiled."""
        found: dict[str, Called] = {}
        for node in nodes.values():
            flow = node.value.get("flow") if node.verb.name == "subflow" and isinstance(node.value, Mapping) else None
            if isinstance(flow, Scalar) and isinstance(flow.value, str) and flow.text not in found:
                one = self._call(flow, dotted((*node.path, "flow")))
                found |= {flow.text: one} if one is not None else {}
        return found

    def _call(self, flow: Scalar, at: str) -> Called | None:
        path = called_path(flow.text)
        if flow.text in self.way:
            self._recursion(flow, (*self.way[self.way.index(flow.text) :], flow.text), at)
            return None
        if path not in self.bundle.files:
            problem = f"There is no flow `flows/{path}`."
            advice = nearest(flow.text, names_of(self.bundle.files)) or "Write that file, or another name."
            self.report.node_error("FLW016", "no-such-flow", flow, problem, help=advice, path=at)
            return None
        if flow.text not in self.bundle.known:
            self.bundle.known[flow.text] = _compiled_call(self.bundle, flow.text, path, self.way)
        done = self.bundle.known[flow.text]
        self.elsewhere += done.diagnostics
        if done.graph is None and (way := circle(self.bundle.files, self.name, flow.text)):
            self._recursion(flow, way, at)
            return None
        if done.graph is None:
            problem = f"The flow `{flow.text}` has mistakes of its own, so it cannot be called."
            advice = f"They are reported for flows/{path}."
            self.report.node_error("FLW017", "broken-flow", flow, problem, help=advice, path=at)
            return Called(graph=None)
        return Called(graph=done.graph, outcomes=outcomes_of(done.graph))

    def _recursion(self, flow: Scalar, way: tuple[str, ...], at: str) -> None:
        problem, advice = f"`{way[0]}` would call itself: {' -> '.join(way)}.", "A loop is made of steps, not of flows."
        self.report.node_error("FLW010", "recursion", flow, problem, help=advice, path=at)

    def _setting(self, declared: Declarations) -> Setting:
        zones = zones_in(self.bundle.files)
        compiled = list(compile_all(self.bundle.files, zones))
        self.elsewhere += [found for one in compiled for found in one.diagnostics]
        return Setting(
            language=declared.language,
            calendar_names=declared.calendars,
            calendars={one.calendar.name: one.calendar for one in compiled if one.calendar},
            zones=zones,
        )

    def _section(self, name: str) -> tuple[tuple[Scalar, Node], ...]:
        node = self.root.get(name)
        return node.entries if isinstance(node, Mapping) else ()

    def _scope(
        self,
        declared: Declarations,
        nodes: dict[str, StepNode],
        found: list[Wanted],
        setting: Setting,
        called: dict[str, Called],
    ) -> Scope:
        lost = self.report.lost_names
        names = {key.text for key, _ in self._section("steps")} | lost if "steps" not in lost else set()
        broken = names - nodes.keys()
        unknown = [f"steps.{name}" for name in broken]
        unknown += [f"steps.{name}" for name, node in nodes.items() if self._lost(node, called, broken)]
        known = Known(steps=nodes, handles=declared.handles, signals=declared.signals, called=called)
        types = declared.names(nodes, partial(fields_of, known=known))
        hidden = secrecy.of_flow(declared.inputs, nodes)
        return Scope(
            report=self.report,
            steps=nodes,
            step_names=names,
            environment=Environment(types, self._texts(), setting, frozenset(hidden)),
            broken=(*declared.broken(), *unknown),
            wanted={wanted.path: wanted.types for wanted in found},
            voice=declared.voice(),
            universal=declared.universal(),
            files=self.bundle.files,
            handles=declared.handles,
            signals=declared.signals,
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

    def _check_name(self) -> None:
        name = self.root.get("flow")
        if isinstance(name, Scalar) and name.value is not None and name.text != self.name:
            other = f"Write `flow: {self.name}`, or rename" if re.fullmatch(NAME, self.name) else "Rename"
            self.report.node_error(
                "SYN008",
                "bad-name",
                name,
                f"The flow is called `{name.text}` in here, but its file says `{self.name}`.",
                help=f"{other} the file to {suffix(name.text)}.",
                path="flow",
            )

    def _steps(self, declared: Declarations) -> dict[str, StepNode]:
        """The steps that have exactly one verb; the others are reported. An input that is a handle stands where a
        step's name could."""
        found: dict[str, StepNode] = {}
        for key, node in self._section("steps"):
            reserved.check(self.report, key, (*RESERVED, *declared.handles), "step", f"steps.{key.text}")
            if not isinstance(node, Mapping):
                continue
            verbs = [(name, value) for name, value in node.entries if name.text in VERB]
            if len(verbs) == 1:
                name, value = verbs[0]
                found[key.text] = StepNode(StepName(key.text), key, node, VERB[name.text], value)
            else:
                unread.report_step(self.report, key, node, [name for name, _ in verbs])
        return found

    def _handlers(self, scope: Scope) -> dict[str, StepName]:
        for key, _ in self._section("handlers"):
            if key.text.startswith("signal.") and key.text[7:] not in scope.signals:
                problem = f"There is no signal `{key.text[7:]}`."
                near = closest(key.text[7:], scope.signals)
                known = nearest(key.text[7:], scope.signals) or "Declare it under `signals`."
                advice = f"Did you mean `signal.{near}`?" if near else known
                self.report.node_error("VAR001", "unknown-name", key, problem, help=advice, path=f"handlers.{key.text}")
        found = {key.text: scope.step_name(node, ("handlers", key.text)) for key, node in self._section("handlers")}
        return {event: step for event, step in found.items() if step is not None}


def _kept(scope: Scope, graph: FlowGraph) -> FlowGraph:
    """The graph with what its runs are to keep."""
    reads = ((use.step, name) for use in scope.uses for name in use.expression.names)
    return replace(graph, kept=kept(graph, reads), numbers={name: str(at) for at, name in enumerate(graph.steps)})


def duration_ms(text: str) -> int | None:
    """Milliseconds of `30s`, for files other than flows."""
    return durations.parse(text)
