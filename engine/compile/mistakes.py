"""A document's mistakes of shape, in the author's words."""

import re
from collections.abc import Callable
from typing import Any

from engine.compile.located import Mapping, Node, Path, Scalar, at
from engine.compile.report import Report, nearest
from engine.compile.schemas import Schema

Failure = Any
"""jsonschema's ValidationError, whose attributes its stubs call optional, each and every one."""


def say(report: Report, root: Node, path: Path, error: Failure) -> None:
    node = at(root, path)
    where = ".".join(str(part) for part in path)
    keyword = str(error.validator)
    said = _MESSAGES.get(keyword, _other)(error)
    code, name = _CODES.get(keyword, ("SYN005", "wrong-type"))
    if keyword == "additionalProperties" and isinstance(node, Mapping):
        _say_unknown_keys(report, node, where, error)
    elif keyword == "x-planned":
        key = _key_of(root, path)
        report.node_error(
            "SYN010",
            "not-yet",
            key or node,
            f"`{path[-1]}` is part of the language, but this version cannot do it yet.",
            path=where,
        )
    elif keyword == "anyOf" and _only_required(error):
        keys = [f"`{one['required'][0]}`" for one in error.validator_value]
        report.node_error(
            "API001",
            "nothing-to-do",
            _key_of(root, path) or node,
            f"`{path[-1]}` needs {' or '.join(keys)}." if path else f"Needs {' or '.join(keys)}.",
            path=where,
        )
    else:
        report.node_error(code, name, node, said[0], help=said[1], path=where)


def _only_required(error: Failure) -> bool:
    return all("required" in one and "type" not in one for one in error.validator_value) and isinstance(
        error.instance, dict
    )


def _key_of(root: Node, path: Path) -> Scalar | None:
    if not path or not isinstance(path[-1], str):
        return None
    parent = at(root, path[:-1])
    return parent.key(path[-1]) if isinstance(parent, Mapping) else None


def _say_unknown_keys(report: Report, node: Mapping, where: str, error: Failure) -> None:
    within = _within(error)
    known = within.get("properties", {})
    patterns = within.get("patternProperties", {})
    if "x-one-of-verbs" in within and not set(within["x-one-of-verbs"]) & set(error.instance):
        return  # a step without a verb is said once, by the compiler
    for key, _ in node.entries:
        if key.text not in error.instance or key.text in known:
            continue
        if any(re.search(pattern, key.text) for pattern in patterns):
            continue
        report.node_error(
            "SYN003",
            "unknown-key",
            key,
            f"`{key.text}` is not known here.",
            help=nearest(key.text, known),
            path=where,
        )


def _within(error: Failure) -> Schema:
    """The schema that the mistake was made against."""
    return error.schema if isinstance(error.schema, dict) else {}


_KIND = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}


def _kind(instance: Any) -> str:
    if isinstance(instance, bool):
        return f"`{str(instance).lower()}`"
    if isinstance(instance, dict | list):
        return _KIND["object" if isinstance(instance, dict) else "array"]
    return "nothing" if instance is None else f"`{_short(instance)}`"


def _short(instance: Any) -> str:
    text = str(instance)
    return text if len(text) <= 40 else text[:37] + "..."


def _wrong_type(error: Failure) -> tuple[str, str]:
    types = error.validator_value
    listed = [types] if isinstance(types, str) else list(types)
    wanted = " or ".join(_KIND[one] for one in listed)
    advice = ""
    if "string" in listed and isinstance(error.instance, int | float):
        advice = f'Quote it: "{_short(error.instance)}".'
        if "(ms|s|m|h)" in str(_within(error).get("pattern")):
            advice = f"Write it with its unit: {_short(error.instance)}s."
    elif isinstance(error.instance, str) and _duration(error.instance):
        unit = _within(error).get("x-unit", "")
        advice = f"The API takes a plain number here{_UNIT.get(unit, '')}."
    return f"Wants {wanted}, got {_kind(error.instance)}.", advice


_UNIT = {"s": ", in seconds", "ms": ", in milliseconds", "dB": ", in decibels"}


def _duration(text: str) -> bool:
    return re.fullmatch(r"[0-9.]+(ms|s|m|h)", text) is not None


def _pattern(error: Failure) -> tuple[str, str]:
    if "(ms|s|m|h)" in str(error.validator_value):
        return f"`{_short(error.instance)}` is no duration.", "Write it with its unit: 500ms, 5s, 2m."
    if error.validator_value == "^[a-z][a-z0-9_]*$":
        return (
            f"`{_short(error.instance)}` is no name.",
            "Small letters, digits and `_`, beginning with a letter.",
        )
    described = _within(error).get("description", "")
    return f"`{_short(error.instance)}` does not fit here.", described


def _required(error: Failure) -> tuple[str, str]:
    missing = [key for key in error.validator_value if key not in error.instance]
    listed = " and ".join(f"`{key}`" for key in missing)
    return f"{listed} {'is' if len(missing) == 1 else 'are'} missing.", _described(error, missing[0])


def _described(error: Failure, key: str) -> str:
    return str(_within(error).get("properties", {}).get(key, {}).get("description", ""))


def _enum(error: Failure) -> tuple[str, str]:
    return f"{_kind(error.instance)} is none of the values.", nearest(
        str(error.instance), [str(one) for one in error.validator_value]
    )


def _bound(error: Failure) -> tuple[str, str]:
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "more than",
        "exclusiveMaximum": "less than",
        "multipleOf": "a multiple of",
    }
    unit = _within(error).get("x-unit", "")
    limit = f"{error.validator_value} {unit}".rstrip()
    return f"{_short(error.instance)} is out of range: {words[str(error.validator)]} {limit}.", ""


def _other(error: Failure) -> tuple[str, str]:
    described = str(_within(error).get("description", ""))
    return f"{_kind(error.instance)} does not fit here.", described


_MESSAGES: dict[str, Callable[[Failure], tuple[str, str]]] = {
    "type": _wrong_type,
    "pattern": _pattern,
    "required": _required,
    "enum": _enum,
    "const": lambda error: (f"Wants `{error.validator_value}`, got {_kind(error.instance)}.", ""),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _bound),
    "minItems": lambda error: ("The list is too short.", str(_within(error).get("description", ""))),
    "minProperties": lambda error: ("It is empty.", str(_within(error).get("description", ""))),
    "propertyNames": lambda error: _pattern(error),
}
_CODES = {
    "required": ("SYN007", "missing-key"),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxProperties"),
        ("API004", "out-of-range"),
    ),
}
