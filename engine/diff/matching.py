"""Which step of the old flow is which of the new one: by name, and where a name is gone, by likeness."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from engine.diff.content import heard, said, settings, ways
from engine.model.graph import FlowGraph, Step
from engine.model.verbs import VERB

LIKE = 0.6
"""Steps whose words are less alike than that are different ones."""
_MANY = 60
"""Of more steps than that, which are all new, only equal ones are matched."""


def matched(old: FlowGraph, new: FlowGraph) -> Mapping[str, str]:
    """Old names and what they are called now. Those that are not there are removed, the new ones that are not, added."""
    found: dict[str, str] = {name: name for name in old.steps if name in new.steps}
    gone = [step for name, step in old.steps.items() if name not in found]
    come = [step for name, step in new.steps.items() if name not in found]
    before = {step.name: _words(old, step) for step in gone}
    after = {step.name: _words(new, step) for step in come}
    least = LIKE if max(len(gone), len(come), 0) <= _MANY else 1.0
    alike = [
        (-score, number, one.name, other.name)
        for number, one in enumerate(gone)
        for other in come
        if one.verb == other.verb and (score := _likeness(before[one.name], after[other.name], least)) >= least
    ]
    for _, _, name, now in sorted(alike):
        if name not in found and now not in found.values():
            found[name] = now
    return found


def _likeness(before: list[str], after: list[str], least: float) -> float:
    if before == after:
        return 1.0
    return 0.0 if least == 1.0 else SequenceMatcher(None, before, after, autojunk=False).ratio()


def _words(graph: FlowGraph, step: Step) -> list[str]:
    spoken = [word for items in said(step).values() for word in heard(items).split()]
    set_ = [f"{name}={value}" for name, value in sorted(settings(step).items())]
    going = [f"{what}>{target}" for what, target in sorted(ways(graph, step).items())]
    return [*spoken, *set_, *(going if not VERB[step.verb].ending else ())]
