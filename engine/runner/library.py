"""The flows that a runner serves: compiled once, by name for new calls and by digest for running ones."""

import logging
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from engine.compile import compile_bundle, path_of, suffix
from engine.expr import cel_type_of
from engine.fetching.hosts import HostPolicy
from engine.journal.sealing import VARIABLE
from engine.model.bundle import Bundle
from engine.model.errors import JournalError
from engine.model.graph import FlowGraph
from engine.model.ids import Digest
from engine.runner import known_hosts

log = logging.getLogger("offhook.library")
_INT = 2**63


class Served(Struct, frozen=True):
    graph: FlowGraph
    bundle: Bundle


class Library:
    """`hosts` are what may be fetched from; None: that is seen when it is fetched. `can_seal`: there is a key for runs
    with secret or private values. `problems` are the flows that cannot be served, with the reason; the others are."""

    def __init__(self, uses: Mapping[str, Any], hosts: HostPolicy | None = None, *, can_seal: bool = True) -> None:
        self._uses = uses
        self._hosts = hosts
        self._can_seal = can_seal
        self._by_name: dict[str, Served] = {}
        self._by_digest: dict[Digest, FlowGraph] = {}
        self.problems: dict[str, list[str]] = {}

    def add(self, bundle: Bundle, *, file: str | None = None) -> None:
        if bundle.flow in self._by_name:
            self.problems[bundle.flow] = [
                f"{file or bundle.flow}: another file has this name already; rename one of them"
            ]
            return
        compiled = compile_bundle(bundle, file=file)
        problems = [
            f"{found.file}:{found.span.line}:{found.span.column} {found.code} {found.message}"
            for found in compiled.diagnostics
            if found.severity == "error"
        ]
        if compiled.graph is not None:
            problems += self._unbound(compiled.graph, bundle)
            problems += self._unsealable(compiled.graph)
            if not problems and self._hosts is not None:
                problems = known_hosts.refused(compiled.graph, self._uses, self._hosts)
        if problems or compiled.graph is None:
            self.problems[bundle.flow] = problems
            return
        self._by_name[bundle.flow] = Served(compiled.graph, bundle)
        self._by_digest[compiled.graph.digest] = compiled.graph

    def _unbound(self, graph: FlowGraph, bundle: Bundle) -> list[str]:
        """What the environment's `uses` lack for this flow."""
        problems = []
        for name, declared in graph.uses.items():
            if name not in self._uses:
                problems.append(f"uses.{name} of flow {graph.flow} is not bound; add it to the environment's `uses`")
            elif not fits(self._uses[name], declared.type):
                problems.append(f"uses.{name} of flow {graph.flow} wants {declared.type}")
            elif declared.calendar and path_of(self._uses[name]) not in bundle.files:
                problems.append(
                    f"uses.{name} of flow {graph.flow} is bound to the calendar {self._uses[name]},"
                    f" and there is no file {path_of(self._uses[name])} in the folder of the flows"
                )
        return problems

    def _unsealable(self, graph: FlowGraph) -> list[str]:
        if self._can_seal or not graph.sealed:
            return []
        return [
            f"flow {graph.flow} takes secret or private values, and {VARIABLE} is not set; `offhook secret-key` prints a key"
        ]

    def named(self, flow: str) -> Served | None:
        return self._by_name.get(flow)

    @property
    def names(self) -> list[str]:
        return sorted(self._by_name)

    @property
    def digests(self) -> list[Digest]:
        return [served.graph.digest for served in self._by_name.values()]

    def bindings(self, graph: FlowGraph) -> dict[str, Any]:
        """The values of the flow's `uses`."""
        return {name: fitted(self._uses[name], declared.type) for name, declared in graph.uses.items()}

    def of(self, digest: Digest, bundle: bytes | None) -> FlowGraph:
        """The graph that a run was started with; compiled from its bundle if it is no longer served."""
        if digest not in self._by_digest:
            if bundle is None:
                raise JournalError(f"The bundle {digest[:12]} of a run is not in the journal.")
            self._by_digest[digest] = recompiled(bundle)
        return self._by_digest[digest]


def recompiled(bundle: bytes) -> FlowGraph:
    """The graph of a bundle from the journal."""
    decoded = Bundle.decode(bundle)
    compiled = compile_bundle(decoded)
    if compiled.graph is None:
        found = "; ".join(one.message for one in compiled.diagnostics)
        raise JournalError(f"{suffix(decoded.flow)} of a run no longer compiles: {found}")
    return compiled.graph


def fits(value: Any, wanted: str) -> bool:
    """May a value from outside (JSON, YAML) stand where an expression expects this type?"""
    if value is None or (isinstance(value, int) and not -_INT <= value < _INT):
        return False
    kind = cel_type_of(value)
    return kind == wanted or (kind == "int" and wanted == "double")


def fitted(value: Any, wanted: str) -> Any:
    """A whole number serves where a double is wanted."""
    return float(value) if wanted == "double" else value
