"""What the test file beside a flow says of its steps: those that its cases expect to be entered, and all that they name."""

import re
from collections.abc import Iterator, Set

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.kinds import TEST
from engine.compile.located import Mapping, Node, Scalar, Sequence

ANY = "..."
"""In a path: any steps."""
_PATH = re.compile(r"\bpath:[ \t]*(\[[^\[\]]*+\]|(?:\n[ \t]+- [^\n]*)+)")
_NAME = re.compile(r"[\w/]+")
_KEYED = re.compile(r"\b(?:fetch|outcomes|fetches|visits):")
_NAMED_BY_KEYS = (("fetch",), ("expect", "outcomes"), ("limits", "visits"))
_URL = ("http://", "https://")


class Expected(Struct, frozen=True):
    """`steps` with the lines in which they stand; `named`: those of which a case says anything. `whole`: every case tells all of
    the steps that are entered."""

    steps: tuple[tuple[str, int], ...]
    named: tuple[tuple[str, int], ...]
    whole: bool


def mentioned(data: bytes) -> frozenset[str]:
    """The names in paths, at a glance: enough to see that nothing is wrong, which is how it mostly is."""
    text = data.decode("utf-8", "replace")
    return frozenset(name for path in _PATH.findall(text) for name in _NAME.findall(path))


def may_name_others(data: bytes, known: Set[str]) -> bool:
    """At a glance: is any name no known one, or does it take reading the file to see that?"""
    return bool(mentioned(data) - known) or _KEYED.search(data.decode("utf-8", "replace")) is not None


def expected(data: bytes) -> Expected | None:
    """None where the file cannot be read, which `offhook test` says."""
    root, report = yaml_reader.read("", data, TEST)
    cases = root.get("cases") if isinstance(root, Mapping) else None
    if report.has_errors or not isinstance(cases, Mapping):
        return None
    paths = [_path(case) for _, case in cases.entries]
    steps = [step for path in paths for step in path if step.text != ANY]
    whole = all(path and all(step.text != ANY for step in path) for path in paths)
    named = [*steps, *(one for _, case in cases.entries for one in _elsewhere(case))]

    def placed(names: list[Scalar]) -> tuple[tuple[str, int], ...]:
        return tuple((one.text, report.source.span(one.start, one.end).line) for one in names)

    return Expected(placed(steps), placed(sorted(named, key=lambda one: one.start)), whole)


def _path(case: Node) -> list[Scalar]:
    path = _at(case, ("expect", "path"))
    return [one for one in path.items if isinstance(one, Scalar)] if isinstance(path, Sequence) else []


def _elsewhere(case: Node) -> Iterator[Scalar]:
    """A fetch may be named by its URL."""
    keyed = (_at(case, path) for path in _NAMED_BY_KEYS)
    fetches = _at(case, ("expect", "fetches"))
    asked = fetches.items if isinstance(fetches, Sequence) else ()
    for node in (*keyed, *asked):
        keys = [key for key, _ in node.entries] if isinstance(node, Mapping) else [node]
        yield from (one for one in keys if isinstance(one, Scalar) and not one.text.startswith(_URL))


def _at(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node
