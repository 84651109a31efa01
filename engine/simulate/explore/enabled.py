"""Which moves there are in a situation.

What cannot influence each other is not tried in both orders (`docs/exploring.md` says why this leaves nothing out):

a lost webhook      is lost as it leaves; when does not matter, so it is part of the move that sends it on its way
a doubled one       its copy is under way from when the first has arrived
a late one          arrives at once, once the run has made of it what it will always make: nothing (`taking.py`)
"""

from collections.abc import Iterator

from engine.exchange.apply import next_due_ms as exchange_due_ms
from engine.exchange.caller import HangsUp
from engine.model.commands import SendCommand
from engine.model.graph import Expression, FlowGraph
from engine.simulate.explore.answers import Answers
from engine.simulate.explore.callers import Callers
from engine.simulate.explore.moves import (
    Again,
    AnyMove,
    Does,
    Due,
    GivesUp,
    Hear,
    Limit,
    Read,
    Replies,
    Send,
    Signals,
    Slow,
    Spoils,
    Tick,
)
from engine.simulate.explore.situation import Situation
from engine.simulate.scenario import Scenario

_SPOILS: tuple[Spoils, ...] = ("422", "429", "500", "html", "hang", "execute_500", "execute_hang", "reset")
"""The first not of `calling.end`: the platform takes it for every call that lives."""
_FAILS = ("calling.play", "calling.record", "calling.collect")
"""What they begin may fail when it has been accepted."""


class Enabled:
    """`cases` are calls of the flow's tests, from which callers and services take what they bring as well. `also` are
    conditions that are looked at when a run is over."""

    def __init__(self, graph: FlowGraph, cases: tuple[Scenario, ...] = (), also: tuple[Expression, ...] = ()) -> None:
        self._graph = graph
        self._callers = Callers(graph, cases, also)
        self._answers = Answers(graph, cases, also)
        self._signals = tuple(self._answers.signals())

    def moves(self, at: Situation) -> Iterator[AnyMove]:
        """First what arrives, so that the shortest ways are the plainest; people and time wait until all has that is not
        slow."""
        usual = list(_usual(at))
        yield from usual
        yield from _slow_ones(at)
        if usual:
            return
        if at.is_over:
            if at.sent is not None and not at.can_read:
                yield Again()
            return
        acts = self._callers.acts(at)
        yield from (Does(act=act) for act in acts if not at.acted or isinstance(act, HangsUp))
        for one in at.asked:
            yield from (Replies(name=one.name, reply=reply) for reply in self._answers.of(one.name))
        yield from _time(at)
        if at.run.status == "running":
            yield from (Signals(signal=one) for one in self._signals if one.name not in at.left.signalled)
        if at.is_quiet and at.left.limits and _may_last(at):
            yield Limit()

    def only(self, at: Situation) -> AnyMove | None:
        """The one thing that may happen, where nothing may be slow, and nothing go wrong, any more."""
        return None if at.left.slow or at.left.faults or at.slow else next(_usual(at), None)


def _usual(at: Situation) -> Iterator[AnyMove]:
    """What is next when nothing is slow: the answer, then webhooks as they left, then the next command."""
    place = next((place for place, one in enumerate(at.flying) if not one.slow), None)
    if at.sent is not None and at.can_read and not at.sent.slow:
        yield Read()
        held = Slow(what="answer")
    elif place is not None:
        yield from _arrives(at, place)
        held = Slow(what="webhook", place=place, kind=_kind(at, place))
    elif at.can_send and not at.held:
        yield from _goes_out(at)
        held = Slow(what="command")
    else:
        return
    if at.slow < at.left.slow:
        yield held


def _slow_ones(at: Situation) -> Iterator[AnyMove]:
    if at.sent is not None and at.sent.slow and at.can_read:
        yield Read()
    for place, one in enumerate(at.flying):
        if one.slow:
            yield from _arrives(at, place)
    if at.held and at.can_send:
        yield from _goes_out(at)


def _kind(at: Situation, place: int) -> str:
    webhook = at.flying[place].webhook
    return webhook.kind if webhook is not None else "swml"


def _arrives(at: Situation, place: int) -> Iterator[AnyMove]:
    yield Hear(place=place, kind=_kind(at, place))
    if at.may_fail and at.flying[place].webhook is not None:
        yield Hear(place=place, kind=_kind(at, place), again=True)


def _goes_out(at: Situation) -> Iterator[AnyMove]:
    command = at.waiting[0]
    name = command.command if isinstance(command, SendCommand) else "look up"
    yield Send(command=name)
    if at.may_fail and isinstance(command, SendCommand):
        spoils = _SPOILS if name != "calling.end" else _SPOILS[1:]
        yield from (Send(command=name, spoilt=spoilt) for spoilt in spoils)
        if name in _FAILS:
            yield Send(command=name, spoilt="fail")


def _time(at: Situation) -> Iterator[AnyMove]:
    """Whatever is due first, unless something that is under way has to arrive before."""
    due_ms, until_ms = at.next_due_ms, at.may_wait_until_ms
    if due_ms is None or (until_ms is not None and due_ms > until_ms):
        return
    if exchange_due_ms(at.exchange) == due_ms:
        yield Tick()
    if at.run.next_due_ms == due_ms:
        yield Due()
    if at.sent is not None and not at.can_read and at.sent.due_ms == due_ms:
        yield Again()
    yield from (GivesUp(name=one.name) for one in at.asked if one.due_ms == due_ms)


def _may_last(at: Situation) -> bool:
    """Has the call a limit of its own still to come to? Not on its landing, nor when it is over."""
    run = at.run
    alive = run.status == "running" and run.call.state != "ended" and not run.end_reason
    return alive and not run.landing and "call" in run.timers
