"""Where a place stands, in texts that need not be YAML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.editing.cursor import cursor_at
from tests.unit.editing.marked import BEGINNING, CURSOR, step

_LAST = ("steps", "last")
KEYS = [
    ("fl¦", (), "fl"),
    (step("¦"), _LAST, ""),
    (step("pl¦\nnext: bye"), _LAST, "pl"),
    (step("play: x\nne¦xt: bye"), _LAST, "next"),
    (step("next:\n  di¦\n  otherwise: bye"), (*_LAST, "next"), "di"),
    (step("next: {digits: a, ot¦"), (*_LAST, "next"), "ot"),
    (step("next: {digits: a,\n       ot¦"), (*_LAST, "next"), "ot"),
    (step("play:\n  - aud¦"), (*_LAST, "play", 0), "aud"),
    (step("play:\n- a\n- aud¦"), (*_LAST, "play", 1), "aud"),
    (step("branch:\n  - if: x\n    ne¦"), (*_LAST, "branch", 0), "ne"),
    (step("ask: {digits: {max: 1, ¦"), (*_LAST, "ask", "digits"), ""),
    (f"{BEGINNING}  ¦", ("steps",), ""),
    (f"{BEGINNING}¦", (), ""),
    (f"{BEGINNING}handlers:\n  er¦", ("handlers",), "er"),
    ("vars: {a: 1, b¦: 2}", ("vars",), "b"),
    ("vars:\r\n  a: 1\r\n  b¦\r\n", ("vars",), "b"),
]
VALUES = [
    ("flow: ¦", ("flow",), ""),
    (step("wait: ¦\nnext: bye"), (*_LAST, "wait"), ""),
    (step("next: {digits: o¦}"), (*_LAST, "next", "digits"), "o"),
    (step("next: ot¦her"), (*_LAST, "next"), "other"),
    (step("play:\n  - audio: ¦"), (*_LAST, "play", 0, "audio"), ""),
    (step("branch:\n  - if: vars.¦\n    next: bye"), (*_LAST, "branch", 0, "if"), "vars."),
    (step('play: "Hi ${{ vars.t¦\nnext: bye'), (*_LAST, "play"), "vars.t"),
    (step("play: >-\n  hello\n\n  key: ${{ st¦\nnext: bye"), (*_LAST, "play"), "st"),
    (step("wait: {any: [a, b¦"), (*_LAST, "wait", "any", 1), "b"),
    (step("until: {listen: [dig¦"), (*_LAST, "until", "listen", 0), "dig"),
    (step("set: {a: 'x¦'}"), (*_LAST, "set", "a"), "x"),
    (step("play: 'it''s ¦'"), (*_LAST, "play"), ""),
]
NOTHING = [step("play: a # foo ¦"), step("# foo ¦"), step("play: {audio: x} ¦")]


@pytest.mark.parametrize(("text", "path", "word"), KEYS)
def test_place_of_a_key_gives_the_path_of_its_mapping(text: str, path: tuple[str | int, ...], word: str) -> None:
    bare = text.replace(CURSOR, "")
    found = cursor_at(bare, text.index(CURSOR))
    assert found.is_key
    assert (found.path, bare[found.start : found.end]) == (path, word)


@pytest.mark.parametrize(("text", "path", "word"), VALUES)
def test_place_of_a_value_gives_its_path(text: str, path: tuple[str | int, ...], word: str) -> None:
    bare = text.replace(CURSOR, "")
    found = cursor_at(bare, text.index(CURSOR))
    assert found.is_value
    assert (found.path, bare[found.start : found.end]) == (path, word)


@pytest.mark.parametrize("text", NOTHING)
def test_place_in_a_comment_or_behind_a_bracket_is_neither(text: str) -> None:
    found = cursor_at(text.replace(CURSOR, ""), text.index(CURSOR))
    assert not found.is_key
    assert not found.is_value


def test_keys_above_and_below_are_known() -> None:
    text = step("play: x\n¦\nnext: bye")
    assert cursor_at(text.replace(CURSOR, ""), text.index(CURSOR)).keys == {"play", "next"}


def test_keys_before_it_in_brackets_are_known() -> None:
    assert cursor_at("vars: {a: 1, 'b': 2, ", 21).keys == {"a", "b"}


@given(st.text(alphabet="ab: -{}[]'\"|>#\n\r\t${}.,é😀", max_size=80), st.integers(-5, 100))
def test_any_text_has_a_place_within_it(text: str, offset: int) -> None:
    found = cursor_at(text, offset)
    assert 0 <= found.start <= found.end <= len(text)
    assert found.value <= found.end
