"""May this report change anything? The table that keeps late and doubled webhooks harmless.

Webhooks are best effort: late, doubled, out of order, or never. The operation's phase and what the
mark means for its life decide; the position in the run does not.

    phase      a mark of progress      a mark that ends it      any other mark
    requested  consume                 consume                  refuse
    live       consume                 consume                  refuse
    over       late                    late                     refuse
    (gone)     late                    late                     late

and a mark that was seen before is a duplicate, unless its row says that it may repeat.
A report before the answer to its command is no special case: `requested` takes it.
"""

from typing import Literal

from engine.model.state import Operation
from engine.model.verbs import LifeCycle

Verdict = Literal["consume", "late", "duplicate", "refuse"]
Meaning = Literal["progress", "end", "other"]

TABLE: dict[tuple[str, Meaning], Verdict] = {
    ("requested", "progress"): "consume",
    ("requested", "end"): "consume",
    ("requested", "other"): "refuse",
    ("live", "progress"): "consume",
    ("live", "end"): "consume",
    ("live", "other"): "refuse",
    ("over", "progress"): "late",
    ("over", "end"): "late",
    ("over", "other"): "refuse",
}


def admit(op: Operation | None, verb: str, mark: str, life: LifeCycle) -> Verdict:
    """`op` is None when the run has closed the operation and forgotten it."""
    if op is None:
        return "late"
    if op.verb != verb:
        return "refuse"
    verdict = TABLE[op.phase, meaning(mark, life)]
    if verdict != "refuse" and mark in op.seen and mark not in (*life.repeating, *life.results):
        return "duplicate"
    return verdict


def meaning(mark: str, life: LifeCycle) -> Meaning:
    if mark in life.ends:
        return "end"
    return "progress" if mark in life.progress or mark in life.results else "other"
