"""What the schemas say of a place: which keys may stand there, and of what type, unit and default a value is."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from engine.compile.json_types import listed
from engine.compile.located import Path
from engine.compile.schemas import Schema
from engine.compile.wording import a_type, either, is_duration

_NAMES = {
    "step": "a step",
    "handle": "a step in the background",
    "swml": "a file of flows/swml",
    "subflow": "a flow of flows/lib",
    "signal": "a signal",
    "use": "a name under uses",
}
_UNITS = {"s": "in seconds", "ms": "in milliseconds", "dB": "in decibels", "Hz": "in hertz"}


def schemas_at(root: Schema, path: Path) -> list[Schema]:
    """All that may hold at the path: of an `anyOf` every branch that gets there."""
    found = [root]
    for part in path:
        found = [inner for one in found for inner in _into(one, part)]
    return found


def branches(schema: Schema) -> Iterator[Schema]:
    """The schema and the ones it is made of."""
    yield schema
    for keyword in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(keyword, ()):
            yield from branches(one)


def properties(schemas: Iterable[Schema], keys: Collection[str] = ()) -> dict[str, Schema]:
    """The keys that may stand beside those that are there, with their schemas."""
    found = [one for schema in schemas for one in branches(schema) if "properties" in one]
    fitting = [one for one in found if set(keys) <= one["properties"].keys()]
    return {name: inner for one in fitting or found for name, inner in one["properties"].items()}


def required(schemas: Iterable[Schema]) -> frozenset[str]:
    return frozenset(name for schema in schemas for one in branches(schema) for name in one.get("required", ()))


def named(schemas: Iterable[Schema], *, keys: bool = False) -> tuple[str, ...]:
    """What a text here is the name of (`x-names`); `keys`: a key of a mapping here."""
    found = [one for schema in schemas for one in branches(schema)]
    if keys:
        found = [one["propertyNames"] for one in found if "propertyNames" in one]
    return tuple(dict.fromkeys(one["x-names"] for one in found if "x-names" in one))


def is_cel(schemas: Iterable[Schema]) -> bool:
    return any("x-cel" in one for schema in schemas for one in branches(schema))


def values(schemas: Iterable[Schema]) -> dict[str, Schema]:
    """Values that can be listed, as they are written: those of a list, truth values, and examples."""
    found: dict[str, Schema] = {}
    all_ = [one for schema in schemas for one in branches(schema)]
    free = not any("x-names" in one or "x-cel" in one for one in all_)
    for one in all_:
        fixed = [*one.get("enum", ()), *([one["const"]] if "const" in one else ())]
        fixed += [True, False] if "boolean" in listed(one.get("type", ())) else []
        for value in fixed or (one.get("examples", ()) if free else ()):
            if not isinstance(value, dict | list):
                found.setdefault(written(value), one)
    return found


def described(schema: Schema) -> str:
    """`a number, in seconds; default 5`."""
    kinds = dict.fromkeys(kind for one in branches(schema) for kind in _kinds(one))
    units = dict.fromkeys(_UNITS[one["x-unit"]] for one in branches(schema) if one.get("x-unit") in _UNITS)
    fixed = [value for one in branches(schema) for value in one.get("enum", ())]
    parts = [", ".join([either(list(kinds)), *units])] if kinds else []
    if fixed:
        parts = [either([written(value) for value in fixed])]
    if "default" in schema:
        parts.append(f"default {written(schema['default'])}")
    return "; ".join(parts)


def _kinds(schema: Schema) -> Iterator[str]:
    if schema.get("x-names") in _NAMES:
        yield _NAMES[schema["x-names"]]
    elif "x-cel" in schema:
        yield "an expression"
    elif is_duration(schema.get("pattern", "")):
        yield "a time with its unit"
    else:
        yield from map(a_type, listed(schema.get("type", ())))


def written(value: Any) -> str:
    """As one writes it in YAML."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w.-]*", value) and value not in ("true", "false", "null"):
        return value
    return json.dumps(value, ensure_ascii=False)


def is_nested(schema: Schema) -> bool:
    """Is the value a mapping or a list, whichever form is chosen?"""
    kinds = {kind for one in branches(schema) for kind in listed(one.get("type", ()))}
    return bool(kinds) and kinds <= {"object", "array"}


def _into(schema: Schema, part: str | int) -> Iterator[Schema]:
    for one in branches(schema):
        inner = one.get("items") if isinstance(part, int) else _property(one, part)
        if isinstance(inner, dict):
            yield inner


def _property(schema: Schema, name: str) -> Any:
    if name in schema.get("properties", {}):
        return schema["properties"][name]
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return inner
    return schema.get("additionalProperties")
