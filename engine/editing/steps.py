"""What is said of a verb, a step and an outcome."""

from collections.abc import Mapping

from engine.compile.located import Scalar
from engine.compile.scope import StepNode
from engine.model.verb import Verb
from engine.model.verbs import FAILURES, fields_after

ABOUT: Mapping[str, str] = {
    "otherwise": "All ordinary outcomes that are not named. Never `error`, `rejected` or `lost`.",
    "failures": "`error`, `rejected` and `lost`, where they are not named.",
    "error": "The operation failed, the platform could not be reached, or an expression had no value.",
    "rejected": "The platform refused the command; it would refuse it again.",
    "lost": "Nobody knows how it went, and the call lives.",
    "expression": "An expression had no value. Where it is not named, it is `error`.",
    "accepted": "The platform has accepted the command.",
    "interrupted": "Input has stopped it (`until`).",
    "no_input": "The caller entered nothing in time.",
    "no_match": "What the caller entered is not what is wanted.",
    "timeout": "It took longer than `timeout` allows.",
}
"""Outcomes that mean the same at every verb."""


def about_verb(verb: Verb) -> str:
    lines = [verb.summary]
    if verb.outcomes:
        lines.append(f"Outcomes: {_listed(verb.outcomes)}.")
    if verb.fields:
        lines.append(f"Fields: {', '.join(f'`{name}` {kind}' for name, kind in verb.fields.items())}.")
    if verb.background == "always":
        lines.append("Always in the background.")
    if verb.ending:
        lines.append("Ends the flow." if verb.name == "return" else "Ends the run.")
    return "\n\n".join(lines)


def about_step(step: StepNode) -> str:
    note = step.node.get("note")
    about = f"{step.verb.summary}" + (" In the background." if step.background else "")
    return f"{about}\n\n{note.text}" if isinstance(note, Scalar) else about


def about_outcome(step: StepNode, outcome: str) -> str:
    """What it means, and which fields of the step come with it."""
    fields = fields_after(step.verb, "accepted" if step.background else outcome)
    parts = [ABOUT[outcome]] if outcome in ABOUT else []
    if fields and not (step.background and outcome not in FAILURES):
        parts.append(f"Then there is {_listed([f'steps.{step.name}.{field}' for field in fields])}.")
    return "\n\n".join(parts)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
