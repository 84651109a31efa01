"""`resume('outcome')`: the way back from the SWML of an excursion."""

import re
from typing import Any

from engine.compile.located import Path, Scalar, dotted
from engine.compile.report import Report
from engine.model.graph import Lookup

_WAY_BACK = re.compile(r"\s*resume\(\s*['\"]([a-z][a-z0-9_]*)['\"]\s*\)\s*")


class WayBack:
    """`resume('outcome')` in an excursion's SWML: an `Expression` that gives `model.ids.way_back`."""

    type = "string"

    def __init__(self, outcome: str) -> None:
        self.source = f"resume('{outcome}')"
        self.outcome = outcome
        self.names: tuple[str, ...] = ()

    def evaluate(self, lookup: Lookup) -> Any:
        return lookup(f"resume.{self.outcome}")


def way_back(report: Report, scalar: Scalar, text: str, offset: int, path: Path) -> WayBack | None:
    """What the text of a `${{ }}` that begins with `resume(` means, `offset` characters into the scalar; what it cannot mean is reported."""
    way = _WAY_BACK.fullmatch(text)
    if way and path[2] == "excursion":
        return WayBack(way[1])
    problem = "`resume` is the way back from an excursion, and there is none here."
    advice = "It stands in the SWML of an `excursion`."
    if path[2] == "excursion":
        problem = "`resume` names one outcome, in quotes and alone in its braces."
        advice = "Such as ${{ resume('returned') }}."
    at, length = offset + len(text) - len(text.lstrip()), len(text.strip())
    report.text_error("SYN011", "expression-syntax", scalar, at, length, problem, help=advice, path=dotted(path))
    return None
