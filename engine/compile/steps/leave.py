"""redirect, transfer and end: the call leaves, or is over."""

import json
from typing import Any

from engine.compile import yaml_reader
from engine.compile.kinds import SWML
from engine.compile.located import Mapping, Node, Scalar
from engine.compile.plain import plain
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode, dotted
from engine.model.diagnostics import Diagnostic
from engine.model.graph import LeaveValue, Tree

_END_REASONS = {"noAnswer": "no_answer"}


def end(scope: Scope, step: StepNode) -> LeaveValue | None:
    if not isinstance(step.value, Scalar):
        return None
    reason = step.value.text
    params = {} if reason == "done" else {"reason": reason}
    return LeaveValue(params, _END_REASONS.get(reason, reason))


def redirect(scope: Scope, step: StepNode) -> LeaveValue | None:
    if not isinstance(step.value, Mapping):
        return None
    swml = step.value.get("swml")
    if isinstance(swml, Scalar):
        document = _file(scope, step, swml)
        return LeaveValue({"swml": document}, "redirected") if document else None
    params: Tree = scope.tree(step.value, step.path)
    return LeaveValue(params, "redirected")


def transfer(scope: Scope, step: StepNode) -> LeaveValue | None:
    return LeaveValue(scope.tree(step.value, step.path), "redirected")


def _file(scope: Scope, step: StepNode, name: Scalar) -> Any:
    """A document under flows/swml/, JSON or YAML. Its own `${...}` stays as it is."""
    path = f"swml/{name.text}"
    data = scope.files.get(path)
    if data is None:
        beside = sorted(one.removeprefix("swml/") for one in scope.files if one.startswith("swml/"))
        _bad(scope, step, name, f"There is no file `flows/{path}`.", nearest(name.text, beside))
        return None
    document, problem = _parse(path, data)
    if problem:
        _bad(scope, step, name, f"`flows/{path}` cannot be read: {problem}", "")
        return None
    sections = document.get("sections") if isinstance(document, dict) else None
    if not isinstance(sections, dict) or not isinstance(sections.get("main"), list):
        advice = 'It looks like this: {"sections": {"main": [...]}}.'
        _bad(scope, step, name, f"`flows/{path}` is no SWML document: it has no list `sections.main`.", advice)
        return None
    return document


def _parse(path: str, data: bytes) -> tuple[Any, str]:
    """The document, or what is wrong with it."""
    if path.endswith(".json"):
        return _json(data)
    root, report = yaml_reader.read(path, data, SWML)
    if root is None or report.has_errors:
        first = min(report.diagnostics, key=Diagnostic.sort_key)
        return None, f"line {first.span.line}: {first.message}"
    return plain(report, root), ""


def _json(data: bytes) -> tuple[Any, str]:
    try:
        document = json.loads(data, parse_constant=_no_constant)
        json.dumps(document, ensure_ascii=False).encode()  # a lone surrogate could never be sent
    except json.JSONDecodeError as error:
        return None, f"line {error.lineno}: this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}."
    except ValueError as error:
        return None, f"this is not JSON in UTF-8: {error}."
    except RecursionError:
        return None, "it is nested too deeply."
    return document, ""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _bad(scope: Scope, step: StepNode, node: Node, message: str, advice: str) -> None:
    path = dotted((*step.path, "swml"))
    scope.report.node_error("FLW015", "bad-swml", node, message, help=advice, path=path)
