"""Validation of a command's params from specs that are data.

SPEC = {"control_id": Field(type="string", required=True), "loop": Field(type="integer", minimum=0)}
check(params, SPEC, path="params", closed=True) -> problems, in the order of the spec
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from engine.exchange.forms import FORMS

Type = Literal["string", "integer", "number", "boolean", "array", "object", "any"]

_PYTHON: Mapping[Type, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "any": (object,),
}


class Problem(Struct, frozen=True):
    """One entry of an error body."""

    code: str
    attribute: str
    message: str


class Field(Struct, frozen=True, kw_only=True):
    """One parameter.

    Bounds are inclusive; `above` is exclusive; `multiple` is of what a number must be one.
    `least` and `most` bound a length (`most_bytes` that of a text in UTF-8), `unique` is an array's,
    `form` a name of `FORMS`.
    `fields` are an object's own, `values` and `names` (a form) those of one with any other keys, and of
    `one_of` it must have exactly one, of `some_of` at least one. `items` are an array's.
    `variants` are objects told apart by `type`; `either` are alternatives told apart by their type.
    """

    type: Type = "any"
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    multiple: int | None = None
    least: int = 0
    most: int | None = None
    most_bytes: int | None = None
    unique: bool = False
    enum: tuple[str, ...] = ()
    form: str = ""
    fields: Mapping[str, "Field"] | None = None
    values: "Field | None" = None
    names: str = ""
    one_of: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()
    items: "Field | None" = None
    variants: Mapping[str, Mapping[str, "Field"]] | None = None
    either: tuple["Field", ...] = ()


Spec = Mapping[str, Field]


def check(params: Mapping[str, Any], spec: Spec, *, path: str, closed: bool) -> list[Problem]:
    """Everything that is wrong with `params`; `closed` refuses names that the spec does not have."""
    return list(_object(params, spec, path, closed))


def _object(value: Mapping[str, Any], spec: Spec, path: str, closed: bool) -> Iterator[Problem]:
    for name, field in spec.items():
        where = f"{path}.{name}"
        if name in value:
            yield from _value(value[name], field, where, closed)
        elif field.required:
            yield Problem("missing_required_parameter", where, f"{where} is required.")
    for name in value:
        if closed and name not in spec:
            where = f"{path}.{name}"
            yield Problem("invalid_parameter", where, f"{where} is not a parameter of this command.")


def _value(value: Any, field: Field, path: str, closed: bool) -> Iterator[Problem]:
    if field.either:
        yield from _either(value, field.either, path, closed)
        return
    if not _typed(value, field.type):
        yield _invalid(path, f"must be of type {field.type}")
        return
    for complaint in _bounds(value, field):
        yield _invalid(path, complaint)
    if isinstance(value, dict):
        yield from _members(value, field, path, closed)
    if field.items is not None:
        for index, item in enumerate(value):
            yield from _value(item, field.items, f"{path}[{index}]", closed)


def _either(value: Any, alternatives: tuple[Field, ...], path: str, closed: bool) -> Iterator[Problem]:
    """The problems of the alternative that comes nearest: of the right type, with the fewest."""
    found = [list(_value(value, field, path, closed)) for field in alternatives if _typed(value, field.type)]
    if found:
        yield from min(found, key=len)
    else:
        yield _invalid(path, f"must be of type {' or '.join(dict.fromkeys(field.type for field in alternatives))}")


def _members(value: dict[str, Any], field: Field, path: str, closed: bool) -> Iterator[Problem]:
    if field.fields is not None:
        yield from _object(value, field.fields, path, closed and field.values is None)
    if field.variants is not None:
        yield from _variant(value, field.variants, path, closed)
    given = [name for name in field.one_of or field.some_of if name in value]
    if field.one_of and len(given) != 1:
        yield _invalid(path, f"must have exactly one of {', '.join(field.one_of)}")
    if field.some_of and not given:
        yield _invalid(path, f"must have at least one of {', '.join(field.some_of)}")
    if field.values is not None:
        for name, each in value.items():
            where = f"{path}.{name}"
            if name in (field.fields or ()):
                continue
            if field.names and not FORMS[field.names].fits(name):
                yield _invalid(where, FORMS[field.names].says)
            yield from _value(each, field.values, where, closed)


def _variant(value: Mapping[str, Any], variants: Mapping[str, Spec], path: str, closed: bool) -> Iterator[Problem]:
    kind = value.get("type")
    if kind is None:
        yield Problem("missing_required_parameter", f"{path}.type", f"{path}.type is required.")
    elif not isinstance(kind, str) or kind not in variants:
        yield _invalid(f"{path}.type", f"must be one of {', '.join(variants)}")
    else:
        spec = {"type": Field(type="string"), **variants[kind]}
        yield from _object(value, spec, path, closed)


def _typed(value: Any, kind: Type) -> bool:
    if isinstance(value, bool):
        return kind in ("boolean", "any")
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _PYTHON[kind])


def _bounds(value: Any, field: Field) -> Iterator[str]:
    if field.minimum is not None and value < field.minimum:
        yield f"must not be less than {field.minimum:g}"
    if field.maximum is not None and value > field.maximum:
        yield f"must not be greater than {field.maximum:g}"
    if field.above is not None and value <= field.above:
        yield f"must be greater than {field.above:g}"
    if field.multiple is not None and value % field.multiple:
        yield f"must be a multiple of {field.multiple}"
    if field.enum and value not in field.enum:
        yield f"must be one of {', '.join(field.enum)}"
    if field.form and not FORMS[field.form].fits(value):
        yield FORMS[field.form].says
    yield from _lengths(value, field)


def _lengths(value: Any, field: Field) -> Iterator[str]:
    if field.least and len(value) < field.least:
        yield "must not be empty" if field.least == 1 else f"must have at least {field.least} {_counted(value)}"
    if field.most is not None and len(value) > field.most:
        yield f"must not have more than {field.most} {_counted(value)}"
    if field.most_bytes is not None and len(value.encode(errors="replace")) > field.most_bytes:
        yield f"must not be longer than {field.most_bytes} bytes"
    if field.unique and any(each in value[:index] for index, each in enumerate(value)):
        yield "must not have anything twice"


def _counted(value: Any) -> str:
    """What its length is a number of."""
    return "characters" if isinstance(value, str) else "entries"


def _invalid(path: str, complaint: str) -> Problem:
    return Problem("invalid_parameter", path, f"{path} {complaint}.")
