"""JSON Schema as functions: a schema is turned into checks once, and a check costs little.

The keywords that our schemas use, with the meaning that draft 2020-12 gives them; annotations say
nothing here. Two things are ours. A text with a `${{ }}` template is a value of any scalar type,
for all that is known before its expression is. And of an `anyOf` only the branch that was meant
is found fault with.
"""

import re
from collections.abc import Callable, Set
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.compile import branches
from engine.compile.json_types import JSON_TYPES, TemplateText, classes_of, kinds_of, listed
from engine.compile.keywords import HOLDING, Holding
from engine.compile.located import Path
from engine.compile.schemas import Schema, opened

Found = list["Failure"]
Check = Callable[[Any, Path, Found], None]


class Failure(Struct, frozen=True, kw_only=True):
    """`keyword` of `schema`, which wants `wanted`, does not hold for `instance`, which stands at `path`.

    The keyword `template` is no mistake: a template stands where the JSON types `wanted` are wanted.
    """

    path: Path
    keyword: str
    wanted: Any
    instance: Any
    schema: Schema

    @property
    def wrong(self) -> bool:
        return self.keyword != "template"


class Shape:
    """A schema's checks, made when they are first needed."""

    __slots__ = ("_checks", "_right", "keys", "required", "schema", "tags", "types")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.types = frozenset(listed(schema.get("type", JSON_TYPES)))
        self.required = frozenset(schema.get("required", ()))
        self.keys = frozenset(schema.get("properties", ()))
        self.tags = tuple(branches.tags(schema))
        self._right = frozenset(classes_of(schema))
        self._checks: tuple[tuple[Check, ...], tuple[Check, ...]] | None = None

    def failures(self, instance: Any) -> Found:
        found: Found = []
        self.check(instance, (), found)
        return found

    def check(self, instance: Any, path: Path, found: Found) -> None:
        if self._checks is None:
            self._checks = _checks(self.schema, _FINAL), _checks(self.schema, KEYWORDS.keys() - _FINAL)
        before = len(found)
        final, others = self._checks
        if type(instance) not in self._right:
            for one in final:
                one(instance, path, found)
            if len(found) > before:
                return
        for one in others:
            one(instance, path, found)
            if len(found) > before and found[before].keyword in _FINAL:
                return

    def accepts(self, instance: Any) -> bool:
        return not any(failure.wrong for failure in self.failures(instance))


_FINAL = frozenset(("x-planned", "type"))
"""Where these do not hold, of the value or of one inside, nothing more is to be said of it."""


def _checks(schema: Schema, keywords: Set[str]) -> tuple[Check, ...]:
    """Those that these keywords make, in the order of their names."""
    for keyword in schema:
        if keyword not in KEYWORDS and keyword not in ANNOTATIONS:
            raise ValueError(f"JSON Schema keyword {keyword!r} is not known to engine.compile.shape")
    return tuple(KEYWORDS[keyword](schema[keyword], schema) for keyword in sorted(keywords & schema.keys()))


def _fails(keyword: str, schema: Schema, instance: Any, path: Path, found: Found) -> None:
    found.append(Failure(path=path, keyword=keyword, wanted=schema[keyword], instance=instance, schema=schema))


def _simple(keyword: str, holding: Holding) -> Callable[[Any, Schema], Check]:
    """A keyword that looks at the value alone, and so cannot judge a template."""

    def make(wanted: Any, schema: Schema) -> Check:
        holds = holding(wanted)

        def check(instance: Any, path: Path, found: Found) -> None:
            if not holds(instance) and not isinstance(instance, TemplateText):
                _fails(keyword, schema, instance, path, found)

        return check

    return make


def _type(wanted: Any, schema: Schema) -> Check:
    types = listed(wanted)
    accepted = frozenset(types)

    def check(instance: Any, path: Path, found: Found) -> None:
        if isinstance(instance, TemplateText):
            found.append(Failure(path=path, keyword="template", wanted=types, instance=instance, schema=schema))
        elif accepted.isdisjoint(kinds_of(instance)):
            _fails("type", schema, instance, path, found)

    return check


def _properties(wanted: Schema, schema: Schema) -> Check:
    shape_of = cache(lambda key: shape(wanted[key]))

    def check(instance: Any, path: Path, found: Found) -> None:
        if isinstance(instance, dict):
            for key, value in instance.items():
                if key in wanted:
                    shape_of(key).check(value, (*path, key), found)

    return check


def _pattern_properties(wanted: Schema, schema: Schema) -> Check:
    shapes = [(re.compile(pattern), shape(one)) for pattern, one in wanted.items()]

    def check(instance: Any, path: Path, found: Found) -> None:
        if isinstance(instance, dict):
            for key, value in instance.items():
                for pattern, one in shapes:
                    if pattern.search(key):
                        one.check(value, (*path, key), found)

    return check


