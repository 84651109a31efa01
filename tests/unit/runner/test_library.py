"""What the environment and a request may bind."""

from typing import Any

import pytest

from engine.runner.library import fits, fitted


@pytest.mark.parametrize(
    ("value", "wanted", "verdict"),
    [
        ("x", "string", True),
        ("", "string", True),
        (None, "string", False),
        (1, "string", False),
        (1, "int", True),
        (True, "int", False),
        (2**63 - 1, "int", True),
        (2**63, "int", False),
        (-(2**63), "int", True),
        (1.0, "int", False),
        (1, "double", True),
        (1.5, "double", True),
        ("1.5", "double", False),
        (10**400, "double", False),
        (True, "bool", True),
        (1, "bool", False),
        ([], "string", False),
        ({}, "string", False),
    ],
)
def test_fits_value_of_type_verdict(value: Any, wanted: str, verdict: bool) -> None:
    assert fits(value, wanted) is verdict


def test_fitted_whole_number_becomes_a_double() -> None:
    assert repr(fitted(3, "double")) == "3.0"
    assert fitted("3", "string") == "3"
