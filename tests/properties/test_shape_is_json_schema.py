"""Our checks accept and refuse what jsonschema accepts and refuses, for the schemas that we have."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine import resources
from engine.compile.json_types import JSON_TYPES
from engine.compile.schemas import Schema, schema
from engine.compile.shape import ANNOTATIONS, KEYWORDS, shape

NAMES = [name.removeprefix("schemas/") for name in resources.names("schemas") if "common." not in name]
TRIMMED: dict[str, Schema] = {}
WORDS = st.sampled_from(
    ["", "a", "listen", "Bad Name", "5s", "0s", "1", "#", "+15550100", "https://example.com/a", "us", "tts"]
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-50, 700), st.floats(-50, 50), WORDS, st.sampled_from([0, 1, 1.0, 40, 2**31])
)


def without_our_own(node: Any) -> Any:
    """`x-planned` refuses, and jsonschema does not know it."""
    if isinstance(node, dict):
        return {key: without_our_own(one) for key, one in node.items() if key != "x-planned"}
    return [without_our_own(one) for one in node] if isinstance(node, list) else node


def trimmed(name: str) -> Schema:
    if name not in TRIMMED:
        TRIMMED[name] = without_our_own(schema(name))
    return TRIMMED[name]


@st.composite
def values(draw: st.DrawFn, wanted: Schema, depth: int = 0) -> Any:
    """A value that the schema wants, or nearly."""
    if draw(st.integers(0, 11)) == 0 or depth > 6:
        return draw(SCALARS)
    if "anyOf" in wanted and any("type" in one or "anyOf" in one for one in wanted["anyOf"]):
        return draw(values(draw(st.sampled_from(wanted["anyOf"])), depth + 1))
    kinds = wanted.get("type", "object")
    kind = kinds if isinstance(kinds, str) else draw(st.sampled_from(kinds))
    if "enum" in wanted or "const" in wanted:
        return draw(st.sampled_from(wanted.get("enum") or [wanted["const"]]))
    if kind == "object":
        return draw(mappings(wanted, depth))
    if kind == "array":
        return draw(st.lists(values(wanted.get("items", {"type": "string"}), depth + 1), max_size=3))
    examples = wanted.get("examples", [])
    return draw(st.one_of(st.sampled_from(examples), SCALARS) if examples else SCALARS)


@st.composite
def mappings(draw: st.DrawFn, wanted: Schema, depth: int) -> dict[str, Any]:
    known: dict[str, Schema] = wanted.get("properties", {})
    keys = {key for key in wanted.get("required", ()) if draw(st.integers(0, 9))}
    if known:
        keys |= draw(st.sets(st.sampled_from(sorted(known)), max_size=4))
    found = {key: draw(values(known[key], depth + 1)) for key in sorted(keys) if key in known}
    others = wanted.get("additionalProperties")
    if isinstance(others, dict):
        for key in draw(st.lists(WORDS, max_size=2)):
            found[key] = draw(values(others, depth + 1))
    elif draw(st.integers(0, 9)) == 0:
        found["unheard_of"] = 1
    return found


def agree(name: str, value: Any) -> bool:
    wanted = trimmed(name)
    ours, theirs = shape(wanted).accepts(value), Draft202012Validator(wanted).is_valid(value)
    assert ours == theirs, json.dumps(value)
    return ours


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_uses_only_what_we_can_check(name: str) -> None:
    assert shape(schema(name)).accepts(None) in (True, False)
    unknown = {key for key in keywords(schema(name)) if key not in KEYWORDS and key not in ANNOTATIONS}
    assert not unknown


def keywords(node: Any) -> set[str]:
    """The keywords of a schema and of those in it."""
    found = set(node)
    for key, one in node.items():
        if key in ("properties", "patternProperties", "dependentSchemas"):
            found |= {word for below in one.values() for word in keywords(below)}
        elif key in ("anyOf", "allOf"):
            found |= {word for below in one for word in keywords(below)}
        elif key in ("items", "additionalProperties", "propertyNames", "not") and isinstance(one, dict):
            found |= keywords(one)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_accepted_by_both(name: str) -> None:
    assert all(agree(name, example) for example in schema(name).get("examples", []))


@given(st.data())
def test_values_of_steps_are_judged_alike(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in NAMES if name.startswith("verbs/")]))
    agree(name, data.draw(values(trimmed(name))))


@given(st.data())
def test_whole_documents_are_judged_alike(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["flow.schema.json", "step.schema.json", "environment.schema.json"]))
    agree(name, data.draw(values(trimmed(name))))


@given(
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
    ),
    st.sampled_from([*JSON_TYPES, ["string", "number"]]),
    st.integers(0, 3),
)
def test_single_keywords_are_judged_alike(value: Any, kind: Any, number: int) -> None:
    for wanted in (
        {"type": kind},
        {"enum": [number, True, "a", [1], None]},
        {"const": number},
        {"minimum": number},
        {"exclusiveMaximum": number},
        {"multipleOf": 0.5},
        {"multipleOf": number + 1},
        {"uniqueItems": True},
        {"minItems": number, "maxProperties": number, "maxLength": number},
        {"not": {"type": kind}},
        {
            "propertyNames": {"pattern": "^a"},
            "patternProperties": {"s$": {"type": "string"}},
            "additionalProperties": False,
        },
        {"dependentSchemas": {"a": {"required": ["listen"]}}},
        {"anyOf": [{"type": kind, "minLength": number}, {"required": ["a"]}]},
        {"allOf": [{"type": kind}, {"minProperties": number}]},
    ):
        assert shape(wanted).accepts(value) == Draft202012Validator(wanted).is_valid(value), wanted
