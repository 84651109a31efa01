"""Deadlines of a flow that run out while something is slow, and what then finds the call at another step: a flow goes on from there as
its author says."""

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase

from engine.model.advance import Advance
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, OperationReported
from engine.model.graph import FlowGraph
from engine.model.ids import StepName
from engine.simulate.ledger import is_last
from engine.simulate.outcome import Outcome

Turn = tuple[AnyEvent, Advance]


def steps_before(outcome: Outcome, usual: Outcome, slow: tuple[str, ...]) -> int | None:
    """How many steps were entered until a `wait` or the call's time came to an end before something slow had come that, with nothing
    slow, would have; None where that never was. `slow`: of which kinds of webhooks and commands it is."""
    heard: Counter[tuple[str, str]] = Counter()
    entered, answered = 0, True
    for event, done in _turns(outcome):
        heard.update(_reports(event, slow))
        if _runs_out(outcome, done) and not (answered and _told(usual, slow, event.at_ms) <= heard):
            return entered
        answered = not any(isinstance(one, SendCommand) and _is_of(one.command, slow) for one in done.state.pending)
        entered += sum(traced.what == "entered" and not is_last(traced.step) for traced in done.trace)
    return None


def steps_interrupted(outcome: Outcome, usual: Outcome) -> int | None:
    """How many steps were entered until a signal, or the call's limit, came at another place than in the `usual` call; None where none
    did. One that does not come at all is at no other place."""
    pairs = zip(_interruptions(outcome), _interruptions(usual), strict=False)
    return next((min(one[0], other[0]) for one, other in pairs if one != other), None)


def _interruptions(outcome: Outcome) -> Iterator[tuple[int, str, str, int]]:
    entered = 0
    for _, done in _turns(outcome):
        for traced in done.trace:
            if (traced.what == "handler" and traced.subject.startswith("signal.")) or traced.what == "limit":
                yield entered, traced.subject, traced.step, traced.visit
            entered += traced.what == "entered" and not is_last(traced.step)


def _turns(outcome: Outcome) -> Iterator[Turn]:
    return (one for one in outcome.happened if isinstance(one, tuple))


def _runs_out(outcome: Outcome, done: Advance) -> bool:
    timers = [one for one in done.trace if one.what == "timer"]
    return any(one.subject == "call" or (one.subject == "step" and _waits(outcome.graph, one.step)) for one in timers)


def _waits(graph: FlowGraph, name: str) -> bool:
    flow, _, own = name.rpartition("/")
    step = graph.flow_of(flow).steps.get(StepName(own))
    return step is not None and step.verb == "wait"


def _told(usual: Outcome, slow: tuple[str, ...], until_ms: int) -> Counter[tuple[str, str]]:
    turns = (event for event, _ in _turns(usual) if event.at_ms <= until_ms)
    return Counter(one for event in turns for one in _reports(event, slow))


def _reports(event: AnyEvent, slow: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(event, OperationReported) and _is_of(f"{event.verb}.{event.mark}", slow):
        yield event.control_id, event.mark


def _is_of(kind: str, slow: tuple[str, ...]) -> bool:
    return any(fnmatchcase(kind, one) for one in slow)
