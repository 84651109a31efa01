"""Where an expression reads a name, and what becomes of its value."""

import pytest

from engine.expr import Checked, Environment

NAMES = {"steps.pin.value": "string", "steps.pin.text": "string", "vars.right": "bool", "call.headers": "headers"}


def reads(source: str) -> list[tuple[str, str]]:
    found = Environment(NAMES).compile(source)
    assert isinstance(found, Checked), found
    assert all(source[: one.offset + 1].count("pin") for one in found.reads if "pin" in one.name)
    return [(source[one.offset - 9 : one.offset], one.how) for one in found.reads if one.name == "steps.pin.value"]


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("steps.pin.value", "whole"),
        ("or(steps.pin.value, '')", "whole"),
        ("or(steps.pin.text, '') == '' ? steps.pin.value : ''", "whole"),
        ("vars.right ? 'x' : or(steps.pin.value, 'y')", "whole"),
        ("steps.pin.value == '1'", "compared"),
        ("'1' != or(steps.pin.value, '')", "compared"),
        ("size(steps.pin.value) > 3", "compared"),
        ("steps.pin.value.size() > 3", "compared"),
        ("['1', '2'].exists(one, one == steps.pin.value)", "compared"),
        ("['1', '2'].filter(one, one == steps.pin.value)[0]", "other"),
        ("['1', '2'].map(one, one == steps.pin.value)[0]", "other"),
        ("['1', '2'].all(one, one != steps.pin.value)", "compared"),
        ("steps.pin.value + ''", "other"),
        ("steps.pin.value < '5'", "other"),
        ("steps.pin.value in ['1']", "other"),
        ("steps.pin.value.startsWith('1')", "other"),
        ("[steps.pin.value] == ['1']", "other"),
        ("{steps.pin.value: 1} == {'1': 1}", "other"),
        ("{'a': steps.pin.value}.a", "other"),
        ("[steps.pin.value].map(one, one + 'a')", "other"),
        ("call.headers[steps.pin.value]", "other"),
        ("dyn(steps.pin.value) == '1'", "other"),
        ("string(steps.pin.value) == '1'", "other"),
        ("(steps.pin.value + '0') == '10'", "other"),
        ("size(steps.pin.value + '0')", "other"),
        ("steps.pin.value == '1' ? steps.pin.text : spell(steps.pin.value)", "compared other"),
    ],
)
def test_use_of_a_value_is_told(source: str, how: str) -> None:
    assert [one for _, one in reads(source)] == how.split()


def test_place_is_within_the_name_also_after_letters_of_many_bytes() -> None:
    assert [text for text, _ in reads("'äöü€😀' == steps.pin.value")] == ["steps.pin"]


def test_failure_that_reads_a_sensitive_name_does_not_repeat_its_value() -> None:
    environment = Environment(NAMES, sensitive=frozenset({"steps.pin.value"}))
    told = environment.compile("{'a': 1}[steps.pin.text] > 1")
    hidden = environment.compile("{'a': 1}[steps.pin.value] > 1")
    assert isinstance(told, Checked)
    assert isinstance(hidden, Checked)
    with pytest.raises(Exception, match="73519x"):
        told.evaluate({"steps.pin.text": "73519x"}.__getitem__)
    with pytest.raises(Exception, match="why is not said") as failed:
        hidden.evaluate({"steps.pin.value": "73519x"}.__getitem__)
    assert "73519x" not in str(failed.value)
    with pytest.raises(Exception, match=r"steps\.pin\.value is not set"):
        hidden.evaluate(dict[str, str]().__getitem__)
