"""As much JavaScript as conditions and placeholders need."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.exchange.expansion import expand
from engine.exchange.javascript import NotUnderstoodError, evaluate

SCOPE: dict[str, Any] = {
    "vars": {"n": 7, "s": "Sales", "list": [1, {"a": "x"}], "empty": "", "from": "mine"},
    "envs": {"key": "k", "n": 8},
    "call": {"from": "+15550177", "type": "phone"},
    "params": {"n": 1},
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("n", 7),
        ("params.n", 1),
        ("key", "k"),
        ("type", "phone"),
        ("from", "mine"),
        ("nothing.at.all", None),
        ("list[1].a", "x"),
        ("list[9]", None),
        ("list.length + s.length", 7),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("'a' + 1", "a1"),
        ("n == '7'", True),
        ("n === '7'", False),
        ("n !== 7", False),
        ("s != 'x' && !empty", True),
        ("nothing == null", True),
        ("nothing || 'else'", "else"),
        ("n > 5 ? 'much' : 'little'", "much"),
        ("n >= 7 && n <= 7 && !(n < 7)", True),
        ("'b' > 'a'", True),
        ("call.type.toLowerCase() == 'phone'", True),
        ("call.from.substring(0, 3)", "+15"),
        ("s.includes('ale') && s.startsWith('S') && s.endsWith('s')", True),
        ("parseInt('12px') + Number('3')", 15),
        ("(2.5).toFixed(2)", "2.50"),
        ("-n % 4", 1),
        (r"'it\'s'", "it's"),
        ("9007199254740993 * 1", 9007199254740992.0),
    ],
)
def test_value_of_an_expression(source: str, value: Any) -> None:
    assert evaluate(source, SCOPE) == value


@pytest.mark.parametrize(
    "source", ["", "n +", "f()", "s.match('x')", "n = 1", "a b", "(n", "[1", "n ? 1", "`x`", "1 % 0"]
)
def test_what_is_not_understood_says_so(source: str) -> None:
    with pytest.raises(NotUnderstoodError):
        evaluate(source, SCOPE)


@pytest.mark.parametrize("source", ["(" * 500, "!" * 1_900, "1?" * 900, "n" * 3_000, "-" * 1_900])
def test_monsters_are_refused(source: str) -> None:
    with pytest.raises(NotUnderstoodError):
        evaluate(source, SCOPE)


@given(st.text(alphabet="n7'+-*/%()[]!=<>&|?:., ab", max_size=40))
def test_any_text_has_a_value_or_is_not_understood(source: str) -> None:
    try:
        value = evaluate(source, SCOPE)
    except NotUnderstoodError:
        return
    assert value is None or isinstance(value, bool | int | float | str | list | dict)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no placeholder", "no placeholder"),
        ("${n}", 7),
        ("%{call.from}", "+15550177"),
        ("${nothing}", ""),
        ("a ${n} b %{s}", "a 7 b Sales"),
        ("${list}!", '[1,{"a":"x"}]!'),
        ("${n > 5} ${1 / 2}", "true 0.5"),
        ("${'}' + s}", "}Sales"),
        ({"a": ["${n}"], "raw": "${n}"}, {"a": [7], "raw": "${n}"}),
        (5, 5),
    ],
)
def test_placeholders_are_replaced(text: Any, value: Any) -> None:
    assert expand(text, SCOPE, but=("raw",)) == value


@pytest.mark.parametrize("text", ["${n", "${}", "a ${'x}"])
def test_placeholder_that_is_none_is_not_understood(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        expand(text, SCOPE)


def test_text_cannot_grow_without_end() -> None:
    with pytest.raises(NotUnderstoodError):
        expand("${long}${long}", {"vars": {"long": "x" * 60_000}})


def test_number_that_is_none() -> None:
    assert math.isnan(evaluate("s * 2", SCOPE))
    assert evaluate("s * 2 == s * 2", SCOPE) is False
