"""Calls that are nearly the same, for an order on the way that was finer than a case can say: the last that was done is done a little
sooner, and in place of what was slow something else is."""

from collections.abc import Iterator

from msgspec.structs import replace

from engine.exchange.caller import Line, Silent
from engine.exchange.effects import CallerDid
from engine.exchange.faults import Fault
from engine.model.graph import FlowGraph
from engine.simulate import simulate, webhooks
from engine.simulate.explore.situation import LATE_MS
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Scenario

_SOONER_MS = (0, 1, 100, 500, 1_000, LATE_MS)
_SLOW_MS = (100, 1_000, LATE_MS)
_SLOW = ("delay", "late")
_MOST = 8
"""So many webhooks beside the last act are tried."""


def nearby(graph: FlowGraph, scenario: Scenario) -> Iterator[Scenario]:
    unhurried = tuple(one for one in scenario.faults if one.do not in _SLOW)
    for sooner_ms in _SOONER_MS:
        moved = replace(scenario, faults=unhurried, script=_sooner(scenario.script, sooner_ms))
        if sooner_ms and moved.script == scenario.script:
            continue
        for kind, nth in _beside(simulate(graph, moved)):
            for delay_ms in _SLOW_MS:
                slow = Fault(kind=kind, do="delay", nth=nth, delay_ms=delay_ms)
                yield replace(moved, faults=(*unhurried, slow))


def _sooner(script: tuple[Line, ...], ms: int) -> tuple[Line, ...]:
    """The last silence is shorter."""
    place = max((place for place, line in enumerate(script) if isinstance(line, Silent) and line.ms > ms), default=None)
    if place is None:
        return script
    line = script[place]
    assert isinstance(line, Silent)
    return (*script[:place], Silent(ms=line.ms - ms), *script[place + 1 :])


def _beside(outcome: Outcome) -> list[tuple[str, int]]:
    """The webhooks that come when the last is done, and after."""
    acts = [one.at_ms for one in outcome.happened if isinstance(one, CallerDid)]
    from_ms = acts[-1] - LATE_MS if acts else outcome.began_ms
    told = [(one.kind, one.nth) for one in webhooks.of(outcome) if one.event.at_ms >= from_ms]
    return told[:_MOST]
