"""bytes -> located nodes -> schema -> names -> FlowGraph, with every mistake of the file reported at once."""

from collections.abc import Mapping as Map
from typing import Any

from msgspec import Struct

from engine.compile import durations, yaml_reader
from engine.compile.check import check
from engine.compile.located import Mapping, Node, Scalar, Sequence, walk
from engine.compile.outcomes import fields_of, next_of
from engine.compile.plain import plain
from engine.compile.report import Report, nearest
from engine.compile.scope import Scope, StepNode, texts, value_of
from engine.compile.steps import BUILDERS
from engine.expr import Environment, cel_type_of
from engine.model.bundle import Bundle
from engine.model.diagnostics import Diagnostic
from engine.model.graph import Declared, FlowGraph, Limits, Outbound, Step, Until, Visits
from engine.model.ids import StepName
from engine.model.limits import DEFAULT_CALL_MS, DEFAULT_STEPS, DEFAULT_VISITS
from engine.model.verbs import FAILURES, VERB

_CALL = {
    "call.id": "string",
    "call.from": "string",
    "call.to": "string",
    "call.direction": "string",
    "call.type": "string",
    "call.headers": "headers",
    "run.id": "string",
    "run.flow": "string",
    "run.end_reason": "string",
    "now": "timestamp",
}
_USE_TYPES = {"url": "string", "number": "string", "calendar": "string"}
_RESERVED = frozenset(
    [
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
        "true",
        "false",
        "null",
    ]
) | {"otherwise", "expression", *FAILURES}


class Compiled(Struct, frozen=True):
    """`graph` is None when a diagnostic is an error."""

    graph: FlowGraph | None
    diagnostics: tuple[Diagnostic, ...]


def suffix(flow: str) -> str:
    return f"{flow}.flow.yaml"


def compile_bundle(bundle: Bundle, *, file: str | None = None) -> Compiled:
    """`file` is the name under which diagnostics speak of the flow (default: its path in the bundle)."""
    path = suffix(bundle.flow)
    root, report = yaml_reader.read(file or path, bundle.files[path])
    if root is None:
        return Compiled(None, _sorted(report))
    if not isinstance(root, Mapping):
        report.node_error("SYN009", "not-a-flow", root, "A flow is a mapping: flow, language, start, steps.")
        return Compiled(None, _sorted(report))
    graph = _Flow(bundle, report, root).compile()
    return Compiled(None if report.has_errors else graph, _sorted(report))


def _sorted(report: Report) -> tuple[Diagnostic, ...]:
    return tuple(sorted(set(report.diagnostics), key=Diagnostic.sort_key))


