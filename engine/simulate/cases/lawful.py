"""The laws of every call (`simulate/laws.py`) of a case's: which does not hold, why, and where it shows."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from engine.model.advance import Advance
from engine.model.events import AnyEvent, OperationReported
from engine.model.graph import FlowGraph
from engine.simulate import hidden, idle, laws, simulate, transcript
from engine.simulate.cases import overtaken
from engine.simulate.laws import Breach, Turned
from engine.simulate.ledger import is_last
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Scenario

NAMED = ("ends", "same-end")
"""Looked at where a case names them: other calls may well come to a limit, or depend on what is slow."""
_SLOW = ("delay", "reorder", "late")


class Broken(Struct, frozen=True):
    """`place` is that of what has happened in the outcome at which it shows, from 0; None: at its end."""

    breach: Breach
    place: int | None = None


def broken(outcome: Outcome) -> Iterator[Broken]:
    """What does not hold of any call, however it was given."""
    last: tuple[AnyEvent, Advance] | None = None
    for place, one in enumerate(outcome.happened):
        if isinstance(one, tuple):
            if last is not None:
                yield from (Broken(breach, place) for breach in _of_turn(outcome, last, one))
            last = one
    if outcome.unbounded:
        yield Broken(Breach("deadline", f"`{outcome.unbounded}` waits, and nothing bounds it"))
    for refusal in outcome.refusals:
        yield from (Broken(breach) for breach in laws.of_refusal(refusal))
    if last is not None and outcome.ended:
        yield from (Broken(breach) for breach in laws.of_taking_over(last[1].state, outcome.call))
    if outcome.graph.sealed:
        yield from _telling(outcome)


def never_ends(outcome: Outcome) -> str:
    """Why the law `ends` does not hold: a limit stands in for the end that the flow has not got. "" where it does."""
    reached = (
        traced.subject
        for one in outcome.happened
        if isinstance(one, tuple)
        for traced in one[1].trace
        if traced.what == "limit"
    )
    limit = next(reached, "")
    return f"the call goes on until its limit of {limit} is reached" if limit else ""


class Usual(Struct, frozen=True):
    """A call with nothing slow in it; what was slow (`kinds` of webhooks and commands) takes `slow_ms` in all (None: nobody
    knows how often)."""

    outcome: Outcome
    slow_ms: int | None
    kinds: tuple[str, ...] = ()


def usual(graph: FlowGraph, scenario: Scenario) -> Usual:
    """The same call with nothing slow, for the law `same-end`."""
    slow = [one for one in scenario.faults if one.do in _SLOW]
    rest = tuple(one for one in scenario.faults if one.do not in _SLOW)
    slow_ms = sum(one.delay_ms for one in slow) if all(one.nth for one in slow) else None
    return Usual(simulate(graph, replace(scenario, faults=rest)), slow_ms, tuple(one.kind for one in slow))


def same_end(outcome: Outcome, held_against: Usual) -> str:
    """Why the law `same-end` does not hold; "" where it does. Where a deadline of the flow runs out while something is slow, or a
    signal or a limit comes at another place, it holds of what comes before."""
    usual = held_against.outcome
    parts = (overtaken.steps_before(outcome, usual, held_against.kinds), overtaken.steps_interrupted(outcome, usual))
    until = min((steps for steps in parts if steps is not None), default=None)
    if outcome.path[:until] != usual.path[:until]:
        return f"with nothing slow the call goes {' → '.join(usual.path) or 'nowhere'}"
    if until is not None:
        return ""
    if outcome.ended != usual.ended:
        return f"with nothing slow the run ends with `{usual.ended}`"
    differ = sorted(name for name in {*outcome.vars, *usual.vars} if outcome.vars.get(name) != usual.vars.get(name))
    differ += sorted(f"{step}.outcome" for step in usual.outcomes if outcome.outcomes.get(step) != usual.outcomes[step])
    if differ:
        return f"with nothing slow `{differ[0]}` has another value"
    return _later(outcome, usual, held_against.slow_ms)


def _later(outcome: Outcome, usual: Outcome, slow_ms: int | None) -> str:
    """A step that is come to so late that what is slow does not explain it."""
    times = zip(outcome.path, _entered(outcome), _entered(usual), strict=False)
    late = ((step, here, there) for step, here, there in times if slow_ms is not None and here - there > slow_ms)
    step, here, there = next(late, ("", 0, 0))
    return f"with nothing slow `{step}` is come to {(here - there) / 1_000:g} s sooner" if step else ""


def _entered(outcome: Outcome) -> Iterator[int]:
    """When the steps of the path were."""
    for one in outcome.happened:
        if isinstance(one, tuple):
            steps = [traced.step for traced in one[1].trace if traced.what == "entered" and not is_last(traced.step)]
            yield from (one[1].state.at_ms for _ in steps)


def _of_turn(outcome: Outcome, last: tuple[AnyEvent, Advance], one: tuple[AnyEvent, Advance]) -> Iterator[Breach]:
    event, before, done = one[0], last[1].state, one[1]
    if done.commands or done.state.end_reason or "limit" in [traced.what for traced in done.trace]:
        yield from laws.of_turn(outcome.graph, Turned(before, event, done))
    if isinstance(event, OperationReported):
        if idle.is_idle(before, event):
            yield from laws.of_late(Turned(before, event, done))
        if event == last[0]:
            yield from laws.of_double(Turned(before, event, done))


def _telling(outcome: Outcome) -> Iterator[Broken]:
    """Of the reports themselves: that a step sends no secret is seen to when a flow is compiled, and what a case gives (a
    balance) may be like an entry by chance."""
    for place, one in enumerate(outcome.happened):
        secrets = hidden.reported(outcome.graph, one[0]) if isinstance(one, tuple) else frozenset()
        if secrets and isinstance(one, tuple):
            lines = transcript.lines(outcome.graph, [one])
            yield from (Broken(laws.of_telling(line), place) for line in lines if laws.tells(line, secrets))
