"""The schemas of the checkout: loaded, joined by their references, and walked."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from engine import resources

BASE = "https://example.com/schemas/"
"""Where the files are taken to stand: they have no `$id`, so that references lead to the files beside them."""
SUFFIX = ".schema.json"

Schema = dict[str, Any]


class Place(NamedTuple):
    """A subschema: the file's name without its suffix, the JSON pointer into it, and what stands there."""

    file: str
    pointer: str
    schema: Schema

    @property
    def uri(self) -> str:
        return f"{BASE}{self.file}{SUFFIX}"

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}"


PRINTED = ("schemas/diff.schema.json", "schemas/lint.schema.json")
"""What our own commands print: nobody writes it, and its tests hold what is printed against it."""


def load() -> dict[str, Schema]:
    names = [name for name in resources.names("schemas") if name.endswith(SUFFIX) and name not in PRINTED]
    return {name.removeprefix("schemas/").removesuffix(SUFFIX): json.loads(resources.read_text(name)) for name in names}


SCHEMAS = load()
DIALECTS = {file: schema.pop("$schema") for file, schema in SCHEMAS.items()}
"""Kept apart: at a `$schema` a validator of our own would be swapped for the draft's."""
REGISTRY: Registry[Any] = Registry().with_contents(
    [(f"{BASE}{file}{SUFFIX}", schema) for file, schema in SCHEMAS.items()], default_specification=DRAFT202012
)

MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")
LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
SINGLE = ("items", "additionalProperties", "propertyNames", "not", "contains")


def places(file: str) -> Iterator[Place]:
    """Every subschema of a file, the file itself first; `false` and `true` are left out."""
    return _walk(Place(file, "", SCHEMAS[file]))


def all_places() -> list[Place]:
    return [place for file in SCHEMAS for place in places(file)]


def _walk(place: Place) -> Iterator[Place]:
    if not isinstance(place.schema, dict):
        return
    yield place
    for keyword, value in place.schema.items():
        if keyword in MAPS:
            for name, below in value.items():
                token = name.replace("~", "~0").replace("/", "~1")
                yield from _walk(Place(place.file, f"{place.pointer}/{keyword}/{token}", below))
        elif keyword in LISTS:
            for index, below in enumerate(value):
                yield from _walk(Place(place.file, f"{place.pointer}/{keyword}/{index}", below))
        elif keyword in SINGLE:
            yield from _walk(Place(place.file, f"{place.pointer}/{keyword}", value))


def properties(place: Place) -> Iterator[tuple[str, Place]]:
    """The properties that a subschema names itself, `false` ones left out."""
    for name, below in place.schema.get("properties", {}).items():
        if isinstance(below, dict):
            yield name, Place(place.file, f"{place.pointer}/properties/{name}", below)


def target(place: Place) -> Place:
    """The subschema that a `$ref` leads to."""
    uri, _, pointer = urljoin(place.uri, place.schema["$ref"]).partition("#")
    found = REGISTRY.resolver(place.uri).lookup(place.schema["$ref"]).contents
    return Place(uri.removeprefix(BASE).removesuffix(SUFFIX), pointer, found)


def merged(place: Place) -> Schema:
    """What holds at a place: its own keywords over those of what it refers to."""
    own = {keyword: value for keyword, value in place.schema.items() if keyword != "$ref"}
    return {**merged(target(place)), **own} if "$ref" in place.schema else own


def validator(uri: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": uri}, registry=REGISTRY)