class _Flow:
    """One file's compilation, in the order of the methods."""

    def __init__(self, bundle: Bundle, report: Report, root: Mapping) -> None:
        self.bundle = bundle
        self.report = report
        self.root = root

    def compile(self) -> FlowGraph | None:
        found = check(self.report, self.root, plain(self.report, self.root))
        nodes = self._steps()
        if self.report.has_errors and not nodes:
            return None
        environment = Environment(self._names(nodes))
        scope = Scope(
            report=self.report,
            steps=nodes,
            environment=environment,
            wanted={wanted.path: wanted.types for wanted in found},
            voice=self._voice(),
            files=self.bundle.files,
        )
        self._check_header()
        steps = {name: self._step(scope, node) for name, node in nodes.items()}
        start = scope.step_name(self.root.get("start"), ("start",))
        handlers = self._handlers(scope)
        limits = self._limits(scope)
        if self.report.has_errors or start is None:
            return None
        return FlowGraph(
            flow=self.bundle.flow,
            language=self.bundle.language,
            digest=self.bundle.digest,
            start=start,
            steps={name: step for name, step in steps.items() if step is not None},
            inputs=self._inputs(),
            uses=self._uses(),
            vars=self._vars(),
            handlers=handlers,
            limits=limits,
            outbound=self._outbound(),
        )

    def _section(self, name: str) -> tuple[tuple[Scalar, Node], ...]:
        node = self.root.get(name)
        return node.entries if isinstance(node, Mapping) else ()

    def _check_header(self) -> None:
        name = self.root.get("flow")
        if isinstance(name, Scalar) and name.text != self.bundle.flow:
            self.report.node_error(
                "SYN008",
                "bad-name",
                name,
                f"The flow is called `{name.text}` in here, but its file says `{self.bundle.flow}`.",
                help=f"Write `flow: {self.bundle.flow}`, or rename the file to {suffix(name.text)}.",
                path="flow",
            )

    def _steps(self) -> dict[str, StepNode]:
        """The steps that have exactly one verb; the others are reported."""
        found: dict[str, StepNode] = {}
        for key, node in self._section("steps"):
            if key.text in _RESERVED:
                self.report.node_error(
                    "SYN008", "bad-name", key, f"`{key.text}` has a meaning of its own; choose another name."
                )
            if not isinstance(node, Mapping):
                continue
            verbs = [(name, value) for name, value in node.entries if name.text in VERB]
            if len(verbs) == 1:
                name, value = verbs[0]
                found[key.text] = StepNode(StepName(key.text), key, node, VERB[name.text], value)
            else:
                self._no_verb(key, node, [name for name, _ in verbs])
        return found

    def _no_verb(self, key: Scalar, node: Mapping, verbs: list[Scalar]) -> None:
        if verbs:
            self.report.node_error(
                "SYN012",
                "two-verbs",
                verbs[1],
                f"`{key.text}` has two verbs: `{verbs[0].text}` and `{verbs[1].text}`.",
                help="Make it two steps.",
                path=f"steps.{key.text}",
            )
            return
        common = ("next", "background", "until", "deadline", "visits", "note", "tags")
        unknown = next((name for name, _ in node.entries if name.text not in common), None)
        self.report.node_error(
            "SYN003",
            "unknown-key",
            unknown or key,
            f"`{unknown.text}` is no verb." if unknown else f"`{key.text}` has no verb.",
            help=nearest(unknown.text if unknown else "", VERB) or "Verbs: " + ", ".join(VERB) + ".",
            path=f"steps.{key.text}",
        )

    def _sound(self, node: StepNode) -> bool:
        """Builders take values of the right shape for granted, so a step that the schema found fault with is left out."""
        prefix = f"steps.{node.name}"
        shape = ("SYN003", "SYN005", "SYN007", "SYN010", "API001", "API004")
        return not any(
            found.severity == "error"
            and found.code in shape
            and (found.path == prefix or found.path.startswith(f"{prefix}."))
            for found in self.report.diagnostics
        )

    def _step(self, scope: Scope, node: StepNode) -> Step | None:
        if not self._sound(node):
            scope.check_templates(node)
            next_of(scope, node)
            return None
        value = BUILDERS[node.verb.name](scope, node)
        follows = next_of(scope, node)
        self._misplaced(scope, node)
        if value is None:
            return None
        path = ("steps", node.name)
        visits = node.node.get("visits")
        return Step(
            name=node.name,
            verb=node.verb.name,
            value=value,
            next=follows,
            at=self.report.source.span(node.key.start, node.key.end),
            background=value_of(node.node.get("background"), False),
            until=self._until(scope, node),
            deadline_ms=scope.duration(node.node.get("deadline")),
            visits=self._visits(scope, visits, (*path, "visits")) if isinstance(visits, Mapping) else None,
            note=value_of(node.node.get("note"), ""),
            tags=texts(node.node.get("tags")),
        )

    def _misplaced(self, scope: Scope, node: StepNode) -> None:
        """Common keys that this verb has no use for."""
        wrong = [] if node.verb.shape == "operation" else ["background", "until", "deadline"]
        background = node.node.get("background")
        if isinstance(background, Scalar) and background.value is True:
            wrong.append("until")
        for key in wrong:
            found = node.node.key(key)
            if found is not None:
                self.report.node_error(
                    "SYN013",
                    "misplaced-key",
                    found,
                    f"`{key}` has no meaning for `{node.verb.name}` here.",
                    help="Remove it." if key != "until" else "`until` goes with a step in the foreground.",
                    path=f"steps.{node.name}",
                )

    def _until(self, scope: Scope, node: StepNode) -> Until | None:
        until, path = node.node.get("until"), ("steps", node.name, "until")
        if isinstance(until, Scalar):
            handle = scope.handle(until, path, of="collect")
            return Until(handle) if handle else None
        if isinstance(until, Mapping) and until.entries:
            key, outcomes = until.entries[0]
            handle = scope.handle(key, path, of="collect")
            return Until(handle, self._until_outcomes(outcomes, path)) if handle else None
        return None

    def _until_outcomes(self, node: Node, path: tuple[str, ...]) -> tuple[str, ...]:
        possible = (*VERB["collect"].outcomes, *FAILURES)
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Scalar) and item.text not in possible:
                self.report.node_error(
                    "FLW013",
                    "unknown-outcome",
                    item,
                    f"A collect never ends with `{item.text}`.",
                    help=nearest(item.text, possible),
                    path=".".join(path),
                )
        return texts(node)

    def _visits(self, scope: Scope, node: Mapping, path: tuple[str, ...]) -> Visits:
        target = node.get("next")
        return Visits(
            value_of(node.get("max"), DEFAULT_VISITS),
            scope.step_name(target, (*path, "next")) if target is not None else None,
        )

    def _handlers(self, scope: Scope) -> dict[str, StepName]:
        found = {key.text: scope.step_name(node, ("handlers", key.text)) for key, node in self._section("handlers")}
        return {event: step for event, step in found.items() if step is not None}

    def _limits(self, scope: Scope) -> Limits:
        node = self.root.get("limits")
        limits = node if isinstance(node, Mapping) else Mapping(entries=(), start=0, end=0)
        target = limits.get("next")
        return Limits(
            call_ms=scope.duration(limits.get("call")) or DEFAULT_CALL_MS,
            steps=value_of(limits.get("steps"), DEFAULT_STEPS),
            visits=value_of(limits.get("visits"), DEFAULT_VISITS),
            next=scope.step_name(target, ("limits", "next")) if target is not None else None,
        )

    def _outbound(self) -> Outbound | None:
        node = self.root.get("outbound")
        if not isinstance(node, Mapping):
            return None
        return Outbound(
            from_=value_of(node.get("from"), ""),
            timeout_s=value_of(node.get("timeout"), 60),
            max_price_per_minute=value_of(node.get("max_price_per_minute"), None),
        )

    def _voice(self) -> dict[str, Any]:
        defaults = self.root.get("defaults")
        voice = defaults.get("voice") if isinstance(defaults, Mapping) else None
        entries = voice.entries if isinstance(voice, Mapping) else ()
        return {key.text: node.value for key, node in entries if isinstance(node, Scalar)}

    def _names(self, nodes: Map[str, StepNode]) -> dict[str, str]:
        """Every dotted name that an expression may use, with its type."""
        names = dict(_CALL)
        for space, declared in (("inputs", self._inputs()), ("uses", self._uses()), ("vars", self._vars())):
            names.update({f"{space}.{name}": one.type for name, one in declared.items()})
        for name, node in nodes.items():
            fields = fields_of(node, dict(nodes))
            names.update({f"steps.{name}.{field}": kind for field, kind in fields.items()})
        return names

    def _inputs(self) -> dict[str, Declared]:
        return {
            key.text: self._declared(node, "default")
            for key, node in self._section("inputs")
            if isinstance(node, Mapping)
        }

    def _uses(self) -> dict[str, Declared]:
        return {
            key.text: Declared(type=_USE_TYPES.get(node.text, node.text), required=True)
            for key, node in self._section("uses")
            if isinstance(node, Scalar) and node.text in (*_USE_TYPES, "string", "int", "double", "bool")
        }

    def _vars(self) -> dict[str, Declared]:
        found: dict[str, Declared] = {}
        for key, node in self._section("vars"):
            if isinstance(node, Mapping):
                found[key.text] = self._declared(node, "initial")
            elif isinstance(node, Scalar) and node.value is not None:
                found[key.text] = Declared(type=cel_type_of(node.value), default=node.value)
        return found

    def _declared(self, node: Mapping, value: str) -> Declared:
        kind, given = value_of(node.get("type"), "string"), node.get(value)
        kind = kind if kind in ("string", "int", "double", "bool") else "string"
        default = value_of(given, None)
        if given is not None and cel_type_of(default) != kind:
            if kind == "double" and cel_type_of(default) == "int":
                default = float(default)
            else:
                self.report.node_error(
                    "VAR003", "type-mismatch", given, f"Wants {kind}, and this is {cel_type_of(default)}."
                )
        return Declared(type=kind, default=default, required=given is None)


def needs(data: bytes) -> tuple[str, ...]:
    """The files beside a flow that it refers to (`swml/desk.yaml`), which its bundle must hold."""
    root, _ = yaml_reader.read("", data)
    found = {
        f"swml/{scalar.text}"
        for path, scalar in (walk(root) if root is not None else ())
        if path[:1] == ("steps",) and path[2:] == ("redirect", "swml")
    }
    return tuple(sorted(found))


def duration_ms(text: str) -> int | None:
    """Milliseconds of `30s`, for files other than flows."""
    return durations.parse(text)
