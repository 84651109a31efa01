"""Whether a value fits a schema of the vendor's, and no word about why not.

Reading jsonschema takes longer than a whole check of a flow, and most SWML is right. So this says which values are, for
the keywords that the schema uses. Where it does not know, it says no, and jsonschema has the last word.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]


class _Unknown(Exception):
    """A keyword, or a value, whose meaning is left to jsonschema."""


def fits(value: Any, schema: Any, definitions: Schema) -> bool:
    """`definitions` are what `#/$defs/...` refers to. False: it does not, or nobody here knows."""
    try:
        return _holds(value, schema, definitions)
    except _Unknown:
        return False


def _holds(value: Any, schema: Any, definitions: Schema) -> bool:
    if isinstance(schema, bool):
        return schema
    for keyword, wanted in schema.items():
        if keyword in _ANNOTATIONS:
            continue
        if keyword not in _KEYWORDS:
            raise _Unknown
        if not _KEYWORDS[keyword](value, wanted, schema, definitions):
            return False
    return True


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _integer(value: Any) -> bool:
    if isinstance(value, float):
        raise _Unknown  # 1.0 is one
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _integer,
    "number": _number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
_ANNOTATIONS = frozenset(("title", "description", "examples", "default", "format", "deprecated", "$id", "$schema"))
_BESIDE = frozenset(("properties", "type", "required", "minProperties", "unevaluatedProperties", *_ANNOTATIONS))
"""Where there are these alone, `unevaluatedProperties` means the properties that are not named."""


def _ref(value: Any, wanted: str, schema: Schema, definitions: Schema) -> bool:
    name = wanted.removeprefix("#/$defs/")
    if name not in definitions:
        raise _Unknown
    return _holds(value, definitions[name], definitions)


def _type(value: Any, wanted: Any, schema: Schema, definitions: Schema) -> bool:
    return any(_TYPES[one](value) for one in ([wanted] if isinstance(wanted, str) else wanted))


def _properties(value: Any, wanted: Schema, schema: Schema, definitions: Schema) -> bool:
    known = value.items() if isinstance(value, dict) else ()
    return all(_holds(one, wanted[key], definitions) for key, one in known if key in wanted)


def _additional(value: Any, wanted: Any, schema: Schema, definitions: Schema) -> bool:
    named = schema.get("properties", {})
    others = [one for key, one in value.items() if key not in named] if isinstance(value, dict) else ()
    return all(_holds(one, wanted, definitions) for one in others)


def _unevaluated(value: Any, wanted: Any, schema: Schema, definitions: Schema) -> bool:
    if not schema.keys() <= _BESIDE:
        raise _Unknown
    return _additional(value, wanted, schema, definitions)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) or isinstance(wanted, str):
        return bool(value == wanted)
    raise _Unknown  # JSON's numbers and booleans are equal in other ways than Python's


def _size(kind: type[Any], enough: Callable[[int, int], bool]) -> Callable[[Any, Any, Schema, Schema], bool]:
    return lambda value, wanted, _, __: not isinstance(value, kind) or enough(len(value), wanted)


_KEYWORDS: Mapping[str, Callable[[Any, Any, Schema, Schema], bool]] = {
    "$ref": _ref,
    "type": _type,
    "properties": _properties,
    "unevaluatedProperties": _unevaluated,
    "additionalProperties": _additional,
    "required": lambda value, wanted, _, __: not isinstance(value, dict) or all(key in value for key in wanted),
    "items": lambda value, wanted, _, known: all(
        _holds(one, wanted, known) for one in (value if isinstance(value, list) else ())
    ),
    "anyOf": lambda value, wanted, _, known: any(_holds(value, one, known) for one in wanted),
    "oneOf": lambda value, wanted, _, known: sum(_holds(value, one, known) for one in wanted) == 1,
    "not": lambda value, wanted, _, known: not _holds(value, wanted, known),
    "const": lambda value, wanted, _, __: _same(value, wanted),
    "enum": lambda value, wanted, _, __: any(_same(value, one) for one in wanted),
    "minimum": lambda value, wanted, _, __: not _number(value) or value >= wanted,
    "maximum": lambda value, wanted, _, __: not _number(value) or value <= wanted,
    "minLength": _size(str, lambda size, wanted: size >= wanted),
    "minItems": _size(list, lambda size, wanted: size >= wanted),
    "minProperties": _size(dict, lambda size, wanted: size >= wanted),
    "pattern": lambda value, wanted, _, __: not isinstance(value, str) or re.search(wanted, value) is not None,
}
