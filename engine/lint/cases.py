"""What the test file beside a flow says of its steps: those that its cases expect to be entered, and all that they name."""

import re
from collections.abc import Iterator, Set

from msgspec import Struct
from msgspec.structs import replace

from engine.compile import yaml_reader
from engine.compile.kinds import TEST
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence

ANY = "..."
"""In a path: any steps."""
_PATH = re.compile(r"\bpath:[ \t]*(\[[^\[\]]*+\]|(?:\n[ \t]+- [^\n]*)+)")
_NAME = re.compile(r"[\w/]+")
_READ = re.compile(r"(?<![\w.])(steps|vars|inputs|uses)\.([a-z][a-z0-9_]*)")
_QUOTED = re.compile(r"(?<!^)'[^'\n]*'|(?<!^)\"[^\"\n]*\"(?!$)")
_KEYED = re.compile(r"\b(?:fetch|outcomes|fetches|visits):")
_NAMED_BY_KEYS: tuple[Path, ...] = (("fetch",), ("expect", "outcomes"), ("limits", "visits"))
_URL = ("http://", "https://")


class Named(Struct, frozen=True):
    """A step's name, and where it stands in the test file."""

    scalar: Scalar
    path: Path


class Expected(Struct, frozen=True):
    """`steps` that cases expect to be entered; `named`: those of which a case says anything, in the order of the file. `whole`:
    every case tells all of the steps that are entered."""

    steps: frozenset[str]
    named: tuple[Named, ...]
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
    paths = [[*_items(case, ("expect", "path"))] for _, case in cases.entries]
    entered = {one.scalar.text for path in paths for one in path}
    whole = all(path and all(one.scalar.text != ANY for one in path) for path in paths)
    named = (replace(one, path=("cases", key.text, *one.path)) for key, case in cases.entries for one in _named(case))
    return Expected(frozenset(entered - {ANY}), tuple(sorted(named, key=lambda one: one.scalar.start)), whole)


def in_invariants(data: bytes) -> Iterator[tuple[str, str, int, int]]:
    """The names that they read, `steps` or another space and what stands behind it, with where that is in the file."""
    if b"invariants:" not in data:
        return
    root, report = yaml_reader.read("", data, TEST)
    found = root.get("invariants") if isinstance(root, Mapping) and not report.has_errors else None
    for item in found.items if isinstance(found, Sequence) else ():
        if not isinstance(item, Scalar):
            continue
        written = report.source.text[item.start : item.end]
        for one in _READ.finditer(_QUOTED.sub(lambda quoted: " " * len(quoted[0]), written)):
            yield one[1], one[2], item.start + one.start(2), item.start + one.end(2)


def _named(case: Node) -> Iterator[Named]:
    """A fetch may be named by its URL."""
    yield from (one for one in _items(case, ("expect", "path")) if one.scalar.text != ANY)
    elsewhere = [*_items(case, ("expect", "fetches"))]
    elsewhere += [one for path in _NAMED_BY_KEYS for one in _names(_at(case, path), path)]
    yield from (one for one in elsewhere if not one.scalar.text.startswith(_URL))


def _items(case: Node, path: Path) -> Iterator[Named]:
    found = _at(case, path)
    for index, item in enumerate(found.items) if isinstance(found, Sequence) else ():
        yield from _names(item, (*path, index))


def _names(node: Node | None, path: Path) -> Iterator[Named]:
    """A name alone, or the keys of a mapping."""
    if isinstance(node, Scalar):
        yield Named(node, path)
    elif isinstance(node, Mapping):
        yield from (Named(key, (*path, key.text)) for key, _ in node.entries)


def _at(node: Node | None, path: Path) -> Node | None:
    for part in path:
        node = node.get(str(part)) if isinstance(node, Mapping) else None
    return node
