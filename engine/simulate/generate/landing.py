"""Calls that come to a limit sooner than the flow says: for where its limits lead, should no call come there by going round."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from msgspec.structs import replace

from engine.simulate.cases.coverage import Way
from engine.simulate.generate.aims import is_of_limits
from engine.simulate.generate.playing import Call, Player
from engine.simulate.scenario import Sooner

_MOST = 120
"""So many calls are tried for one limit."""


def landed(player: Player, calls: list[Call], wanted: Iterable[Way], goes_on: Callable[[int], bool]) -> Iterator[Call]:
    """For each limit that is wanted the first call that comes to it."""
    plain = sorted(calls, key=lambda call: (len(call.scenario.faults), len(call.outcome.path)))
    for one in filter(is_of_limits, wanted):
        tries = (call for sooner in _sooner(plain, one) if goes_on(0) and (call := _played(player, sooner, one)))
        if (found := next(iter(tries), None)) is not None:
            yield found


def _is_limit(way: Way) -> bool:
    return way.step == "on limit"


def _played(player: Player, given: tuple[Call, Sooner], wanted: Way) -> Call | None:
    call, limits = given
    return player.whole(replace(call.scenario, limits=limits), frozenset([wanted]))


def _sooner(calls: list[Call], wanted: Way) -> Iterator[tuple[Call, Sooner]]:
    found = _times if _is_limit(wanted) else _visits
    return islice(((call, sooner) for call in calls for sooner in found(call, wanted)), _MOST)


def _visits(call: Call, wanted: Way) -> Iterator[Sooner]:
    """Of a step that the call enters more than once."""
    step = wanted.step.removeprefix("visits of ")
    place = step if wanted.flow == call.outcome.graph.flow else f"{wanted.flow}/{step}"
    if call.outcome.path.count(place) > 1:
        yield Sooner(visits={place: 1})


def _times(call: Call, wanted: Way) -> Iterator[Sooner]:
    """Whole seconds after each moment at which the call stands in the flow."""
    graph, began = call.outcome.graph, call.outcome.began_ms
    inner = "" if wanted.flow == graph.flow else wanted.flow
    states = (one[1].state for one in call.outcome.happened if isinstance(one, tuple))
    moments = (state.at_ms - began for state in states if state.frame.subflow == inner and state.status == "running")
    for after_ms in dict.fromkeys(moment // 1_000 * 1_000 + 1_000 for moment in moments):
        yield Sooner(call_ms=after_ms)
