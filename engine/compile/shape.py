"""JSON Schema as functions: a schema is turned into checks once, and a check costs little.

The keywords that our schemas use, with the meaning that draft 2020-12 gives them; annotations say
nothing here. Two things are ours. A text with a `${{ }}` template is a value of any scalar type,
for all that is known before its expression is. And of an `anyOf` only the branch that was meant
is found fault with.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.compile.located import Path
from engine.compile.schemas import Schema

Found = list["Failure"]
Check = Callable[[Any, Path, Found], None]


class TemplateText(str):
    """A text with `${{ }}`: its value is known when the call runs."""

    __slots__ = ()


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

    __slots__ = ("_checks", "schema", "types")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.types = frozenset(listed(schema.get("type", tuple(JSON_TYPES))))
        self._checks: tuple[Check, ...] | None = None

    def failures(self, instance: Any) -> Found:
        found: Found = []
        self.check(instance, (), found)
        return found

    def check(self, instance: Any, path: Path, found: Found) -> None:
        if self._checks is None:
            self._checks = tuple(_checks(self.schema))
        before = len(found)
        for one in self._checks:
            one(instance, path, found)
            if len(found) > before and found[before].keyword in _FINAL:
                return

    def accepts(self, instance: Any) -> bool:
        return not any(failure.wrong for failure in self.failures(instance))


_FINAL = ("x-planned", "type", "template")
"""After these nothing more is to be said of a value."""

JSON_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    ),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def listed(types: Any) -> tuple[str, ...]:
    """`type` may be one name or several."""
    return (types,) if isinstance(types, str) else tuple(types)


def _checks(schema: Schema) -> list[Check]:
    made = []
    for keyword in sorted(schema, key=lambda name: (name not in _FINAL, name)):
        if keyword in KEYWORDS:
            made.append(KEYWORDS[keyword](schema[keyword], schema))
        elif keyword not in ANNOTATIONS:
            raise ValueError(f"JSON Schema keyword {keyword!r} is not known to engine.compile.shape")
    return made


def _fails(keyword: str, schema: Schema, instance: Any, path: Path, found: Found) -> None:
    found.append(Failure(path=path, keyword=keyword, wanted=schema[keyword], instance=instance, schema=schema))


def _simple(keyword: str, holds: Callable[[Any, Any], bool]) -> Callable[[Any, Schema], Check]:
    """A keyword that looks at the value alone, and so cannot judge a template."""

    def make(wanted: Any, schema: Schema) -> Check:
        def check(instance: Any, path: Path, found: Found) -> None:
            if not isinstance(instance, TemplateText) and not holds(instance, wanted):
                _fails(keyword, schema, instance, path, found)

        return check

    return make


def _type(wanted: Any, schema: Schema) -> Check:
    types = listed(wanted)
    tests = [JSON_TYPES[one] for one in types]

    def check(instance: Any, path: Path, found: Found) -> None:
        if isinstance(instance, TemplateText):
            found.append(Failure(path=path, keyword="template", wanted=types, instance=instance, schema=schema))
        elif not any(test(instance) for test in tests):
            _fails("type", schema, instance, path, found)

    return check


def _properties(wanted: Schema, schema: Schema) -> Check:
    shapes = {key: shape(one) for key, one in wanted.items()}

    def check(instance: Any, path: Path, found: Found) -> None:
        if isinstance(instance, dict):
            for key, value in instance.items():
                if key in shapes:
                    shapes[key].check(value, (*path, key), found)

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
        if not isinstance(instance, dict) or wanted is True:
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
    branches = [shape(one) for one in wanted]

    def check(instance: Any, path: Path, found: Found) -> None:
        meant = _meant(branches, instance)
        first: Found = []
        for branch in meant:
            failures: Found = []
            branch.check(instance, path, failures)
            if not any(failure.wrong for failure in failures):
                found.extend(failures)
                return
            first = first or failures
        wrong_tag = _wrong_tag(branches, instance)
        if wrong_tag is not None:
            key, tags = wrong_tag
            _fails(
                "enum", {"enum": tags, "description": schema.get("description", "")}, instance[key], (*path, key), found
            )
        elif first and (len(meant) == 1 or _is_complete(meant[0].schema, instance)):
            found.extend(_of_all(schema, failure, path) for failure in first)
        else:
            _fails("anyOf", schema, instance, path, found)

    return check


def _of_all(schema: Schema, failure: Failure, path: Path) -> Failure:
    """Where the whole value is wrong, what it may be is said by all branches together."""
    if failure.keyword != "const" or failure.path != path or "description" not in schema:
        return failure
    return replace(failure, schema={**failure.schema, "description": schema["description"]})


def _wrong_tag(branches: list[Shape], instance: Any) -> tuple[str, list[Any]] | None:
    """The key by which branches are told apart, with all of its values, when the instance has none of them."""
    if not isinstance(instance, dict):
        return None
    tags: dict[str, list[Any]] = {}
    for branch in branches:
        for key, one in branch.schema.get("properties", {}).items():
            if key in instance and key in branch.schema.get("required", ()) and "const" in one:
                tags.setdefault(key, []).append(one["const"])
    for key, values in tags.items():
        if len(values) > 1 and not isinstance(instance[key], TemplateText):
            return None if any(_same(instance[key], one) for one in values) else (key, values)
    return None


def _meant(branches: list[Shape], instance: Any) -> list[Shape]:
    """The branches that the author may have meant: by JSON type, by a tag (a required enum or constant), by having all
    that is required, and then by the number of keys. A branch that is left out could not have accepted the value."""
    kinds = _kinds(instance)
    meant = [one for one in branches if one.types & kinds]
    if not isinstance(instance, dict) or len(meant) < 2:
        return meant
    complete = [one for one in meant if _is_complete(one.schema, instance)]
    fitting = [one for one in meant if _fits_tags(one.schema, instance)]
    if complete:
        return [one for one in complete if one in fitting] or complete
    meant = fitting or meant
    most = max(len(_keys(one.schema) & set(instance)) for one in meant)
    return [one for one in meant if len(_keys(one.schema) & set(instance)) == most]


def _is_complete(branch: Schema, instance: Any) -> bool:
    return isinstance(instance, dict) and set(branch.get("required", ())) <= set(instance)


def _keys(branch: Schema) -> set[str]:
    return set(branch.get("properties", ()))


def _kinds(instance: Any) -> frozenset[str]:
    """The JSON types that the value has. A template may turn out to be any but a mapping or a list."""
    if isinstance(instance, TemplateText):
        return frozenset(JSON_TYPES) - {"object", "array"}
    return frozenset(name for name, test in JSON_TYPES.items() if test(instance))


def _fits_tags(branch: Schema, instance: dict[str, Any]) -> bool:
    for key, one in branch.get("properties", {}).items():
        if key not in instance or key not in branch.get("required", ()) or isinstance(instance[key], TemplateText):
            continue
        allowed = one.get("enum") or ([one["const"]] if "const" in one else None)
        if allowed is not None and instance[key] not in allowed:
            return False
    return True


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: `1` is not `true`, `1.0` is `1`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def repeated(items: list[Any]) -> int | None:
    """The index of the first item that was there before."""
    return next((at for at, item in enumerate(items) if any(_same(item, one) for one in items[:at])), None)


def _is_multiple(value: Any, of: Any) -> bool:
    return bool((value / of).is_integer() if isinstance(of, float) else value % of == 0)


_text, _number, _array, _object = (JSON_TYPES[name] for name in ("string", "number", "array", "object"))
KEYWORDS: dict[str, Callable[[Any, Schema], Check]] = {
    "type": _type,
    "x-planned": _simple("x-planned", lambda _value, planned: not planned),
    "enum": _simple("enum", lambda value, allowed: any(_same(value, one) for one in allowed)),
    "const": _simple("const", _same),
    "pattern": _simple("pattern", lambda value, pattern: not _text(value) or re.search(pattern, value) is not None),
    "minLength": _simple("minLength", lambda value, least: not _text(value) or len(value) >= least),
    "maxLength": _simple("maxLength", lambda value, most: not _text(value) or len(value) <= most),
    "minimum": _simple("minimum", lambda value, least: not _number(value) or value >= least),
    "maximum": _simple("maximum", lambda value, most: not _number(value) or value <= most),
    "exclusiveMinimum": _simple("exclusiveMinimum", lambda value, below: not _number(value) or value > below),
    "exclusiveMaximum": _simple("exclusiveMaximum", lambda value, above: not _number(value) or value < above),
    "multipleOf": _simple("multipleOf", lambda value, of: not _number(value) or _is_multiple(value, of)),
    "required": _simple("required", lambda value, keys: not _object(value) or all(key in value for key in keys)),
    "minItems": _simple("minItems", lambda value, least: not _array(value) or len(value) >= least),
    "maxItems": _simple("maxItems", lambda value, most: not _array(value) or len(value) <= most),
    "uniqueItems": _simple("uniqueItems", lambda value, on: not on or not _array(value) or repeated(value) is None),
    "minProperties": _simple("minProperties", lambda value, least: not _object(value) or len(value) >= least),
    "maxProperties": _simple("maxProperties", lambda value, most: not _object(value) or len(value) <= most),
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
    found = _SHAPES.get(id(schema))
    if found is None or found.schema is not schema:
        found = _SHAPES[id(schema)] = Shape(schema)
    return found
