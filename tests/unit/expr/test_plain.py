"""What is computed without CEL is what CEL computes, or is left to it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expr import Checked, Environment
from engine.expr.plain import PlainExpression, form
from engine.model.graph import ExpressionFailed

DECLARED = {
    "now": "timestamp",
    "vars.in": "int",
    "vars.n": "int",
    "vars.s": "string",
    "vars.d": "double",
    "vars.any": "dyn",
}
LARGE = [2**62, 2**62 - 1, 2**63 - 1, 2**63, -(2**63), -(2**62), 10**30]
SIGNS = ("==", "!=", "<", "<=", ">", ">=", "+", "-")


def outcome(expression: Checked, value: Any) -> tuple[str, Any]:
    """What it gives with its type, or how it fails."""
    try:
        found = expression.evaluate(lambda _: value)
    except (ExpressionFailed, OverflowError) as error:
        return type(error).__name__, str(error)
    return type(found).__name__, found


def agrees(source: str, value: Any) -> None:
    expression = Environment(DECLARED).compile(source)
    assert isinstance(expression, PlainExpression)
    by_cel = expression._by_cel
    assert (expression.type, expression.names, expression.source) == (by_cel.type, by_cel.names, by_cel.source)
    assert [(one.name, one.how) for one in expression.reads] == [(one.name, one.how) for one in by_cel.reads]
    assert outcome(expression, value) == outcome(by_cel, value)


@given(
    st.sampled_from(SIGNS),
    st.integers(0, 999_999_999),
    st.integers() | st.sampled_from(LARGE) | st.just(5.0) | st.text(),
)
def test_numbers_are_computed_as_cel_computes_them(sign: str, other: int, value: Any) -> None:
    agrees(f"vars.n {sign} {other}", value)


@given(st.sampled_from(("==", "!=")), st.from_regex(r"[ !#-&(-\[\]-~]*", fullmatch=True), st.text() | st.integers())
def test_texts_are_compared_as_cel_compares_them(sign: str, other: str, value: Any) -> None:
    agrees(f"vars.s {sign} '{other}'", value)
    agrees(f'vars.s{sign}"{other}"', other)


@pytest.mark.parametrize("source", ["'none'", '"it"', "''", " 0 ", "007", "999999999", "true", " false"])
def test_literals_are_what_cel_says_they_are(source: str) -> None:
    agrees(source, None)


@given(
    st.sampled_from(("vars.n", "vars.s", "vars.d")),
    st.integers() | st.sampled_from(LARGE) | st.floats() | st.text() | st.booleans(),
)
def test_names_have_the_value_that_cel_gives_them(name: str, value: Any) -> None:
    agrees(name, value)


@pytest.mark.parametrize(
    "source",
    [
        "vars.n + vars.n",
        "vars.n * 2",
        "vars.n == 1 && true",
        "vars.n + 1 + 1",
        "vars.n - -1",
        "vars.s == 'it\\'s'",
        "vars.s < 'a'",
        "vars.s + 'a'",
        "vars.d == 1",
        "vars.any == 1",
        "vars.n == 1.5",
        "vars.n == 9999999999",
        "1 == vars.n",
        "vars.s == 'é'",
        "vars.any",
        "now",
        "other.n == 1",
        "other.n",
        "vars.in == 1",
        "1.5",
        "-1",
        "null",
        "'it\\'s'",
        "vars.n\u00a0== 1",
    ],
)
def test_what_has_another_form_is_cels(source: str) -> None:
    assert form(source, DECLARED) is None


def unset(name: str) -> Any:
    raise KeyError(name)


def test_name_that_is_not_set_is_told_as_ever() -> None:
    expression = Environment(DECLARED).compile("vars.n + 1")
    assert isinstance(expression, PlainExpression)
    with pytest.raises(ExpressionFailed, match=r"^vars\.n is not set$"):
        expression.evaluate(unset)
