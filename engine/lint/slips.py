"""Keys in which one character is wrong, missing or too many."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from engine.compile.schemas import schema

_LEAST = 3
"""Shorter ones are nearly anything."""


def is_slip(written: str, meant: str) -> bool:
    """Is it one character off that key, and off no other that a flow has anywhere?"""
    return len(written) >= _LEAST and [key for key in _keys() if is_one_off(written, key)] == [meant]


def is_one_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = next((at for at, (here, there) in enumerate(zip(short, long, strict=False)) if here != there), len(short))
    return one != other and long[at + 1 :] in (short[at:], short[at + 1 :]) and len(long) - len(short) < 2


@cache
def _keys() -> frozenset[str]:
    return frozenset(_within(schema("flow.schema.json")))


def _within(node: Any) -> Iterator[str]:
    inside = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    if isinstance(node, dict) and isinstance(node.get("properties"), dict):
        yield from node["properties"]
    for one in inside:
        yield from _within(one)
