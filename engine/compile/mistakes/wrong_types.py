"""A value of another type than is wanted, or none at all."""

import re
from typing import Any

from engine.compile.json_types import listed
from engine.compile.located import Mapping, Scalar, at
from engine.compile.mistakes.names import no_name
from engine.compile.mistakes.said import Said
from engine.compile.schemas import Schema
from engine.compile.shape import shape
from engine.compile.wording import (
    NAME,
    a_kind,
    a_type,
    both,
    either,
    has_unit,
    in_unit,
    is_duration,
    is_number,
    short,
    without_unit,
)
from engine.model.verbs import VERB

_TELEPHONE = re.compile(r"[1-9]\d{6,14}")
_WITH_COUNTRY = 11
"""Digits; a shorter number may be one without its country."""


def wrong_type(said: Said) -> None:
    types = listed(said.wanted)
    pattern = str(said.schema.get("pattern", ""))
    if said.instance is None:
        _nothing(said, types)
    elif pattern == NAME and isinstance(said.node, Scalar):
        no_name(said, said.node.text)
    elif is_duration(pattern):
        written = f"{short(said.instance)}s" if is_number(said.instance) else "500ms, 5s, 2m"
        _refuse(said, "a duration", f"Write it with its unit: {written}.")
    else:
        _refuse(said, either([a_type(one) for one in types]), _advice(said, types))


def no_type(said: Said, branches: list[Schema]) -> None:
    """Of none of the types that the branches take."""
    types = list(dict.fromkeys(kind for one in branches for kind in listed(one.get("type", ()))))
    pattern = next((str(one.get("pattern", "")) for one in branches if "string" in listed(one.get("type", ()))), "")
    wanted = {"string": "a duration, a handle"} if is_duration(pattern) else {}
    advice = said.description
    if "object" in types and (key := _only_key(branches, said.instance)):
        advice = f"Write {{{key}: {said.raw}}}."
    if isinstance(said.node, Scalar) and "string" in types:
        advice = f"Write it with its unit: {said.node.text}s." if wanted else _quoted(said, said.node.text)
    if said.instance is None:
        _nothing(said, tuple(types))
    else:
        _refuse(said, either([wanted.get(one) or a_type(one) for one in types]), advice)


def _refuse(said: Said, wanted: str, advice: str) -> None:
    said.error("SYN005", "wrong-type", f"{said.subject} wants {wanted}, not {a_kind(said.instance)}.", advice)


def _advice(said: Said, types: tuple[str, ...]) -> str:
    instance, unit = said.instance, str(said.schema.get("x-unit", ""))
    if "string" in types and isinstance(said.node, Scalar):
        return _quoted(said, said.node.text)
    if "object" in types and (key := _only_key([said.schema], instance)):
        return f"Write {{{key}: {said.raw}}}."
    if isinstance(instance, str) and (plain := without_unit(instance, unit)):
        return f"The API takes a plain number here{in_unit(unit)}: {plain}."
    if set(types) & {"number", "integer"} and isinstance(instance, str) and has_unit(instance):
        return f"Write a number without that unit. {said.description}"
    if "boolean" in types and isinstance(instance, str):
        return "YAML's words are `true` and `false`."
    if said.path[:1] == ("steps",) and "object" in types:
        return _step_advice(said)
    if "array" in types:
        return f"Write a list: [{said.raw}]." if isinstance(said.node, Scalar) else "Each entry begins with `- `."
    if set(types) & {"number", "integer"} and isinstance(said.node, Scalar) and not said.node.plain:
        return "Numbers stand without quotes."
    return said.description


def _quoted(said: Said, text: str) -> str:
    """A telephone number that is a number to YAML has lost its plus as well."""
    if said.path[-1] not in ("to", "from", "dest") or not _TELEPHONE.fullmatch(text):
        return f'Quote it: "{text}".'
    if len(text) < _WITH_COUNTRY:
        return 'Quote it, with `+` and its country code, such as "+15550100142".'
    return f'Quote it, with `+` and its country code: "+{text}".'


def _step_advice(said: Said) -> str:
    """Of `steps`, or of one of them, which is no mapping."""
    if len(said.path) == 1:
        return "A step stands under its name: `hello:`, and below it, indented, `play: ...` and `next: ...`."
    if said.path[1] == "next":
        return "Indent it below the step that it is of."
    if len(said.path) == 2 and isinstance(said.node, Scalar) and said.node.text in VERB:
        return f"A verb is followed by `:` and its value: `{said.node.text}: ...`."
    return said.description


def _only_key(branches: list[Schema], instance: Any) -> str:
    """The key under which a text alone may stand: the one that a mapping there must have."""
    found = {
        key
        for one in branches
        for key in one.get("required", ())
        if len(one["required"]) == 1 and key in one.get("properties", {})
        if isinstance(instance, str) and shape(one["properties"][key]).accepts(instance)
    }
    return found.pop() if len(found) == 1 else ""


def _nothing(said: Said, types: tuple[str, ...]) -> None:
    behind = said.report.source.line_after(said.node.end) if isinstance(said.node, Scalar) else ""
    if below := _beside(said):
        message = f"{said.subject} has no value: what follows is indented like it."
        said.at_key("SYN005", "wrong-type", message, f"Indent {both([f'`{one}`' for one in below])} below it.")
    elif "string" in types and behind.startswith("#"):
        message = f"{said.subject} has no value: an unquoted `#` begins a comment."
        advice = f'Quote it: "{short(behind)}".' if not behind.startswith("# ") else 'Quote the key that is meant: "#".'
        said.at_key("SYN004", "yaml-trap", message, advice)
    else:
        said.at_key("SYN005", "wrong-type", f"{said.subject} has no value.", said.description)


def _beside(said: Said) -> list[str]:
    """Keys that belong into the value and stand beside it."""
    beside = at(said.root, said.path[:-1]) if len(said.path) == 3 and said.path[0] == "steps" else None
    known = said.schema.get("properties", {})
    return [key.text for key, _ in beside.entries if key.text in known] if isinstance(beside, Mapping) else []
