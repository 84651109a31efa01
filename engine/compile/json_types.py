"""The types of JSON, and which of them a value has."""

from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any

from engine.compile.schemas import Schema


class TemplateText(str):
    """A text with `${{ }}`: its value is known when the call runs."""

    __slots__ = ()


JSON_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
_KINDS: Mapping[type, frozenset[str]] = {
    str: frozenset(("string",)),
    int: frozenset(("number", "integer")),
    float: frozenset(("number",)),
    bool: frozenset(("boolean",)),
    dict: frozenset(("object",)),
    list: frozenset(("array",)),
    NoneType: frozenset(("null",)),
    TemplateText: frozenset(JSON_TYPES) - {"object", "array"},
}


def listed(types: Any) -> tuple[str, ...]:
    """`type` may be one name or several."""
    return (types,) if isinstance(types, str) else tuple(types)


def kinds_of(instance: Any) -> frozenset[str]:
    """The JSON types that the value has. A template may turn out to be any but a mapping or a list."""
    found = _KINDS[type(instance)]
    return found | {"integer"} if isinstance(instance, float) and instance.is_integer() else found


def classes_of(schema: Schema) -> Iterator[type]:
    """The Python classes of which every value has a type that the schema takes."""
    wanted = None if "type" not in schema else frozenset(listed(schema["type"]))
    for one, kinds in _KINDS.items() if "x-planned" not in schema else ():
        if wanted is None or (one is not TemplateText and kinds & wanted):
            yield one
