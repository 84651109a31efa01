"""SARIF 2.1.0, for code scanning."""

import json
from typing import Any
from urllib.parse import quote

from engine import __version__
from engine.lint import baseline, registry
from engine.lint.finding import Finding
from engine.lint.formats.way import Way
from engine.lint.registry import Page
from engine.lint.report import Report
from engine.model.diagnostics import Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(report: Report) -> str:
    found = {(one.code, one.name) for one in report.findings}
    pages = [page for page in registry.pages() if (page.code, page.name) in found]
    index = {(page.code, page.name): at for at, page in enumerate(pages)}
    texts = report.texts
    ways = {file: Way(text) for file, text in texts.items()}
    run = {
        "tool": {
            "driver": {
                "name": "offhook lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(page) for page in pages],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index, texts, ways) for one in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(page: Page) -> dict[str, Any]:
    summary, _, rest = page.text.partition("\n")
    return {
        "id": _id(page.code, page.name),
        "name": page.name,
        "shortDescription": {"text": summary},
        "help": {"text": rest.strip() or summary, "markdown": rest.strip() or summary},
        "defaultConfiguration": {"level": _LEVEL[page.severity]},
    }


def _id(code: str, name: str) -> str:
    """A code alone, where it has one name only; else SARIF would take two rules for one."""
    several = len([page for page in registry.pages() if page.code == code]) > 1
    return f"{code}/{name}" if several else code


def _result(
    one: Finding, index: dict[tuple[str, str], int], texts: dict[str, str], ways: dict[str, Way]
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _id(one.code, one.name),
        "level": _LEVEL[one.severity],
        "message": {"text": f"{one.message} {one.help}".strip()},
        "locations": [_location(one)],
        "partialFingerprints": {"offhook/v1": _fingerprint(one, texts)},
    }
    if (one.code, one.name) in index:
        result["ruleIndex"] = index[one.code, one.name]
    if one.witness:
        places = ways[one.file].spans(one.witness, one.span)
        way = [
            {"location": {"message": {"text": step}, **_location(one, at)}}
            for step, at in zip(one.witness, places, strict=True)
        ]
        result["codeFlows"] = [{"threadFlows": [{"locations": way}]}]
    if one.fix is not None:
        result["fixes"] = [_fix(one)]
    return result


def _fingerprint(one: Finding, texts: dict[str, str]) -> str:
    key = baseline.key(one, texts)
    return f"{key.code}:{key.path}:{key.mark}"


def _location(one: Finding, at: Span | None = None) -> dict[str, Any]:
    """The finding's own, or another in its file."""
    at = at or one.span
    region = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
    return {"physicalLocation": {"artifactLocation": _artifact(one), "region": region}}


def _artifact(one: Finding) -> dict[str, Any]:
    path = one.file.replace("\\", "/").removeprefix("./")
    return {"uri": f"file://{quote(path)}" if path.startswith("/") else quote(path)}


def _fix(one: Finding) -> dict[str, Any]:
    assert one.fix is not None
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in one.fix.edits
    ]
    return {
        "description": {"text": one.fix.title},
        "artifactChanges": [{"artifactLocation": _artifact(one), "replacements": replacements}],
    }
