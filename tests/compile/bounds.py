"""What a verb's schema bounds, and values on either side of each bound.

A `Place` is a spot in a verb's value with the schema of what stands there, and a value around it in
which everything else is right. `good` and `bad` give what may stand there and what may not.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from engine.compile.json_types import listed
from engine.compile.schemas import Schema, schema
from engine.compile.shape import shape
from engine.model.verbs import VERB, VERBS

HERE = "@@here@@"
VERBS_OF_THE_API = [verb.name for verb in VERBS if verb.command and verb.name not in ("end", "redirect", "excursion")]
"""Without those whose values are bounded by more than their schemas."""
_WRONG_TEXTS = ("!", "?!", " ", "0 0", "\\", "ftp://x y", "{}")
_DEEPEST = 12


class Place(Struct, frozen=True):
    """`around` is the verb's whole value, with `HERE` where the place is; `whole` is the schema with its other branches."""

    verb: str
    path: tuple[str | int, ...]
    schema: Schema
    whole: Schema
    around: Any

    def written(self, value: Any) -> str:
        """The verb's value as JSON, which is YAML."""
        return json.dumps(self.around).replace(json.dumps(HERE), json.dumps(value, ensure_ascii=False))

    @property
    def named(self) -> str:
        return ".".join(map(str, self.path))


def places(verb: str) -> Iterator[Place]:
    """Every place in the verb's value that bounds what may stand there."""
    for place in _walk(schema(f"verbs/{verb}.schema.json"), (), HERE, verb, None):
        if "handle" not in place.path:
            yield place


def _walk(wanted: Schema, path: tuple[str | int, ...], around: Any, verb: str, whole: Schema | None) -> Iterator[Place]:
    if len(path) > _DEEPEST or wanted.get("x-planned"):
        return
    branches = [one for one in wanted.get("anyOf", ()) if "type" in one or "anyOf" in one]
    for branch in branches:
        yield from _walk(branch, path, around, verb, whole or wanted)
    if branches:
        return
    yield Place(verb, path, wanted, whole or wanted, around)
    if "object" in listed(wanted.get("type", "")):
        yield from _in_mapping(wanted, path, around, verb)
    if "array" in listed(wanted.get("type", "")):
        yield from _walk(wanted.get("items", {}), (*path, 0), _put(around, [HERE]), verb, None)


def _in_mapping(wanted: Schema, path: tuple[str | int, ...], around: Any, verb: str) -> Iterator[Place]:
    for key, one in wanted.get("properties", {}).items():
        beside = _beside(wanted, key, one, VERB[verb].of)
        if beside is not None:
            yield from _walk(one, (*path, key), _put(around, {**beside, key: HERE}), verb, None)
    others = wanted.get("additionalProperties")
    if isinstance(others, dict):
        yield from _walk(others, (*path, "some_name"), _put(around, {"some_name": HERE}), verb, None)


def _put(around: Any, value: Any) -> Any:
    if around == HERE:
        return value
    if isinstance(around, dict):
        return {key: _put(one, value) for key, one in around.items()}
    return [_put(one, value) for one in around] if isinstance(around, list) else around


def _beside(wanted: Schema, key: str, one: Schema, of: str) -> dict[str, Any] | None:
    """The other keys of a mapping in which this one is right: what is required, or an example of it."""
    value = an_example(one, of)
    least = {name: an_example(wanted["properties"][name], of) for name in wanted.get("required", ())}
    for base in ({}, least, *(one for one in wanted.get("examples", ()) if isinstance(one, dict))):
        for dropped in ("", *base):
            beside = {name: each for name, each in base.items() if name not in (key, dropped)}
            if "handle" in beside:
                beside["handle"] = f"some_{of}"
            if shape(wanted).accepts({**beside, key: value}):
                return beside
    return None


def an_example(wanted: Schema, of: str = "") -> Any:
    """Any value that the schema accepts."""
    if "const" in wanted:
        return wanted["const"]
    for one in (*wanted.get("enum", ()), *wanted.get("examples", ())):
        if shape(wanted).accepts(one):
            return one
    branches = [one for one in wanted.get("anyOf", ()) if "type" in one or "anyOf" in one]
    if branches:
        return an_example(branches[0], of)
    kind = listed(wanted.get("type", "object"))[0]
    if kind == "object":
        return {name: an_example(wanted["properties"][name], of) for name in wanted.get("required", ())}
    plain: dict[str, Any] = {"string": "a", "boolean": True, "integer": 1, "number": 1}
    return [an_example(wanted.get("items", {"type": "string"}), of)] if kind == "array" else plain[kind]


def good(place: Place) -> Iterator[Any]:
    """Values at the bounds, and just inside."""
    wanted = place.schema
    whole = "integer" in listed(wanted.get("type", ""))
    yield from wanted.get("enum", ())
    if "const" in wanted:
        yield wanted["const"]
    if not place.path and VERB[place.verb].of:
        return  # a handle
    for keyword in ("minimum", "maximum"):
        if keyword in wanted:
            yield wanted[keyword]
    if "exclusiveMinimum" in wanted:
        yield wanted["exclusiveMinimum"] + (1 if whole else 0.001)
    if "maxLength" in wanted and "pattern" not in wanted:
        yield "x" * wanted["maxLength"]
    if "minLength" in wanted and "pattern" not in wanted:
        yield "x" * wanted["minLength"]
    if "boolean" in listed(wanted.get("type", "")):
        yield from (True, False)
    if "default" in wanted:
        yield wanted["default"]
    yield from (one for one in wanted.get("examples", ()) if "handle" not in str(one))


def bad(place: Place) -> Iterator[Any]:
    """Values just outside, and of another kind."""
    yield from (one for one in _beyond(place) if not shape(place.whole).accepts(one))


def _beyond(place: Place) -> Iterator[Any]:
    wanted = place.schema
    whole = "integer" in listed(wanted.get("type", ""))
    least = wanted.get("multipleOf", 1 if whole else 0.001)
    if "minimum" in wanted:
        yield round(wanted["minimum"] - least, 3)
    if "maximum" in wanted:
        yield round(wanted["maximum"] + least, 3)
    if "exclusiveMinimum" in wanted:
        yield wanted["exclusiveMinimum"]
    if "multipleOf" in wanted:
        yield wanted.get("minimum", 0) + wanted["multipleOf"] / 2
    if "maxLength" in wanted:
        yield "x" * (wanted["maxLength"] + 1)
    if wanted.get("minLength") == 1:
        yield ""
    if "enum" in wanted or "const" in wanted:
        yield from ("nonesuch", 1)
    if "pattern" in wanted:
        yield next(text for text in _WRONG_TEXTS if re.search(wanted["pattern"], text) is None)
    if whole:
        yield wanted.get("minimum", 1) + 0.5
    yield from (None, "nonesuch", 7, [{}], {"nonesuch": 1})
