"""Files beside a flow: SWML whose texts are computed, and flows that are called."""

from typing import Any

import pytest

from engine.compile import Compiled, compile_bundle
from engine.expr import render
from engine.model.bundle import Bundle
from engine.model.graph import FlowGraph

HEADER = "language: 1\nstart: a\n"
TOLD = "${amount} %{x}"
INERT = "$ {amount} % {x}"


def compiled(steps: str, **beside: str) -> Compiled:
    files = {path.replace("__", "/").replace("_at_", "."): text.encode() for path, text in beside.items()}
    flow = f"flow: f\n{HEADER}vars: {{name: ''}}\nsteps:\n{steps}  bye: {{end: done}}\n"
    return compile_bundle(Bundle("f", {"f.flow.yaml": flow.encode(), **files}))


def graph(steps: str, **beside: str) -> FlowGraph:
    found = compiled(steps, **beside)
    assert found.graph is not None, found.diagnostics
    return found.graph


def params(found: FlowGraph, step: str) -> Any:
    value: Any = found.steps[step].value
    return render(value.params, {"vars.name": TOLD}.__getitem__)


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("swml__q_at_json", '{"sections": {"main": [{"play": {"url": "say:${{ vars.name }} ${y}"}}]}}'),
        ("swml__q_at_yaml", 'sections: {main: [{play: {url: "say:${{ vars.name }} ${y}"}}]}'),
    ],
)
def test_value_in_a_document_is_data_and_what_stands_there_is_not_touched(name: str, document: str) -> None:
    file = name.removeprefix("swml__").replace("_at_", ".")
    found = graph(f"  a: {{redirect: {{swml: {file}}}}}\n", **{name: document})
    assert params(found, "a")["swml"]["sections"]["main"] == [{"play": {"url": f"say:{INERT} ${{y}}"}}]


def test_value_is_data_in_inline_documents_of_any_verb_and_nowhere_else() -> None:
    document = '{sections: {main: [{play: {url: "${{ vars.name }}"}}]}}'
    found = graph(
        f"  a: {{dial: {{from: '+15550100', to: '+15550101', swml: {document}}}, next: swml}}\n"
        '  swml: {play: "${{ vars.name }}", next: b}\n'
        '  b: {user_event: {event: {swml: "${{ vars.name }}"}}, next: bye}\n'
    )
    assert params(found, "a")["swml"]["sections"]["main"] == [{"play": {"url": INERT}}]
    assert params(found, "swml")["play"][0]["params"]["text"] == TOLD
    assert params(found, "b")["event"]["swml"] == TOLD


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    deep = '{"sections": {"main": ' + "[" * 100 + "]" * 100 + "}}"
    found = compiled("  a: {redirect: {swml: q.json}}\n", swml__q_at_json=deep)
    assert [one.message for one in found.diagnostics] == [
        "`flows/swml/q.json` cannot be read: it is nested too deeply."
    ]


def test_mistake_in_a_document_that_two_steps_name_is_told_once() -> None:
    steps = "  a: {excursion: {swml: q.yaml, deadline: 1m}, next: b}\n  b: {redirect: {swml: q.yaml}}\n"
    found = compiled(steps, swml__q_at_yaml='sections: {main: [{play: {url: "${{ vars.nme }}"}}]}')
    assert [(one.file, one.code) for one in found.diagnostics] == [("swml/q.yaml", "VAR001")]


def test_flow_that_is_called_on_many_ways_is_compiled_once() -> None:
    """Thirty floors of two flows that both call the two below: each once, or a thousand million times."""
    calls = "steps:\n  a: {subflow: {flow: %s}, next: b}\n  b: {subflow: {flow: %s}, next: c}\n  c: {return: done}\n"
    lib = {
        f"lib__{side}{floor}_at_flow_at_yaml": f"flow: {side}{floor}\n{HEADER}"
        + (calls % (f"x{floor + 1}", f"y{floor + 1}") if floor < 30 else "steps: {a: {return: done}}\n")
        for floor in range(31)
        for side in "xy"
    }
    found = graph("  a: {subflow: {flow: x0}, next: bye}\n", **lib)
    assert len(found.subflows) == 61


def test_mistake_in_a_flow_that_is_called_on_two_ways_is_told_once() -> None:
    found = compiled(
        "  a: {subflow: {flow: x}, next: b}\n  b: {subflow: {flow: y}, next: bye}\n",
        lib__x_at_flow_at_yaml=f"flow: x\n{HEADER}steps: {{a: {{subflow: {{flow: y}}, next: b}}, b: {{return: done}}}}\n",
        lib__y_at_flow_at_yaml=f"flow: y\n{HEADER}steps: {{a: {{play: Hello., next: nowhere}}}}\n",
    )
    assert found.graph is None
    assert [one.code for one in found.diagnostics if one.file == "lib/y.flow.yaml"] == ["FLW001"]


def test_flows_that_call_each_other_are_a_circle_in_each_of_their_files() -> None:
    p, q = (f"flow: {name}\n{HEADER}steps:\n  a: {{subflow: {{flow: {other}}}, next: b}}\n  b: {{return: done}}\n".encode()
            for name, other in (("p", "q"), ("q", "p")))  # fmt: skip
    files = {"p.flow.yaml": p, "lib/p.flow.yaml": p, "lib/q.flow.yaml": q}
    found = compile_bundle(Bundle("p", files), file="lib/p.flow.yaml").diagnostics
    assert [(one.file, one.code, one.message) for one in found] == [
        ("lib/p.flow.yaml", "FLW010", "`p` would call itself: p -> q -> p."),
        ("lib/q.flow.yaml", "FLW010", "`p` would call itself: p -> q -> p."),
    ]
    caller = f"flow: m\n{HEADER}steps:\n  a: {{subflow: {{flow: q}}, next: b}}\n  b: {{end: done}}\n".encode()
    told = compile_bundle(Bundle("m", {**files, "m.flow.yaml": caller})).diagnostics
    assert [(one.file, one.code) for one in told] == [
        ("m.flow.yaml", "FLW017"),
        ("lib/q.flow.yaml", "FLW010"),
        ("lib/p.flow.yaml", "FLW010"),
    ]
