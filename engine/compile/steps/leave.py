"""redirect and end: the call leaves, or is over."""

import json
from typing import Any

from engine.compile import yaml_reader
from engine.compile.located import Mapping, Node, Scalar
from engine.compile.plain import plain
from engine.compile.scope import Scope, StepNode, dotted
from engine.model.graph import LeaveValue, Tree

_END_REASONS = {"noAnswer": "no_answer"}


def end(scope: Scope, step: StepNode) -> LeaveValue | None:
    assert isinstance(step.value, Scalar)
    reason = step.value.text
    params = {} if reason == "done" else {"reason": reason}
    return LeaveValue(params, _END_REASONS.get(reason, reason))


def redirect(scope: Scope, step: StepNode) -> LeaveValue | None:
    assert isinstance(step.value, Mapping)
    swml = step.value.get("swml")
    if isinstance(swml, Scalar):
        document = _file(scope, step, swml)
        return LeaveValue({"swml": document}, "redirected") if document else None
    params: Tree = scope.tree(step.value, step.path)
    return LeaveValue(params, "redirected")


def _file(scope: Scope, step: StepNode, name: Scalar) -> Any:
    """A document under flows/swml/, JSON or YAML. Its own `${...}` stays as it is."""
    path = f"swml/{name.text}"
    data = scope.files.get(path)
    if data is None:
        _bad(scope, step, name, f"There is no file `flows/{path}`.")
        return None
    document = _parse(path, data)
    if not isinstance(document, dict) or "main" not in (document.get("sections") or {}):
        _bad(scope, step, name, f"`flows/{path}` is no SWML document: it has no `sections.main`.")
        return None
    return document


def _parse(path: str, data: bytes) -> Any:
    if path.endswith(".json"):
        try:
            return json.loads(data)
        except ValueError:
            return None
    root, report = yaml_reader.read(path, data)
    return plain(report, root) if root is not None and not report.has_errors else None


def _bad(scope: Scope, step: StepNode, node: Node, message: str) -> None:
    scope.report.node_error("FLW015", "bad-swml", node, message, path=dotted((*step.path, "swml")))
