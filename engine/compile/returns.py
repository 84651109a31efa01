"""What a `fetch` keeps of a reply, and an excursion of SWML's variables: declared types, and the names that they make."""

import re
from typing import Any

from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, dotted, entries
from engine.compile.report import nearest
from engine.compile.scope import Scope

_TYPES = ("string", "int", "double", "bool")
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")


def tree(scope: Scope, node: Node | None, path: Path) -> Any:
    """The declared types as plain values (`FetchValue.returns`); mistakes are reported."""
    if isinstance(node, Mapping):
        return {
            key.text: tree(scope, value, (*path, key.text))
            for key, value in node.entries
            if _named(scope, key, path) and _is_there(scope, key, value, path)
        }
    if isinstance(node, Sequence):
        if len(node.items) != 1:
            _wrong(scope, node, path, "A list has one type, which all of its items have.", "Such as [string].")
            return []
        return [tree(scope, node.items[0], (*path, 0))]
    if isinstance(node, Scalar) and node.text.removesuffix("?") in _TYPES:
        return node.text
    if isinstance(node, Scalar):
        known = [kind + end for kind in _TYPES for end in ("", "?")]
        _wrong(scope, node, path, f"`{node.text}` is no type.", nearest(node.text, known))
    return None


def _named(scope: Scope, key: Scalar, path: Path) -> bool:
    if _NAME.fullmatch(key.text) and key.text not in ("in", "true", "false", "null"):
        return True
    _wrong(scope, key, path, f"`{key.text}` cannot be named in an expression, so it cannot be kept.", "Leave it out.")
    return False


def _is_there(scope: Scope, key: Scalar, value: Node, path: Path) -> bool:
    if not isinstance(value, Scalar) or value.value is not None:
        return True
    _wrong(scope, key, path, f"`{key.text}` has no type.", f"Such as {key.text}: string.")
    return False


def _wrong(scope: Scope, node: Node, path: Path, message: str, advice: str) -> None:
    scope.report.node_error("VAR006", "bad-type", node, message, help=advice, path=dotted(path))


def fields(fetch: Node) -> dict[str, str]:
    """The dotted names of a fetch's reply (`body.balance`) with their CEL types."""
    node = fetch.get("returns") if isinstance(fetch, Mapping) else None
    return dict(_fields(node, "body")) if node is not None else {}


def _fields(node: Node, name: str) -> list[tuple[str, str]]:
    if isinstance(node, Sequence):
        return [(name, "list")]
    if isinstance(node, Mapping):
        inner = [one for key, value in node.entries for one in _fields(value, f"{name}.{key.text}")]
        return inner if name == "body" else [(name, "map"), *inner]
    kind = node.text.removesuffix("?")
    return [(name, kind)] if kind in _TYPES else []


def of_excursion(excursion: Node) -> dict[str, str]:
    """The fields of an excursion with their CEL types."""
    kinds = {name: kind.removesuffix("?") for name, kind in brought(excursion).items()}
    return {name: kind if kind in _TYPES else "dyn" for name, kind in kinds.items()}


def brought(excursion: Node) -> dict[str, str]:
    """As declared: with a `?` where one may be missing."""
    return {key.text: value.text for key, value in entries(excursion, "returns") if isinstance(value, Scalar)}
