"""What the test file beside a flow says of its steps: those that its cases expect to be entered."""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.kinds import TEST
from engine.compile.located import Mapping, Node, Scalar, Sequence

ANY = "..."
"""In a path: any steps."""
_PATH = re.compile(r"\bpath:[ \t]*(\[[^\[\]]*+\]|(?:\n[ \t]+- [^\n]*)+)")
_NAME = re.compile(r"[\w/]+")


class Expected(Struct, frozen=True):
    """`steps` with the lines in which they stand. `whole`: every case tells all of the steps that are entered."""

    steps: tuple[tuple[str, int], ...]
    whole: bool


def mentioned(data: bytes) -> frozenset[str]:
    """The names in paths, at a glance: enough to see that nothing is wrong, which is how it mostly is."""
    text = data.decode("utf-8", "replace")
    return frozenset(name for path in _PATH.findall(text) for name in _NAME.findall(path))


def expected(data: bytes) -> Expected | None:
    """None where the file cannot be read, which `offhook test` says."""
    root, report = yaml_reader.read("", data, TEST)
    cases = root.get("cases") if isinstance(root, Mapping) else None
    if report.has_errors or not isinstance(cases, Mapping):
        return None
    paths = [_path(case) for _, case in cases.entries]
    steps = [step for path in paths for step in path if step.text != ANY]
    whole = all(path and all(step.text != ANY for step in path) for path in paths)
    return Expected(tuple((one.text, report.source.span(one.start, one.end).line) for one in steps), whole)


def _path(case: Node) -> list[Scalar]:
    wanted = case.get("expect") if isinstance(case, Mapping) else None
    path = wanted.get("path") if isinstance(wanted, Mapping) else None
    return list(_scalars(path)) if isinstance(path, Sequence) else []


def _scalars(path: Sequence) -> Iterator[Scalar]:
    return (one for one in path.items if isinstance(one, Scalar))
