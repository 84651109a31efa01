"""SWML of a flow's own: inline, or a document of flows/swml/. Its `${...}` stays as it is, `${{ }}` is the flow's."""

import json
from typing import Any

from engine.compile import yaml_reader
from engine.compile.kinds import SWML
from engine.compile.located import Mapping, Node, Path, Scalar
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode, dotted
from engine.model.graph import Tree


def document(*main: dict[str, Tree]) -> dict[str, Tree]:
    return {"version": "1.0.0", "sections": {"main": list(main)}}


def of(scope: Scope, step: StepNode, value: Mapping) -> dict[str, Tree] | None:
    """The document that `swml` holds or names; None when it is not sound, which has been said."""
    node, path = value.get("swml"), (*step.path, "swml")
    tree = _file(scope, step, node, path) if isinstance(node, Scalar) else _inline(scope, node, path)
    sections = tree.get("sections") if isinstance(tree, dict) else None
    sound = isinstance(sections, dict) and isinstance(sections.get("main"), list)
    if tree is not None and not sound and isinstance(node, Scalar):
        advice = 'It looks like this: {"sections": {"main": [...]}}.'
        message = f"`flows/swml/{node.text}` is no SWML document: it has no list `sections.main`."
        _bad(scope, step, node, message, advice)
    return tree if sound and isinstance(tree, dict) else None


def _inline(scope: Scope, node: Node | None, path: Path) -> Tree:
    return scope.tree(node, path) if node is not None else None


def _file(scope: Scope, step: StepNode, name: Scalar, path: Path) -> Tree:
    file = f"swml/{name.text}"
    data = scope.files.get(file)
    if data is None:
        beside = sorted(one.removeprefix("swml/") for one in scope.files if one.startswith("swml/"))
        _bad(scope, step, name, f"There is no file `flows/{file}`.", nearest(name.text, beside))
        return None
    if file.endswith(".json"):
        return _json(scope, step, name, data)
    root, report = yaml_reader.read(file, data, SWML)
    if root is None or report.has_errors:
        first = min(report.diagnostics, key=lambda found: found.sort_key())
        problem = f"line {first.span.line}: {first.message}"
        _bad(scope, step, name, f"`flows/{file}` cannot be read: {problem}", "")
        return None
    tree = scope.beside(report).tree(root, path)
    scope.elsewhere += report.diagnostics
    return tree


def _json(scope: Scope, step: StepNode, name: Scalar, data: bytes) -> Tree:
    """JSON has no places of its own here: what is wrong in a template is reported at the file's name."""
    found, problem = _parsed(data)
    if problem:
        _bad(scope, step, name, f"`flows/swml/{name.text}` cannot be read: {problem}", "")
        return None
    return found


def _parsed(data: bytes) -> tuple[Any, str]:
    """The document, or what is wrong with it."""
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