def _additional(wanted: Any, schema: Schema) -> Check:
    known = frozenset(schema.get("properties", ()))
    patterns = [re.compile(pattern) for pattern in schema.get("patternProperties", ())]
    others = shape(wanted) if isinstance(wanted, dict) else None

    def check(instance: Any, path: Path, found: Found) -> None:
        if not isinstance(instance, dict) or wanted is True or instance.keys() <= known:
            return
        more = [key for key in instance if key not in known and not any(one.search(key) for one in patterns)]
        if others is not None:
            for key in more:
                others.check(instance[key], (*path, key), found)
        elif more:
            _fails("additionalProperties", schema, instance, path, found)

    return check


def _property_names(wanted: Schema, schema: Schema) -> Check:
    names = shape(wanted)

    def check(instance: Any, path: Path, found: Found) -> None:
        for key in instance if isinstance(instance, dict) else ():
            if not names.accepts(key):
                _fails("propertyNames", schema, key, (*path, key), found)

    return check


def _items(wanted: Schema, schema: Schema) -> Check:
    each = shape(wanted)

    def check(instance: Any, path: Path, found: Found) -> None:
        if isinstance(instance, list):
            for index, item in enumerate(instance):
                each.check(item, (*path, index), found)

    return check


def _not(wanted: Schema, schema: Schema) -> Check:
    refused = shape(wanted)

    def check(instance: Any, path: Path, found: Found) -> None:
        if refused.accepts(instance):
            _fails("not", schema, instance, path, found)

    return check


def _all_of(wanted: list[Schema], schema: Schema) -> Check:
    shapes = [shape(one) for one in wanted]

    def check(instance: Any, path: Path, found: Found) -> None:
        for one in shapes:
            one.check(instance, path, found)

    return check


def _dependent(wanted: dict[str, Schema], schema: Schema) -> Check:
    shapes = {key: shape(one) for key, one in wanted.items()}

    def check(instance: Any, path: Path, found: Found) -> None:
        for key, one in shapes.items() if isinstance(instance, dict) else ():
            if key in instance and not one.accepts(instance):
                _fails("dependentSchemas", schema, instance, (*path, key), found)

    return check


def _any_of(wanted: list[Schema], schema: Schema) -> Check:
    forms = [shape(one) for one in wanted]
    of_kinds = cache(lambda kinds: [one for one in forms if one.types & kinds])

    def check(instance: Any, path: Path, found: Found) -> None:
        meant = branches.meant(of_kinds(kinds_of(instance)), instance)
        first: Found = []
        for one in meant:
            failures: Found = []
            one.check(instance, path, failures)
            if not any(failure.wrong for failure in failures):
                found.extend(failures)
                return
            first = first or failures
        wrong_tag = branches.wrong_tag(forms, instance)
        if wrong_tag is not None:
            key, tags = wrong_tag
            all_tags = {"enum": tags, "description": schema.get("description", "")}
            _fails("enum", all_tags, instance[key], (*path, key), found)
        elif first and (len(meant) == 1 or branches.is_complete(meant[0], instance)):
            found.extend(_of_all(schema, failure, path) for failure in first)
        else:
            _fails("anyOf", schema, instance, path, found)

    return check


def _of_all(schema: Schema, failure: Failure, path: Path) -> Failure:
    """Where the whole value is wrong, what it may be is said by all branches together."""
    if failure.keyword != "const" or failure.path != path or "description" not in schema:
        return failure
    return replace(failure, schema={**failure.schema, "description": schema["description"]})


KEYWORDS: dict[str, Callable[[Any, Schema], Check]] = {
    **{keyword: _simple(keyword, holding) for keyword, holding in HOLDING.items()},
    "type": _type,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "propertyNames": _property_names,
    "items": _items,
    "anyOf": _any_of,
    "allOf": _all_of,
    "not": _not,
    "dependentSchemas": _dependent,
}
ANNOTATIONS = frozenset(
    ["$comment", "$id", "$schema", "default", "description", "examples", "format", "readOnly", "title", "writeOnly"]
) | frozenset(["x-cel", "x-last-entry", "x-names", "x-one-of-verbs", "x-source", "x-unit"])
"""Keywords that refuse nothing."""

_SHAPES: dict[int, Shape] = {}


def shape(schema: Schema) -> Shape:
    """The shape of a schema. Schemas are loaded once and never change, so one that is used in many places has one."""
    schema = opened(schema)
    found = _SHAPES.get(id(schema))
    if found is None or found.schema is not schema:
        found = _SHAPES[id(schema)] = Shape(schema)
    return found
