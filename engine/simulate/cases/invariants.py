"""`invariants:` of a test file: conditions on every run that is over, for `offhook explore`."""

from engine.compile.located import Mapping, Scalar, Sequence
from engine.compile.report import Report
from engine.expr import Checked, Environment
from engine.model.graph import FlowGraph
from engine.simulate.cases.case import TestFile


def read(tests: TestFile, graph: FlowGraph) -> tuple[Checked, ...]:
    """What is wrong with one is reported."""
    root = tests.root
    found = root.get("invariants") if isinstance(root, Mapping) else None
    nodes = [one for one in found.items if isinstance(one, Scalar)] if isinstance(found, Sequence) else []
    known = Environment(names(graph))
    return tuple(one for node in nodes if (one := _compiled(tests.report, known, node)) is not None)


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
