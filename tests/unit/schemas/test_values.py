"""What the schemas take and what they refuse, from the tables in cases/: one file for each schema.

`good` is a list of values; `bad` a list of `{at, breaks, value}`: the place in the value and the
keyword that it breaks there.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from tests.unit.schemas.registry import BASE, REGISTRY, SCHEMAS, SUFFIX, all_places, validator

CASES = Path(__file__).parent / "cases"
TABLES: dict[str, dict[str, Any]] = {
    path.relative_to(CASES).with_suffix("").as_posix(): yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(CASES.rglob("*.yaml"))
}
GOOD = [(file, value) for file, table in TABLES.items() for value in table["good"]]
BAD = [(file, case) for file, table in TABLES.items() for case in table["bad"]]


def uri(file: str) -> str:
    return f"{BASE}{file}{SUFFIX}"


def leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors that an error comes from: its own, or those of the branches of a union."""
    yield error
    for below in error.context or ():
        yield from leaves(below)


def broken(file: str, value: Any) -> list[ValidationError]:
    return [leaf for error in validator(uri(file)).iter_errors(value) for leaf in leaves(error)]


def where(error: ValidationError) -> str:
    return "/".join(str(part) for part in error.absolute_path)


def test_every_schema_has_a_table() -> None:
    assert {*TABLES} == {*SCHEMAS} - {"common"}


@pytest.mark.parametrize(("file", "value"), GOOD, ids=[f"{file}-{str(value)[:60]}" for file, value in GOOD])
def test_good_value_is_taken(file: str, value: Any) -> None:
    assert [error.message for error in broken(file, value)] == []


@pytest.mark.parametrize(("file", "case"), BAD, ids=[f"{file}-{case['at']}-{case['breaks']}" for file, case in BAD])
def test_bad_value_is_refused_where_it_is_bad(file: str, case: dict[str, Any]) -> None:
    found = [(where(error), error.validator) for error in broken(file, case["value"])]
    assert (case["at"], case["breaks"]) in found


BOUNDS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "minItems",
    "minProperties",
    "maxProperties",
)
SIZES = BOUNDS[3:]
OF = {"Length": str, "Items": list, "Properties": dict}


def test_every_bound_is_tried_from_both_sides() -> None:
    """A good value at it (just above an exclusive one), and a bad one beyond."""
    tried: set[tuple[int, str]] = set()
    wide = extend(Draft202012Validator, {bound: note(bound, tried) for bound in BOUNDS})
    for file, value in GOOD:
        assert wide({"$ref": uri(file)}, registry=REGISTRY).is_valid(value)
    refused = {(id(error.schema), error.validator) for file, case in BAD for error in broken(file, case["value"])}
    missing = [
        f"{place} {bound}: no {side} value"
        for place in all_places()
        for bound in BOUNDS
        if bound in place.schema
        for side, known in (("good", tried), ("bad", refused))
        if (id(place.schema), bound) not in known
    ]
    assert not missing, "\n".join(missing)


def note(bound: str, tried: set[tuple[int, str]]) -> Any:
    """The keyword, and on the side a note of the schemas whose bound a value has reached."""
    check = Draft202012Validator.VALIDATORS[bound]

    def checked(validator: Any, limit: Any, instance: Any, schema: Any) -> Any:
        if reaches(bound, limit, instance):
            tried.add((id(schema), bound))
        return check(validator, limit, instance, schema)

    return checked


def reaches(bound: str, limit: float, instance: Any) -> bool:
    if bound in SIZES:
        return isinstance(instance, OF[bound[3:]]) and len(instance) == limit
    if not isinstance(instance, int | float) or isinstance(instance, bool):
        return False
    return limit < instance < limit + 1 if bound == "exclusiveMinimum" else instance == limit
