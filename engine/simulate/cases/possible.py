"""Which ways out a compiled step has: the outcomes that its `next` names, and those that `otherwise` covers."""

import re

from engine.model.graph import (
    ApiValue,
    AskValue,
    BranchValue,
    ExcursionValue,
    FetchValue,
    FlowGraph,
    ReturnValue,
    Step,
    SubflowValue,
    WaitValue,
)
from engine.model.verbs import FAILURES, VERB

_DETECTED = {"machine": ("human", "machine", "machine_ready", "unknown"), "fax": ("fax",), "digit": ("digit",)}
_STATUSES = ("http_4xx", "http_5xx")


def ways(graph: FlowGraph, step: Step) -> tuple[str, ...]:
    """Named outcomes first, in the order of the file, then what `otherwise` covers besides. Of a `branch` its targets;
    of an ending none."""
    if isinstance(step.value, BranchValue):
        return tuple(dict.fromkeys((*(target for _, target in step.value.cases), step.value.otherwise)))
    covered = ordinary(graph, step) if step.next.otherwise is not None else ()
    return tuple(dict.fromkeys((*step.next.named, *covered)))


def way_of(step: Step, outcome: str) -> str:
    """The way that an outcome takes: itself, or `http_4xx` of `http_404` where that one is not named."""
    return outcome if outcome in step.next.named else class_of(outcome)


def class_of(outcome: str) -> str:
    """`http_4xx` of `http_404`, else itself."""
    return f"{outcome[:6]}xx" if is_status(outcome) else outcome


def is_status(outcome: str) -> bool:
    return re.fullmatch("http_[1-5][0-9][0-9]", outcome) is not None


def outcomes(graph: FlowGraph, step: Step) -> tuple[str, ...]:
    """All that the step may end with."""
    if isinstance(step.value, BranchValue):
        return (*ways(graph, step), "error", "expression")
    return tuple(dict.fromkeys((*ordinary(graph, step), *step.next.named, *FAILURES, "expression")))


def ordinary(graph: FlowGraph, step: Step) -> tuple[str, ...]:
    """The step's ordinary outcomes."""
    if step.background:
        return ("accepted",)
    found = _of_value(graph, step)
    return (*found, "interrupted") if step.until is not None else found


def _of_value(graph: FlowGraph, step: Step) -> tuple[str, ...]:
    value, known = step.value, VERB[step.verb].outcomes
    match value:
        case AskValue() if value.choices:
            return (*(one.name for one in value.choices), "no_input", "no_match")
        case AskValue():
            return tuple(one for one in known if one not in ("digits", "speech") or one in value.collect)
        case WaitValue():
            return _of_wait(graph, value)
        case FetchValue():
            return ("ok", *_STATUSES, *(("invalid",) if value.returns is not None else ()), "failed", "timeout")
        case SubflowValue():
            steps = graph.subflows[value.flow].steps.values() if value.flow in graph.subflows else ()
            return tuple(dict.fromkeys(one.value.outcome for one in steps if isinstance(one.value, ReturnValue)))
        case ExcursionValue() if not value.connect:
            named = tuple(one for one in step.next.named if one not in (*FAILURES, "expression"))
            return named or known
        case ApiValue() if step.verb == "detect":
            return _of_detect(value, known)
        case ApiValue() if step.verb == "collect":
            taken = value.params if isinstance(value.params, dict) else {"digits": {}, "speech": {}}
            return tuple(one for one in known if one not in ("digits", "speech") or one in taken)
    return tuple(one for one in known if one != "interrupted")


def _of_wait(graph: FlowGraph, value: WaitValue) -> tuple[str, ...]:
    timeout = ("timeout",) if value.timeout_ms else ()
    awaited = graph.steps.get(value.handles[0]) if len(value.handles) == 1 and not value.many else None
    return (*(("done",) if awaited is None else _of_value(graph, awaited)), *timeout)


def _of_detect(value: ApiValue, known: tuple[str, ...]) -> tuple[str, ...]:
    params = value.params if isinstance(value.params, dict) else {}
    detect = params.get("detect", params)
    found = _DETECTED.get(str(detect.get("type")))
    if found is None:
        return known
    if detect.get("params", detect).get("detect_message_end") is False:
        found = tuple(one for one in found if one != "machine_ready")
    return (*found, "timeout")
