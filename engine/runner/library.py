"""The flows that a runner serves, as one value: what is read from the folder makes a new one, whole."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from engine.compile import compile_bundle, path_of
from engine.expr import cel_type_of
from engine.fetching.hosts import HostPolicy
from engine.journal.sealing import VARIABLE
from engine.model.bundle import Bundle
from engine.model.graph import FlowGraph
from engine.model.ids import Digest
from engine.project.flows import FlowFile
from engine.runner import known_hosts
from engine.runner.addresses import wanted_instead
from engine.runner.hours import Hours, hours_of

_INT = 2**63


class Served(Struct, frozen=True):
    """`hours` are those of its calls, where it has any."""

    graph: FlowGraph
    bundle: Bundle
    hours: Hours | None = None


class Library(Struct, frozen=True):
    """`served` are the flows for new calls, by name; `problems` those of which a file is wrong, with the reason.
    A flow may be in both: then its last good version is served. `uses` are the environment's."""

    uses: Mapping[str, Any] = {}
    served: Mapping[str, Served] = {}
    problems: Mapping[str, tuple[str, ...]] = {}

    def named(self, flow: str) -> Served | None:
        return self.served.get(flow)

    @property
    def names(self) -> list[str]:
        return sorted(self.served)

    @property
    def by_digest(self) -> dict[Digest, Served]:
        return {one.graph.digest: one for one in self.served.values()}

    def bindings(self, graph: FlowGraph) -> dict[str, Any]:
        """The values of the flow's `uses`."""
        return {name: fitted(self.uses[name], declared.type) for name, declared in graph.uses.items()}


class Change(Struct, frozen=True):
    """What another library means for one flow, with the lines that say what is wrong with its file."""

    flow: str
    what: Literal["new", "changed", "removed", "broken", "mended"]
    lines: tuple[str, ...] = ()


def library_of(
    flows: Iterable[FlowFile],
    uses: Mapping[str, Any],
    *,
    hosts: HostPolicy | None = None,
    unreadable: Mapping[str, str] | None = None,
    before: Library | None = None,
    can_seal: bool = True,
) -> Library:
    """Compiles them all, but what `before` has compiled already. A flow that cannot be served is in `problems`, as are
    the `unreadable` (by name, each with a line); of both the version of `before` goes on being served.
    `hosts` are what may be fetched from; None: that is seen when it is fetched. `can_seal`: there is a key for runs with
    secret or private values."""
    served: dict[str, Served] = {}
    problems: dict[str, tuple[str, ...]] = {flow: (line,) for flow, line in (unreadable or {}).items()}
    compiled = before.by_digest if before else {}
    for one in flows:
        flow = one.bundle.flow
        if flow in served or flow in problems:
            problems[flow] = (f"{one.file}: another file has this name already; rename one of them",)
            continue
        known = compiled.get(one.bundle.digest)
        found = known if known is not None else _compiled(one, uses, hosts, can_seal)
        if isinstance(found, Served):
            served[flow] = found
        else:
            problems[flow] = found
    kept = {flow: one for flow, one in before.served.items() if flow in problems} if before else {}
    return Library(uses, {**kept, **served}, problems)


def changes(before: Library, after: Library) -> list[Change]:
    """What is to be told, by the flows' names. A file that is broken as it was is no change."""
    names = sorted({*before.served, *after.served, *before.problems, *after.problems})
    found = (_change(name, before, after) for name in names)
    return [one for one in found if one is not None]


def _change(flow: str, before: Library, after: Library) -> Change | None:
    was, now = before.named(flow), after.named(flow)
    lines = after.problems.get(flow, ())
    if lines:
        return Change(flow, "broken", lines) if lines != before.problems.get(flow) else None
    if now is None:
        return Change(flow, "removed")
    if was is None:
        return Change(flow, "new")
    if was.graph.digest != now.graph.digest:
        return Change(flow, "changed")
    return Change(flow, "mended") if flow in before.problems else None


def _compiled(
    one: FlowFile, uses: Mapping[str, Any], hosts: HostPolicy | None, can_seal: bool
) -> Served | tuple[str, ...]:
    """The flow, or what is wrong with it."""
    compiled = compile_bundle(one.bundle, file=one.file)
    problems = [
        f"{found.file}:{found.span.line}:{found.span.column} {found.code} {found.message}"
        for found in compiled.diagnostics
        if found.severity == "error"
    ]
    if compiled.graph is not None:
        problems += _unbound(compiled.graph, one.bundle, uses)
        problems += _unsealable(compiled.graph) if not can_seal else ()
        if not problems and hosts is not None:
            problems = known_hosts.refused(compiled.graph, uses, hosts)
    if problems or compiled.graph is None:
        return tuple(problems)
    return Served(compiled.graph, one.bundle, hours_of(compiled.graph, one.bundle, uses))


def _unbound(graph: FlowGraph, bundle: Bundle, uses: Mapping[str, Any]) -> list[str]:
    """What the environment's `uses` lack for this flow."""
    problems = []
    for name, declared in graph.uses.items():
        if name not in uses:
            problems.append(f"uses.{name} of flow {graph.flow} is not bound; add it to the environment's `uses`")
        elif not fits(uses[name], declared.type):
            problems.append(f"uses.{name} of flow {graph.flow} wants {declared.type}")
        elif instead := wanted_instead(declared, uses[name]):
            problems.append(f"uses.{name} of flow {graph.flow} wants {instead}")
        elif declared.calendar and path_of(uses[name]) not in bundle.files:
            problems.append(
                f"uses.{name} of flow {graph.flow} is bound to the calendar {uses[name]},"
                f" and there is no file {path_of(uses[name])} in the folder of the flows"
            )
    return problems


def _unsealable(graph: FlowGraph) -> Iterator[str]:
    if graph.sealed:
        yield f"flow {graph.flow} takes secret or private values, and {VARIABLE} is not set; `offhook secret-key` prints one"


def fits(value: Any, wanted: str) -> bool:
    """May a value from outside (JSON, YAML) stand where an expression expects this type?"""
    if value is None or (isinstance(value, int) and not -_INT <= value < _INT):
        return False
    kind = cel_type_of(value)
    return kind == wanted or (kind == "int" and wanted == "double")


def fitted(value: Any, wanted: str) -> Any:
    """A whole number serves where a double is wanted."""
    return float(value) if wanted == "double" else value
