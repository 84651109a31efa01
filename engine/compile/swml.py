"""SWML of a flow's own: inline, or a document of flows/swml/. Its `${...}` stays as it is, `${{ }}` is the flow's."""

from typing import Any

from engine.compile import yaml_reader
from engine.compile.kinds import SWML
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, Source, at, dotted
from engine.compile.report import Report, nearest
from engine.compile.scope import Scope, StepNode
from engine.expr import TextTemplate
from engine.model.diagnostics import Diagnostic
from engine.model.graph import Tree
from engine.model.limits import MAX_YAML_DEPTH


def document(*main: dict[str, Tree]) -> dict[str, Tree]:
    return {"version": "1.0.0", "sections": {"main": list(main)}}


def of(scope: Scope, step: StepNode, value: Mapping) -> dict[str, Tree] | None:
    """The document that `swml` holds or names; None when it is not sound, which has been said."""
    node, path = value.get("swml"), (*step.path, "swml")
    if isinstance(node, Scalar):
        return _file(scope, node, path) if isinstance(node.value, str) else None
    found = _sound(scope.tree(node, path)) if node is not None else None
    if found is not None and node is not None:
        _inspect(scope, scope.report, node, path, found)
    return found


def _sound(tree: Tree) -> dict[str, Tree] | None:
    sections = tree.get("sections") if isinstance(tree, dict) else None
    sound = isinstance(sections, dict) and isinstance(sections.get("main"), list)
    return tree if sound and isinstance(tree, dict) else None


def _file(scope: Scope, name: Scalar, path: Path) -> dict[str, Tree] | None:
    file = f"swml/{name.text}"
    data = scope.files.get(file)
    if data is None:
        beside = sorted(one.removeprefix("swml/") for one in scope.files if one.startswith("swml/"))
        _bad(scope, name, path, f"There is no file `flows/{file}`.", nearest(name.text, beside))
        return None
    read = _json if file.endswith(".json") else _yaml
    tree, problem = read(scope, name, path, data)
    if problem:
        _bad(scope, name, path, f"`flows/{file}` cannot be read: {problem}", "")
        return None
    found = _sound(tree)
    if found is None:
        advice = 'It looks like this: {"sections": {"main": [...]}}.'
        _bad(scope, name, path, f"`flows/{file}` is no SWML document: it has no list `sections.main`.", advice)
    return found


def _yaml(scope: Scope, name: Scalar, path: Path, data: bytes) -> tuple[Tree, str]:
    """The document, or what is wrong with it. What is wrong in a template is reported where it stands."""
    root, report = yaml_reader.read(f"swml/{name.text}", data, SWML)
    if root is None or report.has_errors:
        first = min(report.diagnostics, key=Diagnostic.sort_key)
        return None, f"line {first.span.line}: {first.message}"
    tree = scope.beside(report).tree(root, path)
    if (sound := _sound(tree)) is not None:
        _inspect(scope, report, root, path, sound)
    if any(one.severity == "error" for one in report.diagnostics):
        scope.doubt(path)
    told = {(one.file, one.span) for one in scope.elsewhere}  # by another step that names the file
    scope.elsewhere += [one for one in report.diagnostics if (one.file, one.span) not in told]
    return tree, ""


def _json(scope: Scope, name: Scalar, path: Path, data: bytes) -> tuple[Tree, str]:
    """The same. JSON is read without places, so the first mistake in a template is reported at the file's name."""
    root, problem = _parsed(data)
    if root is None:
        return None, problem
    report = Report(Source(f"swml/{name.text}", ""), SWML)
    tree = scope.beside(report).tree(root, path)
    for found in report.diagnostics[:1]:
        message = f"In `flows/swml/{name.text}`: {found.message}"
        scope.report.node_error(found.code, found.name, name, message, help=found.help, path=found.path)
    return tree, ""


def _parsed(data: bytes) -> tuple[Node | None, str]:
    import json  # most documents are YAML

    try:
        found = json.loads(data, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate could never be sent
        return _node(found, MAX_YAML_DEPTH), ""
    except json.JSONDecodeError as error:
        return None, f"line {error.lineno}: this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}."
    except ValueError as error:
        return None, f"this is not JSON in UTF-8: {error}."
    except RecursionError:
        return None, "it is nested too deeply."


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _node(value: Any, levels: int) -> Node:
    """A value of JSON as a node that stands nowhere."""
    if levels < 0:
        raise RecursionError
    if isinstance(value, dict):
        entries = tuple((_scalar(key), _node(one, levels - 1)) for key, one in value.items())
        return Mapping(entries=entries, start=0, end=0)
    if isinstance(value, list):
        return Sequence(items=tuple(_node(one, levels - 1) for one in value), start=0, end=0)
    return _scalar(value)


def _scalar(value: Any) -> Scalar:
    return Scalar(value=value, text=str(value), start=0, end=0, plain=False)


def _inspect(scope: Scope, report: Report, root: Node, path: Path, tree: dict[str, Tree]) -> None:
    """Warns of what the vendor's schema refuses, where there is one: it may be behind the platform."""
    for found in scope.swml_check(_sample(tree)) if scope.swml_check is not None else ():
        place = _unknown_key(root, found.path) if found.known else at(root, found.path)
        report.node_error(
            "FLW019",
            "odd-swml",
            place,
            found.message,
            help=nearest(str(found.path[-1]), found.known) if found.known else "",
            severity="warning",
            path=dotted((*path, *found.path)),
        )


def _unknown_key(root: Node, path: Path) -> Node:
    parent = at(root, path[:-1])
    key = parent.key(str(path[-1])) if isinstance(parent, Mapping) else None
    return key or at(root, path)


def _sample(tree: Tree) -> Any:
    """The document with something in place of each template that has its type."""
    if isinstance(tree, dict):
        return {key: _sample(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_sample(value) for value in tree]
    if not isinstance(tree, TextTemplate):
        return tree
    return {"int": 1, "double": 1.0, "bool": True}.get(tree.type, "%{vars.value}")


def _bad(scope: Scope, node: Node, path: Path, message: str, advice: str) -> None:
    scope.report.node_error("FLW015", "bad-swml", node, message, help=advice, path=dotted(path))
