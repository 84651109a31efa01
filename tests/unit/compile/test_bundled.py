"""Schemas in one piece, as editors read them."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from engine.cli import offhook
from engine.cli.schema import KINDS
from engine.compile.bundled import bundled
from engine.compile.shape import ANNOTATIONS
from engine.resources import names, read_text


def errors(kind: str, document: Any) -> list[str]:
    return [one.message for one in Draft202012Validator(bundled(f"{kind}.schema.json")).iter_errors(document)]


def flow(verb: str, value: Any) -> dict[str, Any]:
    return {"flow": "a", "language": 1, "start": "b", "steps": {"b": {verb: value}}}


@pytest.mark.parametrize("kind", KINDS)
def test_printed_schema_is_one_valid_document(kind: str) -> None:
    printed = CliRunner().invoke(offhook, ["schema", kind])
    document = json.loads(printed.output)
    Draft202012Validator.check_schema(document)
    refs = set(_refs(document))
    assert all(ref.startswith("#/") for ref in refs)
    for ref in refs:
        _found(document, ref)


def _refs(value: Any) -> list[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value["$ref"]] if isinstance(value, dict) and isinstance(value.get("$ref"), str) else []
    return [*own, *(ref for one in inner for ref in _refs(one))]


def _found(document: Any, ref: str) -> None:
    for part in ref[2:].split("/"):
        document = document[part]


def test_shipped_flows_are_fine() -> None:
    import yaml

    for name in names("flows"):
        if name.endswith(".flow.yaml"):
            assert errors("flow", yaml.safe_load(read_text(name))) == [], name


@pytest.mark.parametrize(
    "document",
    [
        flow("collect", {"digits": {"max": "${{ inputs.most }}"}, "initial_timeout": "${{ inputs.seconds }}"}),
        flow("play", [{"audio": "${{ vars.url }}"}]),
        flow("play", {"play": ["x"], "direction": "${{ vars.who }}"}),
        flow("update", {"id": "${{ steps.colleague.call_id }}", "url": "${{ uses.site }}/x"}),
        flow("dial", {"from": "${{ call.to }}", "to": "${{ uses.desk }}", "url": "${{ uses.site }}/x"}),
        flow("redirect", {"url": "${{ uses.site }}"}),
        flow("excursion", {"url": "${{ uses.site }}/x", "deadline": "2m"}),
        flow("ask", {"prompt": "x", "digits": {"max": 4, "terminators": "${{ inputs.end }}"}}),
    ],
)
def test_template_may_stand_for_any_scalar_of_a_verb(document: Any) -> None:
    assert errors("flow", document) == []


@pytest.mark.parametrize(
    "document",
    [
        flow("collect", {"digits": {"max": "many"}}),
        flow("collect", {"digits": {"max": 0}}),
        flow("play", [{"audio": "nowhere"}]),
        flow("play", {"play": ["x"], "direction": "nobody"}),
        flow("redirect", {"url": "nowhere"}),
        flow("update", {"id": "7", "url": "https://example.com"}),
        flow("wait", {"handle": "${{ vars.which }}"}),
        flow("sing", "la"),
        {**flow("play", "x"), "limits": {"steps": "${{ vars.most }}"}},
    ],
)
def test_what_is_wrong_is_still_wrong(document: Any) -> None:
    assert errors("flow", document)


def test_nothing_is_completed_that_nobody_asked_for() -> None:
    text = json.dumps(bundled("flow.schema.json"))
    assert not [word for word in ANNOTATIONS if f'"{word}":' in text and word.startswith("x-")]
    assert '"default": "after_prompt"' not in text
