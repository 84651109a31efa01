"""Words for values, types and places, as an author knows them."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.compile.located import Path
from engine.compile.scalars import resolve

NAME = "^[a-z][a-z0-9_]*$"
_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}
_UNITS = {"s": ", in seconds", "ms": ", in milliseconds", "dB": ", in decibels"}
_IN_SECONDS = {"ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600)}
_WITH_UNIT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s|m|h|dB|db)")


def a_type(json_type: str) -> str:
    return _TYPES[json_type]


def a_kind(instance: Any) -> str:
    """A value within a sentence: a scalar as it is, a mapping or list by its kind."""
    if isinstance(instance, bool):
        return f"`{str(instance).lower()}`"
    if isinstance(instance, dict | list):
        return "a mapping" if isinstance(instance, dict) else "a list"
    if isinstance(instance, str) and (resolve(instance) != instance):
        return f"the text `{short(instance)}`"
    return "nothing" if instance is None else f"`{short(instance)}`"


def is_number(instance: Any) -> bool:
    return isinstance(instance, int | float) and not isinstance(instance, bool)


def short(instance: Any) -> str:
    text = re.sub(r"\s", " ", str(instance))
    return text if len(text) <= 40 else text[:37] + "..."


def quoted(text: str) -> str:
    """A text in the quotes of YAML that leave it as it is."""
    return f"'{short(text)}'" if '"' in text or "\\" in text else f'"{short(text)}"'


def either(choices: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, [", ".join(choices[:-1]), *choices[-1:]]))


def both(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def an_entry(count: int) -> str:
    return "entry" if count == 1 else "entries"


def subject(path: Path, whole: str) -> str:
    """What a message is about: a key, a step, an entry of a list, the `whole` document."""
    if not path:
        return f"the {whole}"
    if len(path) == 2 and path[0] == "steps":
        return f"the step `{path[1]}`"
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    listing = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"an entry of `{listing}`"


def is_duration(pattern: str) -> bool:
    """Is it the pattern of the engine's own durations?"""
    return "(ms|s|m|h)" in pattern


def in_unit(unit: str) -> str:
    return _UNITS.get(unit, "")


def without_unit(text: str, unit: str) -> str:
    """`5s`, `500ms` or `4dB` as the number that a param of the API in that unit takes; empty when it is none, or of
    something else."""
    match = _WITH_UNIT.fullmatch(text)
    if match is None:
        return ""
    number, written = match.groups()
    if written not in _IN_SECONDS:
        return number if unit == "dB" else ""
    if unit not in ("s", "ms"):
        return ""
    seconds = Decimal(number) * _IN_SECONDS[written]
    value = seconds if unit == "s" else seconds * 1000
    return format(value.normalize(), "f")


def has_unit(text: str) -> bool:
    return _WITH_UNIT.fullmatch(text) is not None


def a_name_from(text: str) -> str:
    """A name in the language's spelling that is close to the text, or nothing."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text.strip())
    name = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
    return name if re.fullmatch(NAME[1:-1], name) and len(name) <= 60 else ""


def is_no_name(path: Path) -> bool:
    """A colon or a quote is missing there, which is said of the key."""
    return any(isinstance(part, str) and re.search(r"[\s{}\[\]]", part) for part in path)
