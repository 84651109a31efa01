"""Durations that the engine owns carry a unit: `500ms`, `5s`, `2m`, `1h`."""

import re

from engine.compile.located import Node, Scalar

_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h)\Z")
_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}


def parse(text: str) -> int | None:
    """Milliseconds, or None when it is no duration."""
    match = _DURATION.match(text)
    return int(match.group(1)) * _MS[match.group(2)] if match else None


def written(ms: int) -> str:
    """As it is written in a flow, in the largest unit that fits: `90s`, `1h`."""
    return next(f"{ms // size}{unit}" for unit, size in reversed(_MS.items()) if ms % size == 0)


def of(node: Node | None) -> int:
    """Milliseconds of a duration that the schema has accepted; 0 when there is none."""
    return (parse(node.text) or 0) if isinstance(node, Scalar) else 0
