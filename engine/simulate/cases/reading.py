"""A test file: bytes -> located nodes -> schema -> cases, with every mistake of the file reported."""

from collections.abc import Iterator

from engine.compile import yaml_reader
from engine.compile.check import check
from engine.compile.kinds import TEST
from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.compile.plain import plain
from engine.compile.report import Report
from engine.simulate.cases.case import SUFFIX, Case, TestFile


def read(file: str, name: str, data: bytes) -> TestFile:
    """`name` is the flow's, by what the file is called; `file` is how diagnostics speak of it."""
    root, report = yaml_reader.read(file, data, TEST)
    if not isinstance(root, Mapping):
        if root is not None:
            report.node_error("SYN009", "not-a-test-file", root, "A test file is a mapping: tests, cases.")
        return TestFile(report, name, (), about=None)
    check(report, root, plain(report, root), "test.schema.json")
    about = root.get("tests")
    about = about if isinstance(about, Scalar) else None
    _check_name(report, about, name)
    return TestFile(report, name, tuple(_sound(report, root)), about=about, root=root)


def _check_name(report: Report, about: Scalar | None, name: str) -> None:
    if about is not None and about.value is not None and about.text != name:
        message = f"These are the tests of `{about.text}`, but the file says `{name}`."
        advice = f"Write `tests: {name}`, or rename the file to {about.text}{SUFFIX}."
        report.node_error("SYN008", "bad-name", about, message, help=advice, path="tests")


def _sound(report: Report, root: Mapping) -> list[Case]:
    """The cases in which nothing is wrong, so that one mistake does not keep the others from running."""
    cases = root.get("cases")
    entries = cases.entries if isinstance(cases, Mapping) else ()
    defaults = root.get("defaults")
    wrong = [(one.span.line, one.span.column) for one in report.diagnostics if one.severity == "error"]
    if defaults is not None and _has(report, defaults, defaults, wrong):
        return []
    shared = defaults if isinstance(defaults, Mapping) else None
    return [
        case
        for key, node in entries
        if isinstance(node, Mapping) and not _has(report, key, node, wrong)
        for case in _at_each_moment(report, key, node, shared)
    ]


def _at_each_moment(report: Report, key: Scalar, node: Mapping, shared: Mapping | None) -> Iterator[Case]:
    """One case where `at` is one moment or none, else one for each."""
    moments, expect = node.get("at"), node.get("expect")
    if not isinstance(moments, Sequence):
        yield Case(report, key, node, shared)
        return
    kept = expect.key("transcript") if isinstance(expect, Mapping) else None
    if kept is not None:
        message = "A call at several moments has no one transcript to keep."
        advice = "Give `at` one moment, or expect a path and what is heard."
        report.node_error("TST007", "bad-value", kept, message, help=advice, path=f"cases.{key.text}")
        return
    for moment in moments.items:
        if isinstance(moment, Scalar):
            yield Case(report, key, node, shared, moment)


def _has(report: Report, first: Node, last: Node, wrong: list[tuple[int, int]]) -> bool:
    whole = report.source.span(first.start, last.end)
    begins, ends = (whole.line, whole.column), (whole.end_line, whole.end_column)
    # What is missing at the end of the file stands behind its last character.
    end_of_file = last.end >= len(report.source.text)
    return any(begins <= place < ends or (end_of_file and place == ends) for place in wrong)
