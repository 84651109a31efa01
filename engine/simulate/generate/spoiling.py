"""Ways out that only something that goes wrong leads to: a call that comes to the step, and a fault there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal

from msgspec.structs import replace

from engine.exchange.fault_text import FaultTextError, check_fault
from engine.exchange.faults import AnswerFault, Fault
from engine.model.commands import SendCommand
from engine.model.events import OperationReported
from engine.model.graph import FlowGraph
from engine.model.ids import op_of
from engine.simulate.cases.coverage import Way
from engine.simulate.generate.aims import is_from_anywhere
from engine.simulate.generate.playing import Call, Player
from engine.simulate.scenario import Scenario

_ATTEMPTS = 12
"""More than the client makes of one command."""
_DOES: tuple[AnswerFault, ...] = ("422", "execute_hang", "hang", "reset")
_BUSY: tuple[AnswerFault, ...] = ("500", "429")
AnyFault = Literal["422", "drop", "fail"]
_HANDLED: Mapping[str, AnyFault] = {"rejected": "422", "lost": "drop", "error": "fail"}
"""What leads to the handler of a failure."""
_CALLS = 4
_MOST = 150
"""So many faults are tried for one way out."""


def spoilt(
    graph: FlowGraph, player: Player, calls: list[Call], wanted: Iterable[Way], goes_on: Callable[[int], bool]
) -> Iterator[Call]:
    """For each way out that is wanted the first call that takes it, if a fault leads there. `goes_on` is asked before each."""
    left = dict.fromkeys(wanted)
    for one in list(left):
        if one in left and goes_on(0):
            found = next(_tries(graph, player, calls, one), None)
            if found is not None:
                yield found
                left = {way: None for way in left if way not in found.takes}


def _place(graph: FlowGraph, way: Way) -> str:
    return way.step if way.flow == graph.flow else f"{way.flow}/{way.step}"


def _tries(graph: FlowGraph, player: Player, calls: list[Call], wanted: Way) -> Iterator[Call]:
    for scenario in islice(_scenarios(graph, calls, wanted), _MOST):
        found = player.whole(scenario, frozenset([wanted]))
        if found is not None:
            yield found


def _scenarios(graph: FlowGraph, calls: list[Call], wanted: Way) -> Iterator[Scenario]:
    """Something goes wrong at the step; a step may be where a handler leads, so then anything before it."""
    if is_from_anywhere(wanted):
        yield from _anywhere(calls, wanted)
        return
    name = _place(graph, wanted)
    there = sorted((call for call in calls if name in call.outcome.path), key=_plainness)
    for call, where in (
        *((call, name) for call in there[:_CALLS]),
        *((call, "") for call in sorted(calls, key=_plainness)),
    ):
        for faults in _faults(call, where):
            yield replace(call.scenario, faults=(*call.scenario.faults, *faults))


def _anywhere(calls: list[Call], wanted: Way) -> Iterator[Scenario]:
    """For the handler of a failure: what ends with that failure wherever no step names it."""
    does = [one for event, one in _HANDLED.items() if event in wanted.step]
    for call in sorted(calls, key=_plainness):
        for do in does:
            for faults in _each(call, do):
                yield replace(call.scenario, faults=(*call.scenario.faults, *faults))


def _each(call: Call, do: AnyFault) -> Iterator[tuple[Fault, ...]]:
    """Each that it can happen to: of the webhooks that come, or of the commands that are sent."""
    seen: Counter[str] = Counter()
    for kind in _kinds(call, do):
        seen[kind] += 1
        yield from _possible((Fault(kind=kind, do=do, nth=seen[kind]),))


def _kinds(call: Call, do: AnyFault) -> Iterator[str]:
    for one in call.outcome.happened:
        if isinstance(one, tuple) and do == "drop" and isinstance(one[0], OperationReported):
            yield f"{one[0].verb}.{one[0].mark}"
        elif isinstance(one, tuple) and do != "drop":
            names = (command.command for command in one[1].commands if isinstance(command, SendCommand))
            yield from (name if do == "422" else name.removeprefix("calling.") for name in names)


def _plainness(call: Call) -> tuple[int, int]:
    return len(call.scenario.faults), len(call.outcome.path)


def _faults(call: Call, name: str) -> Iterator[tuple[Fault, ...]]:
    """What may go wrong at the step (at any, for ""): of its operations, its webhooks, the answers to its commands."""
    sent: Counter[str] = Counter()
    for one in call.outcome.happened:
        if not isinstance(one, tuple):
            continue
        event, done = one
        if isinstance(event, OperationReported):
            kind = f"{event.verb}.{event.mark}"
            sent[kind] += 1
            if name and _step(op_of(event.control_id), name):
                yield from _possible((Fault(kind=kind, do="drop", nth=sent[kind]),))
        steps = iter(
            traced.step for traced in done.trace if traced.what in ("sent", "looking_up", "fetching", "repeated")
        )
        for command in done.commands:
            step = next(steps, "")
            if isinstance(command, SendCommand):
                sent[command.command] += 1
                if step == name:
                    yield from _of_command(command.command, sent[command.command])
                elif not name:
                    yield (Fault(kind=command.command, do="422", nth=sent[command.command]),)


def _of_command(command: str, nth: int) -> Iterator[tuple[Fault, ...]]:
    yield from _possible((Fault(kind=command.removeprefix("calling."), do="fail", nth=nth),))
    for do in _DOES:
        yield (Fault(kind=command, do=do, nth=nth),)
    for busy in _BUSY:
        yield (Fault(kind=command, do=busy, nth=0),)
    for busy in _BUSY:
        yield tuple(Fault(kind=command, do=busy, nth=nth + more) for more in range(_ATTEMPTS))


def _possible(faults: tuple[Fault, ...]) -> Iterator[tuple[Fault, ...]]:
    try:
        for one in faults:
            check_fault(one.kind, one.do)
    except FaultTextError:
        return
    yield faults


def _step(op: str, name: str) -> bool:
    return op.rsplit(".", 3)[0].partition(".")[2] == name.rpartition("/")[2]
