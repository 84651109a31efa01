"""What may happen to any call without anything being wrong: each webhook may come twice, and each webhook and each answer may take
its time. What would change nothing is left out, as in exploring (`simulate/idle.py`)."""

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from engine.exchange.faults import Fault
from engine.interpret import guarded
from engine.interpret.operations import life_of
from engine.model.events import AnyEvent, OperationReported
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.simulate import idle, webhooks
from engine.simulate.outcome import Outcome

SOONER_MS = 100
"""Only just later than what comes at the same moment."""


def slow(outcome: Outcome) -> Iterator[Fault]:
    """Each webhook and each answer of the call, in turn, by the time that is usual for faults: much goes on meanwhile."""
    for webhook in webhooks.of(outcome):
        if not idle.is_idle(webhook.before, webhook.event):
            yield Fault(kind=webhook.kind, do="delay", nth=webhook.nth)
    sent: Counter[str] = Counter()
    for one in outcome.commands:
        sent[one.command] += 1
        yield Fault(kind=one.command, do="late", nth=sent[one.command])


def sooner(outcome: Outcome, usual: Outcome, fault: Fault) -> Iterator[Fault]:
    """The same for a shorter time, if anything has happened while it was slow: then that is another order."""
    from_ms = parts_ms(outcome, usual)
    times = (one[0].at_ms if isinstance(one, tuple) else one.at_ms for one in outcome.happened)
    if fault.do != "duplicate" and any(from_ms < at_ms < from_ms + fault.delay_ms for at_ms in times):
        yield replace(fault, delay_ms=SOONER_MS)


def parts_ms(outcome: Outcome, usual: Outcome) -> int:
    """When the two calls part: there the slow thing would have come."""
    for one, other in zip(outcome.happened, usual.happened, strict=False):
        if one != other:
            return other[0].at_ms if isinstance(other, tuple) else other.at_ms
    return usual.began_ms


def doubled(outcome: Outcome) -> Iterator[Fault]:
    """Each webhook whose copy is not simply nothing. Results of an operation that goes on look alike, so the same one twice may
    well be two (`laws.of_double`)."""
    for one in webhooks.of(outcome):
        after = one.done.state
        if not _is_result(one.before, after, one.event) and _changes(outcome.graph, after, one.event):
            yield Fault(kind=one.kind, do="duplicate", nth=one.nth)


def _is_result(before: RunState, after: RunState, event: AnyEvent) -> bool:
    if not isinstance(event, OperationReported):
        return False
    op = after.operations.get(event.control_id) or before.operations.get(event.control_id)
    return op is not None and event.mark in life_of(op).results


def _changes(graph: FlowGraph, run: RunState, event: AnyEvent) -> bool:
    done, fault = guarded(graph, run, event)
    return fault is not None or bool(done.commands) or replace(done.state, at_ms=run.at_ms) != run
