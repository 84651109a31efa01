"""What a flow names beside itself: before it is compiled, its bundle must hold that."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.compile import yaml_reader
from engine.compile.calendars import SUFFIX, path_of, zone_named
from engine.compile.called import path_of as called_path
from engine.compile.located import Mapping as Entries
from engine.compile.located import Node, Scalar, entries, scalars
from engine.expr import ZONED, calls, expressions, has_template
from engine.model.bundle import FLOW_SUFFIX

_CALLING = re.compile(rf"\b(?:{'|'.join(ZONED)})\s*\(".encode())
"""Where that is nowhere, nothing that takes a zone is called."""


def needs(data: bytes, bound: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The files below the flows folder that a flow refers to (`swml/desk.yaml`, `lib/pin.flow.yaml`), which its bundle
    must hold: of calendars those that its `uses` are bound to."""
    return _needs(data) if not bound else _needed(data, bound)


@lru_cache(maxsize=64)
def _needs(data: bytes) -> tuple[str, ...]:
    """A flow that is called is asked once for each that calls it."""
    return _needed(data, {})


def _needed(data: bytes, bound: Mapping[str, Any]) -> tuple[str, ...]:
    root, _ = yaml_reader.read("", data)
    if root is None:
        return ()
    steps = [step for _, step in entries(root, "steps")]
    found = {
        f"swml/{text}" for step in steps for verb in ("redirect", "excursion") if (text := _text(step, verb, "swml"))
    }
    found |= {called_path(text) for step in steps if (text := _text(step, "subflow", "flow"))}
    for use, wanted in entries(root, "uses"):
        if _text(wanted) == "calendar" and isinstance(name := bound.get(use.text), str):
            found.add(path_of(name))
    return tuple(sorted(found))


def _text(node: Node | None, *path: str) -> str:
    for part in path:
        node = node.get(part) if isinstance(node, Entries) else None
    return node.text if isinstance(node, Scalar) else ""


def zones_named(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The time zones that a flow and its calendars name, which its bundle must hold too."""
    found: set[str] = set()
    for path, data in files.items():
        if path.endswith(FLOW_SUFFIX):
            found |= _zones_of_flow(data)
        elif path.endswith(SUFFIX):
            found.add(zone_named(data))
    return tuple(sorted(found - {""}))


@lru_cache(maxsize=64)
def _zones_of_flow(data: bytes) -> frozenset[str]:
    if _CALLING.search(data) is None:
        return frozenset()
    root, _ = yaml_reader.read("", data)
    calling = [scalar.text for scalar in scalars(root) if "(" in scalar.text] if root is not None else []
    texts = [text for one in calling for text in _expressions(one)]
    seconds = [call.arguments[1] for text in texts for call in calls(text, ZONED) if len(call.arguments) > 1]
    return frozenset(one.literal for one in seconds if one.literal is not None)


def _expressions(text: str) -> list[str]:
    """What may be one in the text: all that is in `${{ }}`, else the text itself."""
    return [one.text for one in expressions(text)] if has_template(text) else [text]
