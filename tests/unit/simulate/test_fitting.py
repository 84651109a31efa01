"""What a case names, held against what there was."""

from typing import Any

import pytest

from engine.simulate.cases.fitting import fits, matches


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"a": 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": "..."}, {"a": None}),
        ({"a": None}, {"a": None}),
        ({"a": 1}, {"a": 1.0}),
        ([1, "...", 4], [1, 2, 3, 4]),
        ([{"a": 1}, "..."], [{"a": 1, "b": 2}, 7]),
        (["..."], []),
        ("...", {"a": 1}),
        ("/calls/...", "/calls/7"),
        ("/calls/...?x=...&y=1", "/calls/7?x=2&y=1"),
        ("Well...", "Well..."),
    ],
)
def test_what_is_named_is_there(wanted: Any, found: Any) -> None:
    assert fits(wanted, found)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"a": "..."}, {}),
        ({"a": None}, {"a": 1}),
        ({"a": 1}, {"a": True}),
        ([1], [1, 2]),
        ([1, "...", 1], [1]),
        (["...", 3, "..."], [1, 2]),
        ({"a": 1}, "a"),
        ([1], 1),
        ("/calls/...", "/call/7"),
        ("a...a", "a"),
        ("a...b...c", "acb"),
        ("7...", 7),
    ],
)
def test_what_is_named_is_not_there(wanted: Any, found: Any) -> None:
    assert not fits(wanted, found)


@pytest.mark.parametrize(
    ("wanted", "went", "is_so"),
    [
        ("", "", True),
        ("", "a", False),
        ("...", "abc", True),
        ("a...", "a", True),
        ("a...a", "a", False),
        ("a...b...c", "axbyc", True),
        ("...ab...ab", "abab", True),
        ("...ab...ab", "aab", False),
        ("a...bc...c", "abcbc", True),
        ("...b...", "abc", True),
        ("......", "", True),
    ],
)
def test_path_with_any_steps_between(wanted: str, went: str, is_so: bool) -> None:
    steps = wanted.replace("...", "-")
    assert matches(["..." if one == "-" else one for one in steps], went) is is_so


def test_many_gaps_in_a_long_path_take_no_time() -> None:
    assert not matches(["...", "a"] * 12 + ["b"], ["a"] * 500)
