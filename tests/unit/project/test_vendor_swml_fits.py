"""What fits the vendor's schema at first sight is right by jsonschema too; what does not is looked at by jsonschema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.project import vendor_swml
from engine.project.vendor_swml_fits import fits
from tests.architecture.source import ROOT

DEFINITIONS = vendor_swml._schema()["$defs"]
METHODS = vendor_swml._methods()
DOCUMENTS = sorted((ROOT / "flows" / "swml").iterdir())


@cache
def validator(name: str) -> Any:
    return Draft202012Validator({"$ref": f"#/$defs/{METHODS[name]}", "$defs": DEFINITIONS})


@st.composite
def methods(draw: st.DrawFn) -> tuple[str, Any]:
    """A method of a shipped document, or an empty one, with some of it changed."""
    known = [one for path in DOCUMENTS for one in _methods_of(path)] + [{name: {}} for name in METHODS]
    method = json.loads(json.dumps(draw(st.sampled_from(known))))
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, method)
    name = next(iter(method), "hangup")
    return (name, method) if name in METHODS else ("hangup", method)


def _methods_of(path: Path) -> list[Any]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [one for section in document["sections"].values() for one in section if isinstance(one, dict)]


def _change(draw: st.DrawFn, value: Any) -> None:
    """Somewhere in it."""
    odd: st.SearchStrategy[Any] = st.sampled_from(
        ("", "x", "say:x", 0, -1, 1.5, 10**6, True, None, [], {}, ["x"], {"x": 1}, [{"hangup": {}}])
    )
    names = [name for one in DEFINITIONS.values() for name in one.get("properties", {})]
    while True:
        children = [
            one for one in (value.values() if isinstance(value, dict) else value) if isinstance(one, dict | list)
        ]
        if not children or draw(st.booleans()):
            break
        value = draw(st.sampled_from(children))
    if isinstance(value, list):
        value.append(draw(odd))
    elif value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        value[key] = draw(odd)
    else:
        value[draw(st.sampled_from(sorted({*names})))] = draw(odd)


@settings(max_examples=150)
@given(methods())
def test_what_fits_is_right(found: tuple[str, Any]) -> None:
    name, method = found
    if fits(method, DEFINITIONS[METHODS[name]], DEFINITIONS):
        assert validator(name).is_valid(method)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda one: one.name)
def test_shipped_documents_fit_at_first_sight(path: Path) -> None:
    for method in _methods_of(path):
        assert fits(method, DEFINITIONS[METHODS[next(iter(method))]], DEFINITIONS), method


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (1, {"const": True}),
        (1.0, {"not": {"type": "integer"}}),
        ("x", {"not": {"new-keyword": 1}}),
        ({"a": 1}, {"unevaluatedProperties": {"type": "string"}, "anyOf": [{"properties": {"a": {}}}]}),
        ("x", {"new-keyword": 1}),
        ({}, {"$ref": "other.json"}),
    ],
)
def test_what_it_does_not_know_does_not_fit(value: Any, schema: Any) -> None:
    assert not fits(value, schema, {})
