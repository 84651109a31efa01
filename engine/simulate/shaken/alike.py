"""Is a call with something slow in it still the same call? What goes another way is the flow's only as far as nobody has acted
at another place, nobody has hung up or sent a signal just then, and no deadline has run out: these would be other calls."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct

from engine.exchange.caller import HangsUp, Marks
from engine.exchange.effects import CallerDid, Heard
from engine.exchange.faults import Fault
from engine.model.advance import Traced
from engine.model.graph import FlowGraph, WaitValue
from engine.model.ids import StepName
from engine.simulate.cases import overtaken
from engine.simulate.ledger import is_last
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import MAX_MS
from engine.simulate.shaken.shaking import parts_ms


class _Act(Struct, frozen=True, kw_only=True):
    """What somebody did at `at_ms`, "" for time; `steps` were entered before, and `heard` was heard last. `races`: it comes from
    elsewhere than what is slow, so that either may be first, until the run knows of it (`until_ms`)."""

    what: str = ""
    steps: int
    heard: str = ""
    at_ms: int
    until_ms: int
    races: bool = True


def compares(outcome: Outcome, usual: Outcome, fault: Fault) -> bool:
    """May what differs from the `usual` call be held against the flow? One that has gone another way before is not excused."""
    if fault.do == "duplicate":
        return True
    deadline = overtaken.steps_before(outcome, usual, (fault.kind,))
    acts, others = tuple(_acts(outcome)), tuple(_acts(usual))
    slow_ms = parts_ms(outcome, usual)
    places = [*_elsewhere(acts, others), *_raced(others, slow_ms, slow_ms + fault.delay_ms)]
    until = min(places if deadline is None else [*places, deadline], default=None)
    return until is None or outcome.path[:until] != usual.path[:until]


def _elsewhere(acts: Sequence[_Act], others: Sequence[_Act]) -> Iterator[int]:
    """How many steps had been entered when somebody acted at another place, or time did. Who does not act any more has not heard
    what he waits for, and that is the flow's."""
    people = ([one for one in each if one.what] for each in (acts, others))
    for one, other in zip(*people, strict=False):
        if (one.what, one.steps, one.heard) != (other.what, other.steps, other.heard):
            yield min(one.steps, other.steps)
    times = ([one.steps for one in each if not one.what] for each in (acts, others))
    for here, there in zip_longest(*times):
        if here != there:
            yield min(steps for steps in (here, there) if steps is not None)


def _raced(others: Sequence[_Act], from_ms: int, until_ms: int) -> Iterator[int]:
    return (one.steps for one in others if one.races and one.at_ms <= until_ms and from_ms <= one.until_ms)


def _acts(outcome: Outcome) -> Iterator[_Act]:
    steps, heard = 0, ""
    for place, one in enumerate(outcome.happened):
        if isinstance(one, Heard):
            heard = one.text
        elif isinstance(one, CallerDid):
            ends = isinstance(one.act, HangsUp)
            yield _Act(
                what=f"{one.act}, {one.in_vain}",
                steps=steps,
                heard=heard,
                at_ms=one.at_ms,
                until_ms=_heard_ms(outcome, place) if ends else one.at_ms,
                races=ends or isinstance(one.act, Marks),
            )
        elif isinstance(one, tuple):
            for traced in one[1].trace:
                if traced.what == "entered" and not is_last(traced.step):
                    steps += 1
                elif _is_race(outcome.graph, traced):
                    yield _Act(steps=steps, at_ms=one[0].at_ms, until_ms=one[0].at_ms)


def _heard_ms(outcome: Outcome, place: int) -> int:
    """When the run hears that the call is over, which may only be when it orders something."""
    turns = (one for one in outcome.happened[place:] if isinstance(one, tuple))
    return next((done.state.at_ms for _, done in turns if done.state.call.state == "ended"), outcome.began_ms + MAX_MS)


def _is_race(graph: FlowGraph, traced: Traced) -> bool:
    """Is the call's time up, or does a step end that waits for whichever of several comes first?"""
    if traced.what != "outcome":
        return traced.what == "timer" and traced.subject == "call"
    flow, _, own = traced.step.rpartition("/")
    value = graph.flow_of(flow).steps[StepName(own)].value
    return isinstance(value, WaitValue) and not value.all and len(value.handles) + bool(value.signal) > 1
