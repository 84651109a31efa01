"""`invariants:` of a test file: conditions on every run that is over, of a case or explored."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from engine.compile.located import Mapping, Scalar, Sequence
from engine.compile.report import Report
from engine.expr import Checked, Environment
from engine.model.diagnostics import Span
from engine.model.graph import Expression, ExpressionFailed, FlowGraph
from engine.model.state import RunState
from engine.simulate.cases.case import TestFile


class Invariant(Struct, frozen=True):
    """`at`: where it stands in the test file."""

    condition: Checked
    at: Span


def read(tests: TestFile, graph: FlowGraph) -> tuple[Invariant, ...]:
    """What is wrong with one is reported."""
    root = tests.root
    found = root.get("invariants") if isinstance(root, Mapping) else None
    nodes = [one for one in found.items if isinstance(one, Scalar)] if isinstance(found, Sequence) else []
    known = Environment(names(graph))
    every = [(_compiled(tests.report, known, node), node) for node in nodes]
    span = tests.report.source.span
    return tuple(Invariant(one, span(node.start, node.end)) for one, node in every if one is not None)


def broken(conditions: Iterable[Expression], run: RunState) -> Iterator[tuple[int, str]]:
    """Which of them, counted from 0, do not hold of a run that is over, and why."""
    for index, one in enumerate(conditions):
        try:
            holds = one.evaluate(lambda name: look_up(run, name))
        except ExpressionFailed as error:
            yield index, f"`{one.source}` has no value: {error}"
        else:
            if holds is not True:
                yield index, f"`{one.source}` does not hold"


def remembering(graph: FlowGraph) -> FlowGraph:
    """The same flow, whose runs keep the result of every step and count visits under their names: for those who look at a
    run from outside."""
    subflows = {name: replace(one, kept=None, numbers={}) for name, one in graph.subflows.items()}
    return replace(graph, kept=None, numbers={}, subflows=subflows)


def look_up(run: RunState, name: str) -> object:
    """A name of an invariant, when the run is over. KeyError where it is not set."""
    root = run.callers[0] if run.callers else run.frame
    space, _, rest = name.partition(".")
    match space:
        case "vars":
            return root.vars[rest]
        case "inputs":
            return root.inputs[rest]
        case "uses":
            return run.uses[rest]
        case "steps":
            step, _, field = rest.partition(".")
            return root.results[step][field]
        case "call":
            return getattr(run.call, "from_" if rest == "from" else rest)
        case _:
            return {"id": run.run_id, "end_reason": run.end_reason}[rest]


def names(graph: FlowGraph) -> dict[str, str]:
    """What an invariant may name, with CEL types."""
    return {
        "run.end_reason": "string",
        **{f"call.{name}": "string" for name in ("from", "to", "state", "direction", "end_reason")},
        **{f"vars.{name}": one.type for name, one in graph.vars.items()},
        **{f"inputs.{name}": one.type for name, one in graph.inputs.items() if not one.handle},
        **{f"uses.{name}": one.type for name, one in graph.uses.items()},
        **{f"steps.{name}.outcome": "string" for name in graph.steps if "." not in name},
    }


def _compiled(report: Report, known: Environment, node: Scalar) -> Checked | None:
    found = known.compile(node.text)
    if isinstance(found, Checked) and found.type == "bool":
        return found
    message = f"An invariant is true or false, and `{node.text}` is neither."
    if not isinstance(found, Checked):
        message = found[0].message
    report.node_error("TST009", "bad-invariant", node, message, path="invariants")
    return None
