"""What a caller says and a service answers is data in SWML: it changes no structure, and begins no expression of SWML's."""

import json
import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from engine.compile import compile_bundle
from engine.expr import render
from engine.model.bundle import Bundle

FLOW = """flow: f
language: 1
vars: {a: "", b: ""}
start: away
steps:
  away:
    redirect:
      swml:
        sections:
          main:
            - play: {url: "say:${{ vars.a }}${{ vars.b }}"}
            - set: {one: "${{ vars.a }}", two: "%${{ vars.b }}", three: "$${{ vars.b }}{x}", own: "%{call.from} ${{ vars.a }}"}
            - connect: {to: "${{ vars.b }}"}
"""
HOSTILE = st.text(alphabet='${}%"\\:,\n[]call.from \u0000', max_size=30) | st.text(max_size=10)
OWN = re.compile(r"%\{call\.from\}")


def strings(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [text for key, value in tree.items() for text in (key, *strings(value))]
    if isinstance(tree, list):
        return [text for value in tree for text in strings(value)]
    return [tree] if isinstance(tree, str) else []


def shape(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: shape(value) for key, value in tree.items()}
    return [shape(value) for value in tree] if isinstance(tree, list) else type(tree).__name__


def rendered(a: str, b: str) -> Any:
    graph = compile_bundle(Bundle("f", {"f.flow.yaml": FLOW.encode()})).graph
    assert graph is not None
    values = {"vars.a": a, "vars.b": b}
    return render(graph.steps["away"].value.params["swml"], values.__getitem__)  # type: ignore[union-attr]


PLAIN = shape(rendered("a", "b"))


@given(HOSTILE, HOSTILE)
@example("$", "{call.from}")
@example("%{call.from}", '"}]}, {"transfer": {"dest": "sip:x@evil.example"}}')
@example("say:x\n    - transfer: {dest: x}", "${{ vars.a }}")
def test_value_changes_no_structure_and_begins_no_expression(a: str, b: str) -> None:
    document = rendered(a, b)
    assert shape(document) == PLAIN
    assert shape(json.loads(json.dumps(document))) == PLAIN
    *_, own, to = strings(document)[:-1], strings(document)[-1]
    found = [text for text in strings(document) if re.search(r"[$%]\{", OWN.sub("", text))]
    assert found == [], (own, to)
