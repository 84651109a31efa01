"""The document against the schema, with mistakes said in the author's words.

jsonschema walks; two things are ours. A leaf that is a `${{ }}` template is not judged by its text
(its expression is checked later, against the type wanted here). And of an `anyOf` only the branch
that was meant is reported: by JSON type, then by an enum property, then by a required key.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from msgspec import Struct

from engine.compile.located import Node, Path
from engine.compile.mistakes import say
from engine.compile.report import Report
from engine.compile.schemas import Schema, schema

Check = Callable[[Any, Any, Any, Schema], Iterator[ValidationError]]


class TemplateText(str):
    """A text with `${{ }}`: a value of any scalar type, for all that is known now."""

    __slots__ = ()


class Wanted(Struct, frozen=True):
    """A template stands where the schema wants one of these JSON types."""

    path: Path
    types: tuple[str, ...]


def check(report: Report, root: Node, document: Any, name: str = "flow.schema.json") -> list[Wanted]:
    """Reports every mistake of shape; gives the types wanted of templates."""
    wanted: list[Wanted] = []
    error: Any
    for error in _validator(name).iter_errors(document):
        path = tuple(error.absolute_path)
        if error.validator == "template":
            wanted.append(Wanted(path, error.validator_value))
        else:
            say(report, root, path, error)
    return wanted


@cache
def _validator(name: str) -> Any:
    checks: dict[str, Check] = dict(Draft202012Validator.VALIDATORS)
    for keyword in ("enum", "const", "pattern", "minimum", "maximum", "multipleOf", "minLength"):
        checks[keyword] = _unless_template(checks[keyword])
    checks["type"] = _type
    checks["anyOf"] = _any_of
    checks["x-planned"] = _planned
    checker = extend(Draft202012Validator, validators=checks)  # type: ignore[no-untyped-call]
    return checker(schema(name))


def _unless_template(plain: Check) -> Check:
    def checked(validator: Any, value: Any, instance: Any, within: Schema) -> Iterator[ValidationError]:
        if not isinstance(instance, TemplateText):
            found: Iterator[ValidationError] | None = plain(validator, value, instance, within)
            yield from found or ()

    return checked


def _type(validator: Any, types: Any, instance: Any, within: Schema) -> Iterator[ValidationError]:
    listed = (types,) if isinstance(types, str) else tuple(types)
    if isinstance(instance, TemplateText):
        yield ValidationError("", validator="template", validator_value=listed)
    elif not any(validator.is_type(instance, one) for one in listed):
        yield ValidationError("")


def _planned(validator: Any, planned: Any, instance: Any, within: Schema) -> Iterator[ValidationError]:
    if planned:
        yield ValidationError("")


def _any_of(validator: Any, branches: list[Schema], instance: Any, within: Schema) -> Iterator[ValidationError]:
    meant = _meant(validator, branches, instance)
    best: list[ValidationError] | None = None
    for index, branch in meant:
        errors = list(validator.descend(instance, branch, schema_path=index))
        if all(error.validator == "template" for error in errors):
            yield from errors
            return
        best = errors if best is None else best
    if len(meant) == 1 and best:
        yield from best
    else:
        yield ValidationError("")


def _meant(validator: Any, branches: list[Schema], instance: Any) -> list[tuple[int, Schema]]:
    """The branches that the author may have meant, in order; all of them when nothing tells."""
    candidates = list(enumerate(branches))
    typed = [one for one in candidates if "type" not in one[1] or _has_type(validator, instance, one[1]["type"])]
    if not isinstance(instance, dict):
        return typed or candidates
    candidates = typed or candidates
    tagged = [one for one in candidates if _tags_fit(one[1], instance)]
    candidates = tagged or candidates
    keyed = [one for one in candidates if set(one[1].get("required", ())) <= set(instance)]
    return keyed or candidates


def _has_type(validator: Any, instance: Any, types: Any) -> bool:
    if isinstance(instance, TemplateText):
        return types not in ("object", "array")
    listed = (types,) if isinstance(types, str) else types
    return bool(any(validator.is_type(instance, one) for one in listed))


def _tags_fit(branch: Schema, instance: dict[str, Any]) -> bool:
    """Every property of the branch that is an enum or a constant has one of its values, if it is there."""
    for key, one in branch.get("properties", {}).items():
        if key not in instance or not isinstance(one, dict) or key not in branch.get("required", ()):
            continue
        allowed = one.get("enum") or ([one["const"]] if "const" in one else None)
        if allowed is not None and not isinstance(instance[key], TemplateText) and instance[key] not in allowed:
            return False
    return True
