"""What a proposed case is called: what it is the first to show."""

from collections.abc import Collection

from engine.model.graph import BranchValue, FlowGraph
from engine.simulate.cases.coverage import Way
from engine.simulate.generate.aims import is_from_anywhere
from engine.simulate.generate.playing import Call

_PLAIN = ("finished", "done", "accepted", "ok", "bridge_ended", "returned")
"""Outcomes that say nothing of a call."""
_MOST = 3


def name(graph: FlowGraph, call: Call, taken: Collection[str]) -> str:
    """In words, and unlike those that are taken."""
    telling = [one for one in call.news if one.outcome not in _PLAIN] or list(call.news)
    words = [_words(graph, one) for one in telling[:_MOST]]
    more = len(telling) - len(words)
    said = ", ".join(dict.fromkeys(words)) + (f" and {more} more" if more else "")
    unlike = (said, *(f"{said}, {count}" for count in range(2, 1_000)))
    return next(one for one in unlike if one not in taken)


def _words(graph: FlowGraph, one: Way) -> str:
    if is_from_anywhere(one):
        where = one.step.removeprefix("on ")
        return f"{where if one.flow == graph.flow else f'{where} in {one.flow}'} leads to {one.outcome}"
    flow = graph if one.flow == graph.flow else graph.subflows[one.flow]
    where = one.step if flow is graph else f"{one.flow}/{one.step}"
    if isinstance(flow.steps[one.step].value, BranchValue):
        return f"{where} leads to {one.outcome}"
    return f"{one.outcome} at {where}"
