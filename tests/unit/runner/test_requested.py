"""What a request for a run may give."""

from typing import Any

import pytest

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from engine.model.graph import FlowGraph
from engine.model.limits import MAX_GIVEN_BYTES
from engine.runner.requested import check_number, from_text, inputs, payload
from engine.webhook.intake import Refused

FLOW = """
flow: typed
language: 1
outbound: {}
inputs:
  name: {type: string}
  count: {type: int, default: 1}
  price: {type: double, default: 1.5}
  vip: {type: bool, default: false}
start: bye
steps:
  bye: {end: done}
"""


def graph() -> FlowGraph:
    found = compile_bundle(Bundle("typed", {"typed.flow.yaml": FLOW.encode()}))
    assert found.graph is not None, found.diagnostics
    return found.graph


@pytest.mark.parametrize(
    ("text", "wanted", "value"),
    [
        ("12", "string", "12"),
        ("true", "string", "true"),
        ("12", "int", 12),
        ("-3", "int", -3),
        ("007", "int", 7),
        ("1.5", "int", None),
        ("1e3", "int", None),
        ("1_000", "int", None),
        ("", "int", None),
        ("9" * 30, "int", None),
        ("2", "double", 2.0),
        ("-2.50", "double", -2.5),
        ("1e3", "double", 1000.0),
        ("1e999", "double", None),
        ("nan", "double", None),
        ("inf", "double", None),
        ("true", "bool", True),
        ("false", "bool", False),
        ("yes", "bool", None),
        ("1", "bool", None),
    ],
)
def test_text_says_a_value_of_the_wanted_type(text: str, wanted: str, value: Any) -> None:
    assert repr(from_text(text, wanted)) == repr(value)


def test_inputs_are_of_their_declared_types() -> None:
    texts = {"name": "12", "count": "3", "price": "2", "vip": "true"}
    values = {"name": "12", "count": 3, "price": 2, "vip": True}
    wanted = {"name": "12", "count": 3, "price": 2.0, "vip": True}
    assert inputs(graph(), texts) == inputs(graph(), values) == wanted
    assert isinstance(inputs(graph(), texts)["price"], float)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": 12}, "Input `name` wants string."),
        ({"name": "a", "count": "three"}, "Input `count` wants int, and 'three' is none."),
        ({"name": "a", "count": "9223372036854775808"}, "Input `count` wants int"),
        ({"name": "a", "vip": "yes"}, "Input `vip` wants bool, and 'yes' is none."),
        ({"name": "a", "vip": "x" * 1000}, "Input `vip` wants bool."),
        ({"name": "a", "vip": None}, "Input `vip` wants bool."),
        ({"name": "a", "age": 1}, "no input `age`. Inputs: name, count, price, vip."),
        ({}, "Missing inputs: name."),
    ],
)
def test_input_that_does_not_fit_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as caught:
        inputs(graph(), given)
    assert (caught.value.status, said in caught.value.message) == (400, True), caught.value.message


@pytest.mark.parametrize(
    "to", ["+15550177", "+4915112345678", "sip:kim@example.com", "sips:kim@example.com;transport=tls"]
)
def test_number_that_can_be_called(to: str) -> None:
    check_number(to)


@pytest.mark.parametrize(
    "to", ["15550177", "kim", "+", "+0155", "+1555 0177", "tel:+15550177", "sip:", "sip:a b", "+15550177\n"]
)
def test_number_that_nobody_can_be_called_by_is_refused(to: str) -> None:
    with pytest.raises(Refused) as caught:
        check_number(to)
    assert caught.value.status == 400


def test_more_than_a_run_may_be_given_is_refused() -> None:
    long = "x" * MAX_GIVEN_BYTES
    for what in (lambda: inputs(graph(), {"name": long}), lambda: payload({"text": "string"}, {"text": long})):
        with pytest.raises(Refused) as caught:
            what()
        assert (caught.value.status, "16,000 bytes" in caught.value.message) == (413, True)
