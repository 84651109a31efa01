"""A flow with those that it calls as one graph: what an environment has to bind, and what may be signalled, are theirs too,
and so is what is not for everybody's eyes."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from engine.compile.called import Called
from engine.compile.located import Mapping as Entries
from engine.compile.located import Node
from engine.compile.report import Report
from engine.model.graph import FlowGraph


def with_subflows(report: Report, root: Entries, graph: FlowGraph, called: Mapping[str, Called]) -> FlowGraph:
    """The graph with `subflows`, and their `uses` and `signals` among its own."""
    flows: dict[str, FlowGraph] = {}
    for name, one in called.items():
        if one.graph is not None:
            flows |= {**one.graph.subflows, name: one.graph}
    uses, signals = dict(graph.uses), dict(graph.signals)
    for name, flow in flows.items():
        _join(report, root, "uses", uses, flow.uses, name)
        _join(report, root, "signals", signals, flow.signals, name)
    sealed = graph.sealed or any(flow.sealed for flow in flows.values())
    return replace(graph, subflows=flows, uses=uses, signals=signals, sealed=sealed)


def _join(
    report: Report, root: Entries, section: str, into: dict[str, Any], more: Mapping[str, Any], flow: str
) -> None:
    """Two flows of a bundle mean the same by a name."""
    for name, one in more.items():
        if into.setdefault(name, one) != one:
            node: Node = root.key(section) or root
            problem = f"`{section}.{name}` is something else in the flow `{flow}`, which this one calls."
            report.node_error(
                "VAR003",
                "type-mismatch",
                node,
                problem,
                help="Declare it alike in both, or give one of them another name.",
                path=f"{section}.{name}",
            )
