"""What an unquoted value means: YAML 1.2's core schema, less octal and hexadecimal numbers, and telephone numbers are text."""

from typing import Any

import pytest

from engine.compile.scalars import resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, None) for word in ("", "~", "null", "Null", "NULL")],
        *[(word, True) for word in ("true", "True", "TRUE")],
        *[(word, False) for word in ("false", "False", "FALSE")],
        ("0", 0),
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("-0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775807", -(2**63) + 1),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("1555010", 1555010),
    ],
)
def test_core_schema_of_yaml_1_2(text: str, value: Any) -> None:
    found = resolve(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        *["yes", "no", "on", "off", "y", "n", "Yes", "NO", "tRUE", "nULL", "none"],
        *["0123", "-0123", "+012", "00", "0x1f", "0o17", "0b1", "1_000", "1,000"],
        *["1:30", "190:20:30", "2026-01-31", "2026-01-31T09:00:00Z", "12m", "5s", "1.0.0"],
        *["+15550100", "+4930123456", "+1555010099999"],
        *[".inf", "-.inf", ".nan", "1e999", "-1e999", "9223372036854775808", "99999999999999999999999"],
        *["1e", "e3", ".", "+", "-", "--1", "1 2", "５", "٣", "hello", "<<", "="],
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert resolve(text) == text
