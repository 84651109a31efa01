"""The examples that the schemas give (in hovers, and on the page of the commands) compile as steps."""

import json
from typing import Any

import pytest

from engine.compile import compile_bundle, suffix
from engine.model.bundle import Bundle
from engine.model.verbs import VERB, VERBS, Verb
from tests.unit.schemas.registry import SCHEMAS

EXAMPLES = [(verb, value) for verb in VERBS if verb.command for value in SCHEMAS[f"verbs/{verb.name}"]["examples"]]
SWML = {
    "swml/queue.json": b'{"sections": {"main": ["hangup"]}}',
    "swml/pay.yaml": b"""sections:
  main: [{switch: {variable: "x", case: {y: [{transfer: {dest: "${{ resume('paid') }}"}}]}}}, {transfer: {dest: "${{ resume('failed') }}"}}]
""",
}


@pytest.mark.parametrize(
    ("verb", "value"), EXAMPLES, ids=[f"{verb.name}-{str(value)[:40]}" for verb, value in EXAMPLES]
)
def test_example_compiles_as_a_step(verb: Verb, value: Any) -> None:
    steps: dict[str, Any] = {"it": {verb.name: value}, "bye": {"end": "done"}}
    if verb.outcomes:
        steps["it"]["next"] = "bye"
    if verb.of:
        handle = value["handle"] if isinstance(value, dict) else value
        steps[handle] = _in_background(VERB[verb.of])
    text = json.dumps({"flow": "example", "language": 1, "start": next(reversed(steps)), "steps": steps})
    found = compile_bundle(Bundle("example", {suffix("example"): text.encode(), **SWML}))
    assert not found.diagnostics
    assert found.graph is not None


def _in_background(verb: Verb) -> dict[str, Any]:
    also = {"background": True} if verb.background == "may" else {}
    return {verb.name: SCHEMAS[f"verbs/{verb.name}"]["examples"][0], **also, "next": "it"}
