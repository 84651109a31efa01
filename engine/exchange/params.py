"""Validation of a command's params from specs that are data.

SPEC = {"control_id": Field(type="string", required=True), "loop": Field(type="integer", minimum=0)}
check(params, SPEC, path="params", closed=True) -> problems, in the order of the spec
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

Type = Literal["string", "integer", "number", "boolean", "array", "object", "text_or_object", "any"]

_PYTHON: Mapping[Type, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "text_or_object": (str, dict),
    "any": (object,),
}


class Problem(Struct, frozen=True):
    """One entry of an error body."""

    code: str
    attribute: str
    message: str


class Field(Struct, frozen=True, kw_only=True):
    """One parameter. Bounds are inclusive; `above` is exclusive. `least` is the smallest length.

    `fields` are an object's own, `items` an array's; `variants` are objects told apart by `type`.
    """

    type: Type
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    least: int = 0
    most: int | None = None
    enum: tuple[str, ...] = ()
    fields: Mapping[str, "Field"] | None = None
    items: "Field | None" = None
    variants: Mapping[str, Mapping[str, "Field"]] | None = None


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
    if not _typed(value, field.type):
        yield _invalid(path, f"must be of type {field.type}")
        return
    for complaint in _bounds(value, field):
        yield _invalid(path, complaint)
    if field.fields is not None and isinstance(value, dict):
        yield from _object(value, field.fields, path, closed)
    if field.variants is not None:
        yield from _variant(value, field.variants, path, closed)
    if field.items is not None:
        for index, item in enumerate(value):
            yield from _value(item, field.items, f"{path}[{index}]", closed)


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
    return isinstance(value, _PYTHON[kind])


def _bounds(value: Any, field: Field) -> Iterator[str]:
    if field.minimum is not None and value < field.minimum:
        yield f"must not be less than {field.minimum:g}"
    if field.maximum is not None and value > field.maximum:
        yield f"must not be greater than {field.maximum:g}"
    if field.above is not None and value <= field.above:
        yield f"must be greater than {field.above:g}"
    if field.enum and value not in field.enum:
        yield f"must be one of {', '.join(field.enum)}"
    if field.least and len(value) < field.least:
        yield "must not be empty" if field.least == 1 else f"must have at least {field.least}"
    if field.most is not None and len(value) > field.most:
        yield f"must not have more than {field.most}"


def _invalid(path: str, complaint: str) -> Problem:
    return Problem("invalid_parameter", path, f"{path} {complaint}.")
