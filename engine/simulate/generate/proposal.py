"""Cases that take every way out of a flow's steps, as far as a search finds calls that do."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.model.graph import FlowGraph
from engine.simulate.cases import writing
from engine.simulate.cases.coverage import Way
from engine.simulate.cases.writing import Written
from engine.simulate.explore.beginnings import Given
from engine.simulate.generate import aims, naming
from engine.simulate.generate.choosing import Chooser, fewest, named
from engine.simulate.generate.landing import landed
from engine.simulate.generate.playing import Call, Player
from engine.simulate.generate.rounds import gone_round
from engine.simulate.generate.samples import Samples
from engine.simulate.generate.seeking import Seeker
from engine.simulate.generate.spoiling import spoilt
from engine.simulate.scenario import Scenario


class Missing(Struct, frozen=True, kw_only=True):
    """A way out that no case takes. `cut`: the search was over before all was looked at, so there may be a call that does."""

    way: Way
    cut: bool
    played: bool = False

    def said(self, flow: str) -> str:
        """In words, in the tests of `flow`."""
        (way,) = aims.said([self.way], flow)
        why = "not found before the search was cut off" if self.cut else "no call that was tried comes to it"
        if self.played:
            why = "a call takes it, which no case can play"
        return f"{way} (line {self.way.line}): {why}"


class Proposal(Struct, frozen=True, kw_only=True):
    """`ways` are all ways out of the flow's steps, and of its subflows'."""

    cases: tuple[Written, ...]
    ways: int
    missing: tuple[Missing, ...]
    places: int


_Found = list[tuple["_Bound", Call]]


def propose(
    graphs: Mapping[str, FlowGraph],
    given: Given,
    *,
    cases: tuple[Scenario, ...] = (),
    goes_on: Callable[[int], bool] = lambda _: True,
) -> Proposal:
    """`graphs` are the flow as bound to each of the calendars that it may open by ("" where it has none), the usual one
    first. `cases` are calls that its author has written. `goes_on` is asked now and then."""
    bound = [_Bound(name, graph, given, cases) for name, graph in graphs.items()]
    wanted = bound[0].ways
    found: _Found = []
    for one in bound:
        # What only a failure leads to is no reason to search with the next calendar.
        if left := _left(wanted, found):
            found += [(one, call) for call in one.plain(left, goes_on)]
            found += [(one, call) for call in _harmed(one, found, wanted, goes_on)]
    chosen = named(fewest([call for _, call in found]), wanted)
    names = {id(call.outcome): of for of, call in found}
    left = _left(wanted, [(names[id(call.outcome)], call) for call in chosen])
    seen = {way for one in bound for way in one.seen}
    return Proposal(
        cases=tuple(_written([(names[id(call.outcome)], call) for call in chosen])),
        ways=len(wanted),
        missing=tuple(Missing(way=way, cut=any(one.cut for one in bound), played=way in seen) for way in sorted(left)),
        places=sum(one.places for one in bound),
    )


def _left(wanted: frozenset[Way], found: _Found) -> frozenset[Way]:
    return wanted.difference(*(call.takes for _, call in found))


def _harmed(one: "_Bound", found: _Found, wanted: frozenset[Way], goes_on: Callable[[int], bool]) -> Iterator[Call]:
    """Calls with this calendar in which something goes wrong, or that come to a limit."""
    calls = [call for of, call in found if of is one]
    left = wanted.difference(*(call.takes for _, call in found))
    for _ in range(_ROUNDS):
        more = list(spoilt(one.graph, one.player, calls, sorted(left), goes_on))
        left = left.difference(*(call.takes for call in more))
        more += landed(one.player, calls, sorted(left), goes_on)
        left = left.difference(*(call.takes for call in more))
        calls += more
        yield from more
        if not more:
            return


_ROUNDS = 3
"""A way out that a fault leads to may lead to a step at which another one is looked for."""


class _Bound:
    """The flow with one of its calendars."""

    def __init__(self, calendar: str, graph: FlowGraph, given: Given, cases: tuple[Scenario, ...]) -> None:
        self.graph = graph
        calendars = {name: calendar for name, one in graph.uses.items() if one.calendar}
        self.uses = calendars
        self.given = replace(given, faults=0, slow=0, uses={**given.uses, **calendars})
        self.samples = Samples(graph, cases)
        self.player = Player(graph, self.given, self.samples)
        self.seen: frozenset[Way] = frozenset()
        self.places = 0
        self.cut = False

    @property
    def ways(self) -> frozenset[Way]:
        return aims.aims(self.graph)

    def plain(self, wanted: frozenset[Way], goes_on: Callable[[int], bool]) -> Iterator[Call]:
        """Calls on which nothing goes wrong."""
        searched = frozenset(one for one in wanted if not (aims.is_of_limits(one) or aims.is_of_failures(one)))
        sought = Seeker(self.samples, self.given, searched).seek(goes_on)
        self.seen, self.places, self.cut = frozenset(sought.first), len(sought.places), sought.cut
        calls = list(Chooser(self.player, sought).choose(wanted))
        yield from calls
        left = wanted.difference(*(call.takes for call in calls))
        yield from gone_round(self.graph, self.player, sought, left)


def _written(calls: list[tuple[_Bound, Call]]) -> list[Written]:
    names: dict[str, None] = {}
    found = []
    for bound, call in calls:
        graph = bound.graph
        name = naming.name(graph, call, names)
        names[name] = None
        expect: dict[str, Any] = {"path": list(call.outcome.path), "ends": call.outcome.ended}
        if call.outcome.recordings:
            expect["recordings"] = len(call.outcome.recordings)
        outbound = graph.outbound is not None
        found.append(
            Written(
                name=name,
                scenario=call.scenario,
                outbound=outbound,
                expect=expect,
                uses=bound.uses,
                in_vain=call.outcome.in_vain,
            )
        )
    return found


def text(graph: FlowGraph, proposal: Proposal, defaults: Mapping[str, Mapping[str, Any]]) -> str:
    """The test file. `defaults` are `uses` and `inputs` that are not stand-ins."""
    return writing.file(
        graph.flow,
        proposal.cases,
        remarks=_remarks(graph, proposal),
        defaults={name: values for name, values in defaults.items() if values},
    )


def _remarks(graph: FlowGraph, proposal: Proposal) -> list[str]:
    covered = proposal.ways - len(proposal.missing)
    count = len(proposal.cases)
    found = [
        f"Proposed by `offhook test --generate`: {count} {'case' if count == 1 else 'cases'} for {covered} of"
        f" the {proposal.ways} outcomes, handlers and limits.",
        "They expect what the flow does now: look through them before you keep them.",
    ]
    return [*found, *(f"Not taken: {one.said(graph.flow)}." for one in proposal.missing)]
