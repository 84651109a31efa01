"""Fetches whose host is known before a call, held against what the environment allows."""

from typing import Any

import pytest
from msgspec.structs import replace

from engine.expr import CelExpression, Environment, TextTemplate, split
from engine.fetching.hosts import HostPolicy
from engine.model.graph import FetchValue, FlowGraph
from engine.runner.known_hosts import refused
from tests.unit.runner.inside import library

NAMES = Environment({"uses.api": "string", "uses.port": "int", "vars.x": "string"})
USES = {"api": "https://accounts.example.com", "port": 8443}
POLICY = HostPolicy.of(["accounts.example.com", "accounts.example.com:8443"])


def url(text: str) -> Any:
    """As the compiler makes it: a text, or a template."""
    if "${{" not in text:
        return text
    parts: list[str | CelExpression] = []
    for piece in split(text):
        compiled = NAMES.compile(piece.text) if piece.expression else piece.text
        assert not isinstance(compiled, list)
        parts.append(compiled)
    return TextTemplate(tuple(parts))


def graph(text: str) -> FlowGraph:
    served = library().named("short")
    assert served is not None
    value = FetchValue(method="GET", url=url(text), timeout_ms=1000)
    lookup = replace(served.graph.steps["hello"], name="lookup", verb="fetch", value=value)
    return replace(served.graph, steps={**served.graph.steps, "lookup": lookup})


ALLOWED = [
    "https://accounts.example.com",
    "https://accounts.example.com/x",
    "${{ uses.api }}",
    "${{ uses.api }}/balance/${{ vars.x }}",
    "${{ uses.api }}:${{ uses.port }}/x",
]
REFUSED = [
    "https://other.example.com",
    "https://other.example.com/${{ vars.x }}",
    "https://other.example.com?${{ vars.x }}",
    "http://accounts.example.com/",
    "${{ uses.api }}.evil.example/${{ vars.x }}",
    "${{ uses.api }}:9000/",
]
UNKNOWN = [
    "${{ vars.x }}",
    "${{ vars.x }}/balance",
    "https://${{ vars.x }}.example.com/",
    "https://other.example.com${{ vars.x }}",
    "${{ uses.api }}${{ vars.x }}",
    "https://other.example.com:${{ vars.x }}/",
    "${{ uses.api + vars.x }}/balance",
]


@pytest.mark.parametrize("text", [*ALLOWED, *UNKNOWN])
def test_refused_host_that_is_allowed_or_not_known_yet_is_no_problem(text: str) -> None:
    assert refused(graph(text), USES, POLICY) == []


@pytest.mark.parametrize("text", REFUSED)
def test_refused_host_that_is_known_and_not_allowed_is_a_problem(text: str) -> None:
    (line,) = refused(graph(text), USES, POLICY)
    assert line.startswith("step lookup of flow short: the environment does not allow ")


def test_refused_what_is_no_url_is_a_problem_too() -> None:
    (line,) = refused(graph("${{ uses.api }}/x"), {"api": "accounts.example.com", "port": 1}, POLICY)
    assert "does not begin with https://" in line


def test_refused_fetch_of_a_subflow_is_its_callers_problem() -> None:
    inner = replace(graph("https://other.example.com"), flow="inner")
    outer = replace(graph("https://accounts.example.com"), subflows={"inner": inner})
    (line,) = refused(outer, USES, POLICY)
    assert line.startswith("step lookup of flow inner: ")


def test_refused_by_the_default_policy_every_known_host_is() -> None:
    assert refused(graph("https://accounts.example.com"), USES, HostPolicy()) != []
