"""Which branch of an `anyOf` an author has meant: a mistake is said of that one alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.compile.json_types import TemplateText
from engine.compile.keywords import same
from engine.compile.schemas import Schema

if TYPE_CHECKING:
    from engine.compile.shape import Shape


def meant(possible: "list[Shape]", instance: Any) -> "list[Shape]":
    """The branches that the author may have meant, of those `possible` for its JSON type: by a tag (a required enum or constant), by having all
    that is required, and then by the number of keys. A branch that is left out could not have accepted the value."""
    if not isinstance(instance, dict) or len(possible) < 2:
        return possible
    complete = [one for one in possible if is_complete(one, instance)]
    fitting = [one for one in possible if _fits_tags(one, instance)]
    if complete:
        return [one for one in complete if one in fitting] or complete
    likely = fitting or possible
    most = max(len(one.keys & instance.keys()) for one in likely)
    return [one for one in likely if len(one.keys & instance.keys()) == most]


def wrong_tag(branches: "list[Shape]", instance: Any) -> tuple[str, list[Any]] | None:
    """The key by which branches are told apart, with all of its values, when the instance has none of them."""
    if not isinstance(instance, dict):
        return None
    found: dict[str, list[Any]] = {}
    for branch in branches:
        for key, one in branch.schema.get("properties", {}).items():
            if key in instance and key in branch.schema.get("required", ()) and "const" in one:
                found.setdefault(key, []).append(one["const"])
    for key, values in found.items():
        if len(values) > 1 and not isinstance(instance[key], TemplateText):
            return None if any(same(instance[key], one) for one in values) else (key, values)
    return None


def is_complete(branch: "Shape", instance: Any) -> bool:
    return isinstance(instance, dict) and branch.required <= instance.keys()


def tags(schema: Schema) -> Iterator[tuple[str, list[Any]]]:
    """The required keys that take a few values only, with these."""
    for key in schema.get("required", ()):
        one = schema.get("properties", {}).get(key, {})
        if allowed := one.get("enum") or ([one["const"]] if "const" in one else None):
            yield key, allowed


def _fits_tags(branch: "Shape", instance: dict[str, Any]) -> bool:
    return all(
        key not in instance or isinstance(instance[key], TemplateText) or instance[key] in allowed
        for key, allowed in branch.tags
    )
