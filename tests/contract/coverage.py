"""What of a schema no value has met: properties, enum values, constants, bounds, branches of unions."""

from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from tests.unit.schemas.registry import BASE, REGISTRY, SUFFIX, Place, Schema, places

Point = tuple[int, str, str]
"""A subschema, its keyword, and which of the things that the keyword names."""
SIZES = {"minLength": str, "maxLength": str, "minItems": list, "minProperties": dict, "maxProperties": dict}
BOUNDS = ("minimum", "maximum", "exclusiveMinimum")
ROOM = 1
"""A value this near above an exclusive bound has met it."""


class Met:
    """The points that values have met, below branches that take them only."""

    def __init__(self) -> None:
        self.points: set[Point] = set()
        self._quiet = 0
        keywords = {name: self._noting(name) for name in ("properties", "enum", "const", *SIZES, *BOUNDS)}
        self._validator = extend(Draft202012Validator, {**keywords, "anyOf": self._any_of})

    def meet(self, file: str, values: Iterable[Any]) -> None:
        wanted = self._validator({"$ref": f"{BASE}{file}{SUFFIX}"}, registry=REGISTRY)
        for value in values:
            for _ in wanted.iter_errors(value):
                pass

    def _noting(self, keyword: str) -> Any:
        check = Draft202012Validator.VALIDATORS[keyword]

        def noted(validator: Any, said: Any, value: Any, schema: Schema) -> Any:
            if not self._quiet:
                self.points |= {(id(schema), keyword, name) for name in met(keyword, said, value)}
            return check(validator, said, value, schema)

        return noted

    def _any_of(self, validator: Any, branches: list[Schema], value: Any, schema: Schema) -> Iterator[Any]:
        for number, branch in enumerate(branches):
            if not self._takes(validator, branch, value):
                continue
            if not self._quiet:
                self.points.add((id(schema), "anyOf", str(number)))
            yield from validator.descend(value, branch, schema_path=number)

    def _takes(self, validator: Any, branch: Schema, value: Any) -> bool:
        """Trying a branch leaves no points."""
        self._quiet += 1
        taken = bool(validator.evolve(schema=branch).is_valid(value))
        self._quiet -= 1
        return taken


def met(keyword: str, said: Any, value: Any) -> list[str]:
    match keyword:
        case "properties":
            return [name for name in said if name in value] if isinstance(value, dict) else []
        case "enum":
            return [repr(one) for one in said if one == value]
        case "const":
            return [repr(said)] if said == value else []
        case "exclusiveMinimum":
            return [keyword] if _is_number(value) and said < value < said + ROOM else []
        case "minimum" | "maximum":
            return [keyword] if _is_number(value) and value == said else []
    kind: Any = SIZES[keyword]
    return [keyword] if isinstance(value, kind) and len(value) == said else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def unseen(file: str, points: set[Point]) -> list[str]:
    """What a file's schemas name and no value has met, as text."""
    return [
        f"{place} {keyword} {name}"
        for place in places(file)
        for keyword, name in _named(place)
        if (id(place.schema), keyword, name) not in points
    ]


def _named(place: Place) -> Iterator[tuple[str, str]]:
    schema = place.schema
    for name, below in schema.get("properties", {}).items():
        if below is not False:
            yield "properties", name
    for one in schema.get("enum", ()):
        yield "enum", repr(one)
    if "const" in schema:
        yield "const", repr(schema["const"])
    for number in range(len(schema.get("anyOf", ()))):
        yield "anyOf", str(number)
    for keyword in (*SIZES, *BOUNDS):
        if keyword in schema:
            yield keyword, keyword
