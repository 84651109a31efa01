"""Where a text is a URL, the values within it are encoded when it is computed, and nowhere else."""

from typing import Any

import pytest

from engine.compile import compile_bundle
from engine.expr import render
from engine.model.bundle import Bundle

FLOW = """flow: f
language: 1
vars: {v: "a/?é"}
uses: {api: url}
start: one
steps:
  one:
    STEP
    NEXT
  bye: {end: hangup}
"""
DATA = "a%2F%3F%C3%A9"


def rendered(step: str) -> Any:
    following = "next: {error: bye}" if step.startswith("redirect") else "next: bye"
    flow = FLOW.replace("STEP", step).replace("NEXT", following)
    graph = compile_bundle(Bundle("f", {"f.flow.yaml": flow.encode()})).graph
    assert graph is not None
    values = {"vars.v": "a/?é", "uses.api": "https://api.example.com"}
    return render(graph.steps["one"].value.params, values.__getitem__)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ('play: [{audio: "https://cdn.example.com/${{ vars.v }}.mp3"}]', f"'https://cdn.example.com/{DATA}.mp3'"),
        ('play: [{audio: "${{ uses.api }}/${{ vars.v }}.mp3"}]', f"'https://api.example.com/{DATA}.mp3'"),
        ('play: [{audio: "${{ vars.v }}"}]', "'a/?é'"),
        ('play: "https://cdn.example.com/${{ vars.v }}"', "'https://cdn.example.com/a/?é'"),
        ('redirect: {url: "${{ uses.api }}/${{ vars.v }}"}', f"'https://api.example.com/{DATA}'"),
        ('redirect: {swml: {sections: {main: [{play: {url: "say:${{ vars.v }}"}}]}}}', "'say:a/?é'"),
        ('redirect: {swml: {sections: {main: [{play: {url: "https://c.example.com/${{ vars.v }}"}}]}}}', f"/{DATA}'"),
        ('stream: {url: "wss://m.example.com/${{ vars.v }}"}', f"'wss://m.example.com/{DATA}'"),
    ],
)
def test_values_within_urls_are_encoded(step: str, sent: str) -> None:
    assert sent in repr(rendered(step))
