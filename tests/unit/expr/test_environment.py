"""Expressions: every type in and out, failures as `ExpressionFailed`, names that they read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.expr import Checked, Environment, cel_type_of
from engine.model.graph import ExpressionFailed

TYPES = {
    "vars.text": "string",
    "vars.number": "int",
    "vars.rate": "double",
    "vars.ok": "bool",
    "vars.any": "dyn",
    "vars.list": "list",
    "vars.map": "map",
    "call.headers": "headers",
    "now": "timestamp",
    "run.age": "duration",
}
VALUES: dict[str, Any] = {
    "vars.text": "abc",
    "vars.number": 2,
    "vars.rate": 0.5,
    "vars.ok": True,
    "vars.any": {"a": [1, {"b": "c"}]},
    "vars.list": [1, "a"],
    "vars.map": {"a": 1},
    "call.headers": {"x": "1"},
    "now": datetime(2026, 1, 31, 9, tzinfo=UTC),
}
ENVIRONMENT = Environment(TYPES)


def compiled(source: str) -> Checked:
    found = ENVIRONMENT.compile(source)
    assert isinstance(found, Checked), found
    return found


@pytest.mark.parametrize(
    ("source", "kind", "value"),
    [
        ("vars.text + 'd'", "string", "abcd"),
        ("vars.number + 1", "int", 3),
        ("vars.rate * 2.0", "double", 1.0),
        ("!vars.ok", "bool", False),
        ("vars.any.a[1].b", "dyn", "c"),
        ("vars.list[1]", "dyn", "a"),
        ("vars.map['a']", "dyn", 1),
        ("call.headers.x", "string", "1"),
        ("call.headers['x']", "string", "1"),
        ("now", "timestamp", "2026-01-31T09:00:00Z"),
        ("now + duration('90s')", "timestamp", "2026-01-31T09:01:30Z"),
        ("duration('90s')", "duration", 90.0),
        ("now > timestamp('2026-01-01T00:00:00Z')", "bool", True),
        ("[vars.number, 3]", "list<int>", [2, 3]),
        ("{'a': [duration('1s')]}", "map<string, list<duration>>", {"a": [1.0]}),
        ("null", "null", None),
        ("2u", "uint", 2),
        ("spell('12')", "string", "1, 2"),
        ("[1, 2, 3].filter(x, x > 1).map(x, x * 2)", "list<int>", [4, 6]),
        ("vars.ok ? 'a' : 'b'", "string", "a"),
        ("vars.text.matches('^a') && size(vars.text) == 3", "bool", True),
        ("has(call.headers.y) || 'x' in call.headers", "bool", True),
    ],
)
def test_expression_gives_value_of_its_type(source: str, kind: str, value: Any) -> None:
    expression = compiled(source)
    found = expression.evaluate(VALUES.__getitem__)
    assert expression.type == kind
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "source",
    ["int('')", "1 / (vars.number - 2)", "vars.list[5]", "vars.map['b']", "vars.any.b", "call.headers.y", "double('x')",
     "vars.any + 1", "9223372036854775807 + vars.number", "timestamp('x') > now", "'a'.matches(vars.text + '[')", "run.age"],
)  # fmt: skip
def test_expression_without_a_value_fails(source: str) -> None:
    with pytest.raises(ExpressionFailed):
        compiled(source).evaluate(VALUES.__getitem__)


def test_failure_says_what_was_wrong() -> None:
    with pytest.raises(ExpressionFailed, match=r"run\.age is not set"):
        compiled("run.age > duration('1s')").evaluate(VALUES.__getitem__)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("1 + 1", ()),
        ("vars.text + call.headers.x + vars.text", ("call.headers", "vars.text")),
        ("[1].exists(x, x > vars.number)", ("vars.number",)),
        ("vars.ok ? vars.number : int(vars.rate)", ("vars.number", "vars.ok", "vars.rate")),
    ],
)
def test_names_are_what_the_expression_reads(source: str, names: tuple[str, ...]) -> None:
    assert compiled(source).names == names


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "bool"), (0, "int"), (0.0, "double"), ("", "string"), ([], "list"), ({}, "map"), (None, "string")],
)
def test_type_of_a_plain_value(value: Any, kind: str) -> None:
    assert cel_type_of(value) == kind


def test_name_that_stands_in_no_text_need_not_be_told_to_cel() -> None:
    environment = Environment(TYPES, ["${{ vars.text }}", "vars . number"])
    assert isinstance(environment.compile("vars.text"), Checked)
    assert isinstance(environment.compile("vars . number"), Checked)
    found = environment.compile("vars.rates")
    assert isinstance(found, list)
    assert found[0].help == "Did you mean `vars.rate`?"


@pytest.mark.parametrize("name", ["vars.text", "vars.number", "vars.rate", "vars.ok"])
@pytest.mark.parametrize("value", ["a", "gr\u00fcn", "\ud800", 1, 2**63, 1.5, float("inf"), True, None, [1], {"a": 1}])
def test_name_alone_gives_what_cel_gives(name: str, value: Any) -> None:
    def outcome(source: str) -> tuple[Any, type] | str:
        try:
            found = compiled(source).evaluate({name: value}.__getitem__)
        except ExpressionFailed:
            return "failed"
        return found, type(found)

    assert outcome(name) == outcome(f" ({name}) ")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("or()", "`or` is not called like that."),
        ("or(vars.text)", "`or` is not called like that."),
        ("or(vars.list, [])", "`or` does not take a list and a list."),
        ("or(vars.any, 'x') + 1", "`+` does not take a text and an int."),
        ("or(vars.text, vars.any) + 1", "`+` does not take a text and an int."),
        ("or(vars.text, 1)", "`or` does not take a text and an int."),
        ("is_set.vars.text", "There is no `is_set.vars.text` here."),
        ("when(now, now, now)", "`when` is not called like that."),
    ],
)
def test_what_is_run_takes_no_more_than_what_is_written(source: str, message: str) -> None:
    found = ENVIRONMENT.compile(source)
    assert isinstance(found, list)
    assert [one.message for one in found] == [message]
