"""Which outcomes a step can have, and what `steps.<step>` has after each of them."""

from functools import lru_cache
from typing import Any

from engine.compile.called import outcomes_of
from engine.compile.paths.edges import outcomes
from engine.model.graph import ExcursionValue, FetchValue, FlowGraph, Step, SubflowValue, WaitValue
from engine.model.ids import StepName
from engine.model.verbs import FAILURES, VERB, fields_after

NONE = ""
"""The outcome of a step that has had none."""


def possible(step: Step) -> dict[str, None]:
    """All that `steps.<step>.outcome` can be: of one in the background its operation's. `http_4xx` stands for those
    statuses that the step does not name."""
    verb = VERB[step.verb]
    ordinary = verb.outcomes if step.background else outcomes(step)
    leaves = verb.life.leaves if verb.life is not None else ()
    return dict.fromkeys((*ordinary, *leaves, *FAILURES, "expression"))


def given(graph: FlowGraph, step: Step, outcome: str) -> frozenset[str]:
    """The fields that are set after the outcome: by the verb's row, but for what the author declares."""
    if outcome == NONE:
        return frozenset()
    value, always = step.value, _always(step.verb, outcome)
    if outcome in _FAILED:
        return always
    if isinstance(value, WaitValue):
        return frozenset({"outcome"} | _awaited(graph, value, outcome))
    if isinstance(value, SubflowValue):
        return always | outcomes_of(graph.subflows[value.flow]).get(outcome, {}).keys()
    if isinstance(value, ExcursionValue):
        return always | {name for name, kind in value.returns.items() if not kind.endswith("?")}
    if isinstance(value, FetchValue) and outcome == "ok":
        return always | _kept(value.returns, "body")
    return always


_FAILED = (*FAILURES, "expression")


@lru_cache(maxsize=1024)
def _always(verb: str, outcome: str) -> frozenset[str]:
    """By the verb's row."""
    return frozenset(("outcome", *fields_after(VERB[verb], outcome)))


def _awaited(graph: FlowGraph, value: WaitValue, outcome: str) -> set[str]:
    """As the operation has them; nothing when the time was over, nor after several."""
    if outcome == "timeout" and value.timeout_ms:
        return set()
    if value.signal:
        return {*graph.signals[value.signal]}
    if value.many or not value.handles:
        return set()
    handle = value.handles[0]
    verb = graph.steps[handle].verb if handle in graph.steps else graph.inputs[handle].handle
    return {*fields_after(VERB[verb], outcome)}


def _kept(returns: Any, name: str) -> set[str]:
    """Of a reply: without what may be missing."""
    if isinstance(returns, dict):
        return {name}.union(*(_kept(inner, f"{name}.{key}") for key, inner in returns.items()))
    return set() if returns is None or str(returns).endswith("?") else {name}


def waits_for(graph: FlowGraph, step: Step, outcome: str) -> tuple[tuple[StepName, tuple[str, ...]], ...]:
    """Handles, and the outcomes one of which they have had when the step ends like that."""
    value, until = step.value, step.until
    if until is None and not isinstance(value, WaitValue):
        return ()
    found: list[tuple[StepName, tuple[str, ...]]] = []
    if until is not None and outcome == "interrupted" and until.outcomes and not continues(graph, until.handle):
        found.append((until.handle, until.outcomes))
    if not isinstance(value, WaitValue) or outcome == "error" or (outcome == "timeout" and value.timeout_ms):
        return tuple(found)
    for handle in value.handles if not value.many or value.all or len(value.handles) == 1 else ():
        if handle in graph.steps:
            every = tuple(possible(graph.steps[handle]))
            found.append((handle, every if value.many or continues(graph, handle) else (outcome,)))
    return tuple(found)


def continues(graph: FlowGraph, handle: StepName) -> bool:
    """May it have more than one result?"""
    params = getattr(graph.steps[handle].value, "params", {}) if handle in graph.steps else {}
    return isinstance(params, dict) and params.get("continuous", False) is not False
