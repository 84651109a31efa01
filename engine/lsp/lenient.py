"""Reads what a client sends. A place that cannot be is moved: pygls would leave the question without an answer."""

from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.protocol import default_converter

_MOST = 2**31 - 1


def lenient_converter() -> Converter:
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]
    converter.register_structure_hook(types.Position, _position)
    return converter


def _position(value: Any, _: type) -> types.Position:
    return types.Position(line=_number(value, "line"), character=_number(value, "character"))


def _number(value: Any, key: str) -> int:
    found = value.get(key) if isinstance(value, dict) else getattr(value, key, 0)
    return min(max(int(found), 0), _MOST) if isinstance(found, int | float) else 0
