"""What `offhook test` says, for programs."""

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.cli.tested_coverage import Covered, Part
from engine.model.diagnostics import Diagnostic
from engine.project.testing import Result, Tested
from engine.simulate.cases import golden
from engine.simulate.transcript import Line

FORMAT = 1
"""Version of the JSON format."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(tested: Sequence[Tested], covered: Sequence[Covered], seconds: float) -> str:
    results = [result for one in tested for result in one.results]
    document = {
        "format": FORMAT,
        "cases": len(results),
        "failed": sum(not result.passed for result in results),
        "seconds": round(seconds, 3),
        "files": [_file(one) for one in tested],
        "coverage": [_coverage(one) for one in covered],
    }
    return json.dumps(document, indent=2)


def _file(one: Tested) -> dict[str, Any]:
    return {
        "file": one.file,
        "flow": one.flow,
        "diagnostics": [_diagnostic(found) for found in one.diagnostics],
        "kept": one.kept,
        "cases": [_case(result) for result in one.results],
    }


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    return {
        "file": one.file,
        "line": one.span.line,
        "column": one.span.column,
        "end_line": one.span.end_line,
        "end_column": one.span.end_column,
        "code": one.code,
        "name": one.name,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "path": one.path,
    }


def _case(result: Result) -> dict[str, Any]:
    return {
        "name": result.case,
        "line": result.at.line,
        "column": result.at.column,
        "passed": result.passed,
        "seconds": round(result.seconds, 6),
        "failures": [
            {"line": one.at.line, "column": one.at.column, "message": one.message, "help": one.help, "law": one.law}
            for one in result.failures
        ],
        "transcript": [_line(line) for line in result.transcript],
    }


def _line(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("at_ms", "way", "what", "step", "outcome", "detail")}


def _coverage(one: Covered) -> dict[str, Any]:
    found = one.coverage
    return {
        "flow": found.flow,
        "file": one.file,
        "ways": found.ways,
        "taken": found.taken,
        "percent": round(found.percent, 1),
        "missing": [{"step": way.step, "outcome": way.outcome, "line": way.line} for way in found.missing],
        "steps": _part(one.steps),
        "transitions": _part(one.transitions),
    }


def _part(one: Part) -> dict[str, Any]:
    missing = (
        {"step": point.step, **({"to": point.to} if point.to else {}), "line": point.line} for point in one.missing
    )
    return {"all": one.all, "taken": one.taken, "percent": round(one.percent, 1), "missing": list(missing)}


def as_junit(tested: Sequence[Tested], seconds: float) -> str:
    """A suite for each file. A mistake of a test file is a case of its own, with an error."""
    root = Element("testsuites", name="offhook test", time=f"{seconds:.3f}")
    for one in tested:
        failed = sum(not result.passed for result in one.results)
        mistakes = [found for found in one.diagnostics if found.severity == "error"]
        suite = SubElement(
            root,
            "testsuite",
            name=_text(one.flow),
            file=_text(one.file),
            tests=str(len(one.results) + len(mistakes)),
            failures=str(failed),
            errors=str(len(mistakes)),
        )
        for found in mistakes:
            _mistake(suite, one, found)
        for result in one.results:
            _testcase(suite, one, result)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _mistake(suite: Element, one: Tested, found: Diagnostic) -> None:
    """Its place is part of the name: systems that show tests know them by that."""
    place = f"{found.span.line}:{found.span.column}"
    case = SubElement(
        suite,
        "testcase",
        classname=_text(one.flow),
        name=f"{found.code} {found.name} ({place})",
        file=_text(found.file),
    )
    text = f"{found.file}:{place} {found.message} {found.help}"
    SubElement(case, "error", message=_text(found.message)).text = _text(text)


def _testcase(suite: Element, one: Tested, result: Result) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=_text(one.flow),
        name=_text(result.case),
        file=_text(one.file),
        line=str(result.at.line),
        time=f"{result.seconds:.6f}",
    )
    if not result.passed:
        first = result.failures[0]
        text = "\n".join(f"{one.file}:{f.at.line}:{f.at.column} {f.message} {f.help}".rstrip() for f in result.failures)
        call = "\n".join(golden.with_marks(result.transcript, {f.mark for f in result.failures}))
        SubElement(case, "failure", message=_text(first.message)).text = _text(f"{text}\n\n{call}")


def _text(text: str) -> str:
    """Without the characters that XML has no way to write."""
    return _NOT_XML.sub("�", text)
