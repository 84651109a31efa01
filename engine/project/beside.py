"""The tests that stand beside a flow, and what they give."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.compile.located import Scalar
from engine.expr import cel_type_of
from engine.model.graph import Declared
from engine.simulate.cases import reading
from engine.simulate.cases.case import SUFFIX, Case, TestFile, flow_of


def tests_of(path: Path, flow: str) -> TestFile | None:
    """The test file beside the flow, if there is one; what is wrong with it is for `offhook test` to say."""
    tests = path.with_name(f"{flow}{SUFFIX}")
    return reading.read(str(tests), flow, tests.read_bytes()) if tests.is_file() else None


def all_tests_of(path: Path, flow: str) -> list[TestFile]:
    """That one, and those for some of its matters (`reception.<word>.test.yaml`)."""
    named = path.parent.glob(f"{flow}.*{SUFFIX.removeprefix('.')}")
    return [reading.read(str(one), flow, one.read_bytes()) for one in sorted(named) if flow_of(one.name) == flow]


def given_first(cases: Iterable[Case], section: str, declared: Mapping[str, Declared]) -> dict[str, Any]:
    """What the first case that says so gives, of the right type: stand-ins are not always what a service takes."""
    found: dict[str, Any] = {}
    for case in cases:
        for key, node in case.entries(section):
            one = declared.get(key.text)
            if one is None or one.calendar or key.text in found or not isinstance(node, Scalar):
                continue
            value = node.text if one.type == "string" else node.value
            if cel_type_of(value) == one.type:
                found[key.text] = value
    return found
