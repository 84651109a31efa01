"""Texts with `${{ }}`: where an expression begins and ends, and what comes out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expr import Checked, Environment, Piece, TextTemplate, render, split
from engine.model.graph import ExpressionFailed

ENVIRONMENT = Environment({"vars.x": "dyn", "call.from": "string", "vars.n": "int", "vars.unset": "string"})
VALUES = {"vars.x": 2.0, "call.from": "+15550100", "vars.n": 3}


def template(text: str) -> TextTemplate:
    parts: list[Any] = []
    for piece in split(text):
        compiled = ENVIRONMENT.compile(piece.text) if piece.expression else piece.text
        assert not isinstance(compiled, list)
        parts.append(compiled)
    return TextTemplate(tuple(parts))


def value(text: str) -> Any:
    return template(text).render(VALUES.__getitem__)


def written(piece: Piece) -> str:
    return f"${{{{{piece.text}{'}}' if piece.closed else ''}" if piece.expression else piece.text


@given(st.text(alphabet="ab${}'\"\\ .", max_size=40))
def test_pieces_joined_are_the_text(text: str) -> None:
    pieces = list(split(text))
    assert "".join(map(written, pieces)) == text
    assert all(text[piece.offset :].startswith(piece.text) for piece in pieces)
    assert all(piece.closed for piece in pieces[:-1])


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("no template", []),
        ("${a} %{b} $${{x}}", ["x"]),
        ("${{ x }}", [" x "]),
        ("a ${{ x }} b ${{y}}", [" x ", "y"]),
        ("${{ '}}' }}", [" '}}' "]),
        ('${{ "}}" + "\\"}}" }}', [' "}}" + "\\"}}" ']),
        ("${{ {'a': {'b': 1}}['a']['b'] }}", [" {'a': {'b': 1}}['a']['b'] "]),
        ("${{ '${{' }}", [" '${{' "]),
        ("${{}}", [""]),
    ],
)
def test_expression_ends_where_its_braces_close(text: str, expressions: list[str]) -> None:
    assert [piece.text for piece in split(text) if piece.expression] == expressions


@pytest.mark.parametrize("text", ["${{ x", "${{ x }", "${{ 'x }}", "a ${{ {'a': 1 }}"])
def test_expression_without_an_end_is_not_closed(text: str) -> None:
    assert [piece.closed for piece in split(text)][-1] is False


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("${{ vars.n }}", 3),
        ("${{ vars.n }} ", "3 "),
        ("${{ vars.x }}", 2.0),
        ("${{ vars.x }}!", "2!"),
        ("${{ 0.5 }}s", "0.5s"),
        ("${{ vars.n > 2 }}", True),
        ("${{ vars.n > 2 }}?", "true?"),
        ("${{ vars.n < 2 }}?", "false?"),
        ("From ${{ call.from }} to ${{ vars.n + 1 }}.", "From +15550100 to 4."),
        ("${{ [1, 2] }}", [1, 2]),
        ("${{ {'a': 1} }}", {"a": 1}),
    ],
)
def test_template_alone_keeps_its_type_and_another_is_a_text(text: str, rendered: Any) -> None:
    found = value(text)
    assert (found, type(found)) == (rendered, type(rendered))


def test_tree_is_rendered_at_every_leaf() -> None:
    tree = {"a": [template("${{ vars.n }}"), "plain", {"b": template("x${{ vars.n }}")}], "c": 1}
    assert render(tree, VALUES.__getitem__) == {"a": [3, "plain", {"b": "x3"}], "c": 1}


def test_names_are_those_of_all_expressions() -> None:
    assert template("${{ call.from }} ${{ vars.n }}").names == ("call.from", "vars.n")


def test_name_that_is_not_set_fails_the_text() -> None:
    with pytest.raises(ExpressionFailed, match=r"vars\.unset is not set"):
        value("Hello ${{ vars.unset }}.")


def test_expression_remembers_its_source() -> None:
    compiled = ENVIRONMENT.compile("vars.n + 1")
    assert isinstance(compiled, Checked)
    assert (compiled.source, compiled.type, compiled.names) == ("vars.n + 1", "int", ("vars.n",))
