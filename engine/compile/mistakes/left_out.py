"""Outcomes that stand among the keys of a verb, since the `next:` above them has been left out."""

from engine.compile.located import Mapping, Scalar, at
from engine.compile.mistakes.said import Said

_A_STEPS_VALUE = 3
"""Parts of its path: `steps`, the step, the verb."""


def outcomes(said: Said) -> list[Scalar]:
    """The keys whose values are steps, where the step says nowhere what is next."""
    step = at(said.root, said.path[:-1]) if said.path[:1] == ("steps",) and len(said.path) == _A_STEPS_VALUE else None
    if not isinstance(step, Mapping) or step.get("next") is not None or not isinstance(said.node, Mapping):
        return []
    steps = at(said.root, ("steps",))
    names = {key.text for key, _ in steps.entries} if isinstance(steps, Mapping) else set()
    return [key for key, value in said.node.entries if isinstance(value, Scalar) and value.text in names]


def advice(said: Said, first: Scalar) -> str:
    return f"Outcomes stand under `next`, beside `{said.path[-1]}`: write `next:` above `{first.text}`."
