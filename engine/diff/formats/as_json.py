"""For programs: schemas/diff.schema.json describes it."""

import json
from collections.abc import Sequence
from typing import Any

from engine.diff.change import Change, Compared

FORMAT = 1
"""Version of the JSON format."""


def as_json(compared: Sequence[Compared]) -> str:
    document = {
        "format": FORMAT,
        "changed": sum(one.status != "same" for one in compared),
        "flows": [_flow(one) for one in compared],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _flow(one: Compared) -> dict[str, Any]:
    return {
        "flow": one.flow,
        "file": one.file,
        "status": one.status,
        "problems": list(one.problems),
        "changes": [_change(change) for change in one.changes],
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "step": one.step,
        "what": list(one.what),
        "before": one.before,
        "after": one.after,
        "way": list(one.way),
        "line": one.line,
        "steps": list(one.steps),
    }
