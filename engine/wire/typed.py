"""Values that SWML brings back, as the types that a flow declares. SWML's variables may be texts whatever they hold."""

from collections.abc import Mapping
from typing import Any

_BOOLS = {"true": True, "false": False}


def fields(given: Mapping[str, Any], wanted: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """The values of the names in `wanted`, and what is wrong with them (empty: nothing).

    A type with `?` at its end may be missing, or not fit, and is left out then.
    """
    found: dict[str, Any] = {}
    for name, kind in wanted.items():
        value = _typed(given.get(name), kind.rstrip("?"))
        if value is not None:
            found[name] = value
        elif not kind.endswith("?"):
            what = "came with a value that does not fit" if given.get(name) is not None else "did not come"
            return found, f"`{name}`, a {kind}, {what}"
    return found, ""


def _typed(value: Any, kind: str) -> Any:
    """The value as this type, or None."""
    if isinstance(value, bool):
        return value if kind == "bool" else str(value).lower() if kind == "string" else None
    if kind == "string":
        return str(value) if isinstance(value, str | int | float) else None
    if kind == "bool":
        return _BOOLS.get(str(value).strip().lower())
    return _number(value, kind)


def _number(value: Any, kind: str) -> int | float | None:
    try:
        number = float(value) if kind == "double" else int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if kind == "double":
        return number if abs(number) < float("inf") else None
    return int(number) if -(2**63) <= number < 2**63 and number == float(value) else None
