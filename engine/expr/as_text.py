"""A value within a text."""

from typing import Any


def as_text(value: Any) -> str:
    """Booleans and whole numbers as people write them."""
    if type(value) is int:
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
