"""Edits that several rules make: where a flow goes when something goes wrong, and how a step is taken out of it."""

import re

from engine.compile.located import Path, Scalar
from engine.compile.scope import StepNode
from engine.lint.finding import Edit
from engine.lint.subject import Subject, text_at

_WAYS = ("next", "else", "start")


def landing(subject: Subject) -> str:
    """The step of `limits.next`, of the handler of `error`, or else the first that hangs up; nothing where there is none."""
    named = (text_at(subject.root, "limits", "next"), text_at(subject.root, "handlers", "error"))
    ends = (
        step.name for step in subject.steps("end") if isinstance(step.value, Scalar) and step.value.text == "hangup"
    )
    return next((one for one in (*named, *ends) if subject.step(one) is not None), "")


def without(subject: Subject, step: StepNode) -> tuple[Edit, ...]:
    """Takes the step out, and leads around it; nothing where it does not lead to one step, or is named by more than ways."""
    following, lines = step.node.get("next"), subject.whole_lines(step.key, step.node)
    if not isinstance(following, Scalar) or following.text == step.name or lines is None:
        return ()
    named = [(path, scalar) for path, scalar in subject.scalars() if scalar.text == step.name]
    reads = re.compile(rf"\bsteps\.{step.name}\b")
    if not all(_is_way(path) for path, _ in named) or any(reads.search(one.text) for _, one in subject.scalars()):
        return ()
    return (*(Edit(scalar.start, scalar.end, following.text) for _, scalar in named), Edit(*lines, ""))


def _is_way(path: Path) -> bool:
    return path[0] == "handlers" or path[-1] in _WAYS or "next" in path[2:]
