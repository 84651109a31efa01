"""subflow and return: inputs and fields that are handed over, with their types."""

from collections.abc import Mapping as Map

from engine.compile import reserved
from engine.compile.called import type_of
from engine.compile.handles import handle_at
from engine.compile.located import Mapping, Node, Path, Scalar, dotted, entries
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode
from engine.compile.wording import both
from engine.expr import a_value, has_template
from engine.model.graph import Declared, ReturnValue, SubflowValue, Tree
from engine.model.ids import StepName


def subflow(scope: Scope, step: StepNode) -> SubflowValue | None:
    value = step.value
    flow = value.get("flow") if isinstance(value, Mapping) else None
    called = scope.called.get(flow.text) if isinstance(flow, Scalar) else None
    if not isinstance(value, Mapping) or not isinstance(flow, Scalar) or called is None or called.graph is None:
        return None
    given: dict[str, Tree] = {}
    handles: dict[str, StepName] = {}
    inputs = called.graph.inputs
    for key, node in entries(value, "with"):
        path = (*step.path, "with", key.text)
        declared = inputs.get(key.text)
        if declared is None:
            problem = f"The flow `{flow.text}` has no input `{key.text}`."
            advice = nearest(key.text, inputs) or "Remove it."
            scope.report.node_error("VAR001", "unknown-name", key, problem, help=advice, path=dotted(path))
        elif declared.handle:
            name = _handle(scope, node, path, declared.handle)
            handles |= {key.text: name} if name else {}
        else:
            given[key.text] = _input(scope, node, declared, key.text, step)
    _check_missing(scope, step, inputs, {key.text for key, _ in entries(value, "with")}, flow.text)
    return SubflowValue(flow=flow.text, given=given, handles=handles)


def _handle(scope: Scope, node: Node, path: Path, verb: str) -> StepName | None:
    if isinstance(node, Scalar) and has_template(node.text):
        problem = f"`{path[-1]}` is a {verb}, which is told by the name of its step."
        advice = "Write that name, without `${{ }}`."
        scope.report.node_error("API008", "bad-handle", node, problem, help=advice, path=dotted(path))
        return None
    return handle_at(scope, node, path, of=verb)


def _input(scope: Scope, node: Node, declared: Declared, name: str, step: StepNode) -> Tree:
    path = (*step.path, "with", name)
    tree = scope.tree(node, path)
    kind = type_of(tree)
    if kind not in (declared.type, "dyn") and (kind, declared.type) != ("int", "double"):
        problem = f"The input `{name}` is {a_value(declared.type)}, and this is {a_value(kind)}."
        scope.report.node_error(
            "VAR003", "type-mismatch", node, problem, help="Give a value of that type.", path=dotted(path)
        )
    return tree


def _check_missing(scope: Scope, step: StepNode, inputs: Map[str, Declared], given: set[str], flow: str) -> None:
    missing = [name for name, one in inputs.items() if one.required and name not in given]
    if missing and not scope.report.misreads(step.value):
        scope.report.node_error(
            "VAR007",
            "missing-input",
            step.value,
            f"The flow `{flow}` needs the input{'s' * (len(missing) > 1)} {both([f'`{name}`' for name in missing])}.",
            help=f"Add `with: {{{missing[0]}: ...}}`.",
            path=dotted(step.path),
        )


def returns(scope: Scope, step: StepNode) -> ReturnValue | None:
    value = step.value
    outcome = value.get("outcome") if isinstance(value, Mapping) else value
    if not isinstance(outcome, Scalar):
        return None
    reserved.check(scope.report, outcome, reserved.OUTCOMES, "outcome", dotted(step.path))
    carried = entries(value, "with")
    for key, _ in carried:
        reserved.check(scope.report, key, reserved.FIELDS, "field", dotted((*step.path, "with", key.text)))
    given = {key.text: scope.tree(node, (*step.path, "with", key.text)) for key, node in carried}
    return ReturnValue(outcome=outcome.text, given=given)
