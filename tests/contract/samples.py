"""Values of a schema: its examples, and one for each property, enum value, bound and branch that it has.

They are the same every time. What a schema takes only together with something else is tried with
each of its other properties, so a value that no test would think of may be among them.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator

from tests.unit.schemas.registry import BASE, REGISTRY, SCHEMAS, SUFFIX, Place, Schema, target, validator

STEP = 0.25
"""How far above an exclusive bound."""
UNCHECKED = "not checked here"
"""Says that the schema takes more than the API: only its examples are known to be right."""
DEEPEST = 12
FREE: dict[str, Any] = {"plain": "word", "deep": {"list": [1, 2.5, True, None, "umlaut äöü 🎧"]}}
"""What stands where a schema takes any object."""


def samples(file: str) -> list[Any]:
    """Values that the schema of the file takes."""
    wanted = validator(f"{BASE}{file}{SUFFIX}")
    return distinct(value for value in _values(Place(file, "", SCHEMAS[file]), 0) if wanted.is_valid(value))


def distinct(values: Iterable[Any]) -> list[Any]:
    """Each value once: `1`, `1.0` and `true` are three."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def _resolved(place: Place) -> Place:
    """Where the references lead; examples on the way are kept."""
    while "$ref" in place.schema:
        found = target(Place(place.file, place.pointer, place.schema))
        own = place.schema.get("examples", [])
        examples = [*own, *found.schema.get("examples", [])]
        place = Place(found.file, found.pointer, {**found.schema, **({"examples": examples} if examples else {})})
    return place


def _values(place: Place, depth: int) -> list[Any]:
    place = _resolved(place)
    found = list(place.schema.get("examples", []))
    if depth > DEEPEST or UNCHECKED in place.schema.get("description", ""):
        return found
    found += _of_kind(place, depth)
    for branch in place.schema.get("anyOf", []):
        if not _requires_only(branch):
            found += _values(place._replace(schema=branch), depth + 1)
    return distinct(found)


def _of_kind(place: Place, depth: int) -> list[Any]:
    wanted = place.schema
    if "const" in wanted or "enum" in wanted:
        return list(wanted.get("enum", [wanted.get("const")]))
    kinds = wanted.get("type", [])
    found: list[Any] = []
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        match kind:
            case "object":
                found += _objects(place, depth)
            case "array":
                found += _arrays(place, depth)
            case "boolean":
                found += [False, True]
            case "integer" | "number":
                found += list(_numbers(wanted, whole=kind == "integer"))
            case "string":
                found += list(_texts(wanted))
    return found


def _numbers(wanted: Schema, *, whole: bool) -> Iterator[float]:
    for bound in ("minimum", "maximum"):
        if bound in wanted:
            yield wanted[bound]
    if "exclusiveMinimum" in wanted:
        yield wanted["exclusiveMinimum"] + STEP
    if "minimum" in wanted and not whole:
        yield wanted["minimum"] + STEP
    if not wanted.keys() & {"minimum", "maximum", "exclusiveMinimum", "examples"}:
        yield 7 if whole else 2.5


def _texts(wanted: Schema) -> Iterator[str]:
    """Of a pattern only the examples are known."""
    if "pattern" not in wanted and "format" not in wanted:
        yield "x" * wanted.get("minLength", 0)
        yield "x" * wanted.get("maxLength", 3)
        yield 'a "quoted" text,\nä 🎧 \\ {} %{call.from}'


def _arrays(place: Place, depth: int) -> list[Any]:
    least = place.schema.get("minItems", 0)
    items = _values(place._replace(schema=place.schema.get("items", {"type": "string"})), depth + 1)
    found: list[Any] = [[item] for item in items]
    return [[], *found, items[:3]] if least == 0 else [*found, items[:3]]


def _objects(place: Place, depth: int) -> list[Any]:
    """The least object; with each value of each property; with all properties at once."""
    known: Schema = place.schema.get("properties", {})
    values = {
        name: _values(place._replace(schema=below), depth + 1)
        for name, below in known.items()
        if isinstance(below, dict)
    }
    if not values:
        return list(_open(place, depth))
    resolver = REGISTRY.resolver(place.uri)
    wanted = Draft202012Validator(place.schema, registry=REGISTRY, _resolver=resolver)  # type: ignore[call-arg]
    bases = [{name: values[name][0] for name in names} for names in _required(place.schema)]
    found = [base for base in bases if wanted.is_valid(base)]
    for name, several in values.items():
        for value in several:
            found += _first_valid(wanted, bases, values, {name: value})
    for base in bases:
        found.append(_fullest(wanted, base, values))
    return [one for one in found if wanted.is_valid(one)]


def _first_valid(wanted: Any, bases: list[Schema], values: dict[str, list[Any]], one: Schema) -> list[Any]:
    """Once is enough; with each of the bases where the base is a choice (a `swml` or a `url`)."""
    found = [{**base, **one} for base in bases if wanted.is_valid({**base, **one})]
    if found:
        return found[:1]
    for base, (name, several) in itertools.product(bases, values.items()):
        candidate = {**base, name: several[0], **one}
        if wanted.is_valid(candidate):
            return [candidate]
    return []


def _fullest(wanted: Any, base: Schema, values: dict[str, list[Any]]) -> Schema:
    for name, several in values.items():
        if name not in base and wanted.is_valid({**base, name: several[0]}):
            base = {**base, name: several[0]}
    return base


def _open(place: Place, depth: int) -> Iterator[Any]:
    """An object whose properties have names of the author's."""
    others, schema = place.schema.get("additionalProperties"), place.schema
    if others is False:
        yield {}
        return
    if isinstance(others, dict):
        items = _values(place._replace(schema=others), depth + 1)
        for item in items:
            yield {"name": item}
        most = schema.get("maxProperties", 3)
        yield {f"name_{number}": item for number, item in zip(range(most), itertools.cycle(items), strict=False)}
    else:
        yield FREE
    yield {}


def _required(schema: Schema) -> list[list[str]]:
    """The sets of properties that it cannot do without: one for each branch of its unions."""
    unions = [schema.get("anyOf", []), *(one.get("anyOf", []) for one in schema.get("allOf", []))]
    choices = [[branch["required"] for branch in union if _requires_only(branch)] or [[]] for union in unions]
    own = schema.get("required", [])
    return [list(dict.fromkeys(itertools.chain(own, *some))) for some in itertools.product(*choices)]


def _requires_only(branch: Schema) -> bool:
    return branch.keys() <= {"required", "title", "description"}
