"""Names that have a meaning already, so that an author cannot give them to anything else."""

from collections.abc import Collection

from engine.compile.located import Scalar
from engine.compile.report import Report
from engine.expr import CEL_WORDS
from engine.model.graph import RESUME
from engine.model.verbs import FAILURES

OUTCOMES = ("otherwise", "failures", "expression", *FAILURES)
"""What `next` may name at any step."""
STEPS = CEL_WORDS | {RESUME, *OUTCOMES}
"""What no step can be called."""
FIELDS = ("outcome", "code", "message")
"""What `steps.<step>` has after any step."""


def check(report: Report, name: Scalar, taken: Collection[str], what: str, path: str) -> None:
    if name.text in taken:
        problem = f"`{name.text}` has a meaning of its own, so no {what} can be called that."
        advice = f"Choose another name, such as {name.text}_{what}."
        report.node_error("SYN008", "bad-name", name, problem, help=advice, path=path)
