"""What compiles is marked by no editor: the examples and the shipped files fit the schemas that `offhook schema` prints."""

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.compile import yaml_reader
from engine.compile.bundled import bundled
from engine.compile.located import Mapping, Node, Scalar
from engine.resources import names, read_text
from tests.docs import flows
from tests.docs.pages import Block, blocks

KINDS = {".flow.yaml": "flow", ".test.yaml": "test", ".calendar.yaml": "calendar", ".env.yaml": "environment"}


@cache
def schema(kind: str) -> Draft202012Validator:
    return Draft202012Validator(bundled(f"{kind}.schema.json"))


def refused(kind: str, text: str) -> list[str]:
    node, _ = yaml_reader.read("a", text.encode())
    assert node is not None
    return [f"{one.json_path}: {one.message}" for one in schema(kind).iter_errors(as_json(node))]


def as_json(node: Node) -> Any:
    """As an editor sees it: YAML 1.2, in which keys are texts and so are dates."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key.text: as_json(value) for key, value in node.entries}
    return [as_json(item) for item in node.items]


@pytest.mark.parametrize("block", [one for one in blocks("yaml") if not one.words], ids=str)
def test_example_fits_its_schema(block: Block) -> None:
    if flows.is_swml(block.text):
        return
    if flows.is_environment(block.text):
        assert refused("environment", block.text) == []
    elif flows.is_calendar(block.text):
        assert refused("calendar", block.text) == []
    elif flows.is_tests(block.text):
        assert refused("test", block.text) == []
    else:
        assert refused("flow", flows.stubbed(block.text)[1]) == []


SHIPPED = [(name, kind) for name in names("flows") for suffix, kind in KINDS.items() if name.endswith(suffix)]


@pytest.mark.parametrize(("name", "kind"), SHIPPED)
def test_shipped_file_fits_its_schema(name: str, kind: str) -> None:
    assert refused(kind, read_text(name)) == []
