"""SWML documents against the vendor's own schema, which signalwire-sdk carries: the optional extra `swml`."""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from engine.compile import SwmlCheck, SwmlProblem
from engine.project.vendor_swml_fits import fits

_PACKAGE = "signalwire"


@cache
def vendor_check() -> SwmlCheck | None:
    """The check, or None where the extra is not installed. The schema is read when the first document is checked."""
    if find_spec("jsonschema") is None or _schema_file() is None:
        return None
    return lambda document: list(_problems(document))


def _schema_file() -> Path | None:
    """Found without importing the package, which would take a second."""
    spec = find_spec(_PACKAGE)
    file = Path(spec.origin).parent / "schema.json" if spec is not None and spec.origin else None
    return file if file is not None and file.is_file() else None


@cache
def _schema() -> dict[str, Any]:
    file = _schema_file()
    assert file is not None
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])


@cache
def _methods() -> dict[str, str]:
    """The schema's definition of each method, by the method's name."""
    definitions = _schema()["$defs"]
    refs = [one["$ref"].rpartition("/")[2] for one in definitions["SWMLMethod"]["anyOf"]]
    return {name: ref for ref in refs for name in definitions[ref].get("required", [])}


@cache
def _validator(definition: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": _schema()["$defs"]})


def _problems(document: Any) -> Iterator[SwmlProblem]:
    for section, methods in document["sections"].items():
        for index, method in enumerate(methods if isinstance(methods, list) else ()):
            yield from _of_method(method, ("sections", section, index))


def _of_method(method: Any, path: tuple[str | int, ...]) -> Iterator[SwmlProblem]:
    """Method by method: of a whole document, nobody could say which branch of the schema was meant."""
    if isinstance(method, str) and method in _methods():
        return
    definitions = _schema()["$defs"]
    name = next(iter(method), None) if isinstance(method, dict) and len(method) == 1 else None
    if name is None:
        yield SwmlProblem(path, "A method of SWML is a mapping with one name: {play: {...}}.")
    elif name not in _methods():
        yield SwmlProblem((*path, name), f"SWML has no method `{name}`.", tuple(_methods()))
    elif not fits(method, definitions[_methods()[name]], definitions):
        yield from _refused(method, path, _methods()[name])


def _refused(method: Any, path: tuple[str | int, ...], definition: str) -> Iterator[SwmlProblem]:
    from jsonschema.exceptions import best_match  # takes longer than the rest of a lint

    found = best_match(_validator(definition).iter_errors(method))
    if found is not None:
        yield SwmlProblem((*path, *found.absolute_path), f"SWML's schema refuses this: {_said(found)}.")


def _said(error: Any) -> str:
    """The validator's words without the values, which may be long or another's."""
    match error.validator:
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            return f"`{missing[0]}` is missing" if missing else "something is missing"
        case "type":
            return f"{error.validator_value} is wanted"
        case "enum" | "const":
            return (
                f"one of {error.validator_value} is wanted" if error.validator == "enum" else "another value is wanted"
            )
        case "unevaluatedProperties" | "additionalProperties":
            return "there is a key that it does not know"
        case "minimum" | "maximum" | "minLength" | "pattern":
            return f"its {error.validator} is {error.validator_value}"
        case _:
            return "it has no such form"
