"""JSON: schemas/lint.schema.json, docs/lint.md."""

import json
from typing import Any

from engine.lint.finding import Finding
from engine.lint.places import Places
from engine.lint.report import Report

FORMAT = 1
"""Version of the format: it changes when something is taken away or means something else."""


def as_json(report: Report) -> str:
    counts = report.counts
    places = {file: Places(text) for file, text in report.texts.items()}
    document = {
        "format": FORMAT,
        "files": len(report.files),
        "errors": counts["error"],
        "warnings": counts["warning"],
        "infos": counts["info"],
        "findings": [_row(one, places[one.file]) for one in report.findings],
    }
    return json.dumps(document, indent=2)


def _row(one: Finding, places: Places) -> dict[str, Any]:
    return {
        "file": one.file,
        "line": one.span.line,
        "column": one.span.column,
        "end_line": one.span.end_line,
        "end_column": one.span.end_column,
        "start": one.start,
        "end": one.end,
        "editor": {"start": _editor(places, one.start), "end": _editor(places, one.end)},
        "code": one.code,
        "name": one.name,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "path": one.path,
        "witness": list(one.witness),
        "fix": _fix(one),
    }


def _editor(places: Places, offset: int) -> dict[str, int]:
    line, character = places.editor(offset)
    return {"line": line, "character": character}


def _fix(one: Finding) -> dict[str, Any] | None:
    if one.fix is None:
        return None
    edits = [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in one.fix.edits]
    return {"title": one.fix.title, "safety": one.fix.safety, "edits": edits}
