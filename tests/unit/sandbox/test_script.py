"""Callers' scripts as JSON."""

from typing import Any

import pytest

from engine.exchange.caller import HangsUp, Hears, Presses, Says, Silent
from engine.sandbox.script import ScriptError, read_script


def test_every_line() -> None:
    script = [
        {"hears": "PIN"},
        {"hears": "PIN", "to_the_end": True},
        {"presses": "12#"},
        {"says": "balance", "confidence": 42.5},
        {"silent_ms": 600},
        {"hangs_up": True},
    ]
    assert read_script(script) == (
        Hears(text="PIN"),
        Hears(text="PIN", to_the_end=True),
        Presses(digits="12#"),
        Says(text="balance", confidence=42.5),
        Silent(ms=600),
        HangsUp(),
    )
    assert read_script(None) == ()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ({}, "must be a list"),
        ([{}], "line 1 must have one of"),
        ([{"bridge": "x"}], "line 1: bridge: 'x' is not one of talks"),
        ([{"presses": "1"}, {"presses": "1", "says": "x"}], "line 2 must have one of"),
        ([{"presses": 1}], "line 1: Expected `str"),
        ([{"presses": "1x"}], "not keys"),
        ([{"presses": ""}], "not keys"),
        ([{"press": "1"}], "unknown field `press`"),
        (["1"], "line 1"),
        ([{"hangs_up": False}], "line 1 must have one of"),
    ],
)
def test_line_that_means_nothing_says_where_and_why(script: Any, reason: str) -> None:
    with pytest.raises(ScriptError, match=reason):
        read_script(script)
