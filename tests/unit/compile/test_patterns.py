"""Regular expressions that could take for ever are refused, and those that cannot are not."""

import pytest

from engine.compile.patterns import least, mistake


@pytest.mark.parametrize(
    "pattern",
    [
        *["^[0-9]{4}$", "[0-9]+", r"\d+", "(yes|no)", "(yes|no)+", "(a|b)*", "(?:[0-9]{2})+", "[0-9]{1,9}", ""],
        *[
            "([0-9]+,)*",
            r"(\d+ )*",
            r"([0-9]+\.)*x",
            "([^;]+;)*",
            r"(?:\d{4}-?)+",
            "(ab?)*",
            "((ab)*c)*",
            "(a{1,3}){1,5}",
        ],
        *["(ich|kein)+", "(éa|èb)*"],
        *["(?:a++)+", "^1?2?3?$", ".*a.*"],
    ],
)
def test_harmless_pattern_is_accepted(pattern: str) -> None:
    assert mistake(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        *[
            "([0-9]+)+",
            "^(([0-9]+)+)+$",
            "(a*)*",
            "(a+b?)*",
            r"(\w+\s?)*",
            "(x+x+)+y",
            "(.+;)*",
            "(?i:a+)+",
            "(?=(a+)+)b",
        ],
        *["(ab|AB)+", "(?i)(ka|\u212ab)+", "([^a]+A)*", "([^ab]+A)*"],
        *["(a|aa)+", "(?:1|2|12)+", "(a|ab)*", "([0-9]?)*", "((a{1,999}){1,999}){1,999}"],
    ],
)
def test_pattern_that_can_take_for_ever_is_refused(pattern: str) -> None:
    found = mistake(pattern)
    assert found is not None
    assert "for ever" in found[2]


@pytest.mark.parametrize(
    ("pattern", "offset"),
    [("[0-9", 0), ("a(", 1), ("a**", 2), ("(?P<a>.)(?P<a>.)", 12), ("\\", 0), ("(?z)", 1), ("a{2,1}", 2)],
)
def test_broken_pattern_is_told_where(pattern: str, offset: int) -> None:
    found = mistake(pattern)
    assert found is not None
    assert found[0] == offset


@pytest.mark.parametrize("pattern", ["(" * 900, "a" * 2_000, "a{1,99999999999999999999}", "(?:" * 300 + ")" * 300])
def test_huge_pattern_is_refused(pattern: str) -> None:
    assert mistake(pattern) is not None


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        ("^[0-9]{4}$", 4),
        ("^(0|[0-9]{6})$", 1),
        ("^([01][0-9]|2[0-3])[0-5][0-9][0-9]$", 5),
        ("[0-9]*", 0),
        ("(", 0),
        ("", 0),
    ],
)
def test_shortest_text_that_fits_is_as_long(pattern: str, length: int) -> None:
    assert least(pattern) == length
