"""Cases that take every way out of a flow's steps, as far as a search finds calls that do."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.model.graph import FlowGraph
from engine.simulate.cases import writing
from engine.simulate.cases.coverage import Way
from engine.simulate.cases.writing import Written
from engine.simulate.explore import others
from engine.simulate.explore.beginnings import Given
from engine.simulate.generate import aims, naming, spoiling
from engine.simulate.generate.authored import Authored, Authors, Source, source_of
from engine.simulate.generate.choosing import Chooser, fewest, named
from engine.simulate.generate.landing import landed
from engine.simulate.generate.playing import Call, Player
from engine.simulate.generate.rounds import gone_round
from engine.simulate.generate.samples import Samples
from engine.simulate.generate.seeking import QUIET, QUIET_AGAIN, Seeker
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


_Found = list[tuple[Source, Call]]


def propose(
    graphs: Mapping[str, FlowGraph],
    given: Given,
    *,
    cases: tuple[Authored, ...] = (),
    goes_on: Callable[[int], bool] = lambda _: True,
) -> Proposal:
    """`graphs` are the flow as bound to each of the calendars that it may open by ("" where it has none), the usual one
    first; with that one other `inputs` and `uses` are tried as well. `cases` are those of its tests. `goes_on` is asked now and then."""
    scenarios = tuple(one.scenario for one in cases)
    bound = [_Bound(name, graph, given, scenarios) for name, graph in graphs.items()]
    name, graph = next(iter(graphs.items()))
    bound += [_Bound(name, graph, each, scenarios) for each in others(graph, given)]
    authors = Authors(cases, given, bound[0].samples)
    wanted = bound[0].ways
    found = list(_found(bound, authors, given, wanted, goes_on))
    chosen = named(fewest([call for _, call in found]), wanted)
    sources = {id(call.outcome): of for of, call in found}
    calls = [(sources[id(call.outcome)], call) for call in chosen]
    seen = {way for one in bound for way in one.seen}
    cut = any(one.cut for one in bound)
    return Proposal(
        cases=tuple(_written(bound[0].graph, calls)),
        ways=len(wanted),
        missing=tuple(Missing(way=way, cut=cut, played=way in seen) for way in sorted(_left(wanted, calls))),
        places=sum(one.places for one in bound),
    )


def _found(
    bound: list["_Bound"], authors: Authors, given: Given, wanted: frozenset[Way], goes_on: Callable[[int], bool]
) -> Iterator[tuple[Source, Call]]:
    """What is found by searching; then what the flow's tests take, before more is looked for."""
    found: _Found = []
    seen: set[str] = set()
    for one in bound:
        left = _left(wanted, found)
        if left and (one is bound[0] or not left <= authors.takes):
            quiet = QUIET if one is bound[0] else QUIET_AGAIN
            found += [(one.source(call, given), call) for call in one.plain(left, authors.takes, quiet, goes_on)]
        if one is bound[0]:
            found += [(source_of(case, given), call) for case, call in authors.calls(_left(wanted, found))]
        # What goes wrong elsewhere has gone wrong with a calendar before.
        calls = [call for of, call in found if of.calendars == one.calendars and not seen.issuperset(call.outcome.path)]
        found += [(one.source(call, given), call) for call in _harmed(one, calls, _left(wanted, found), goes_on)]
        seen.update(*(call.outcome.path for _, call in found))
    yield from found


def _left(wanted: frozenset[Way], found: _Found) -> frozenset[Way]:
    return wanted.difference(*(call.takes for _, call in found))


def _harmed(one: "_Bound", calls: list[Call], left: frozenset[Way], goes_on: Callable[[int], bool]) -> Iterator[Call]:
    """Calls with this calendar in which something goes wrong, or that come to a limit. What is found may lead to a step at which
    another way is looked for."""
    for _ in range(_ROUNDS):
        more = list(spoiling.spoilt(one.graph, one.player, calls, sorted(left), goes_on))
        left = left.difference(*(call.takes for call in more))
        more += landed(one.player, calls, sorted(left), goes_on)
        left = left.difference(*(call.takes for call in more))
        yield from more
        calls = more
        if not more:
            return


_ROUNDS = 3


class _Bound:
    """The flow with one of its calendars, and what it is given."""

    def __init__(self, calendar: str, graph: FlowGraph, given: Given, cases: tuple[Scenario, ...]) -> None:
        self.graph = graph
        self.calendars = {name: calendar for name, one in graph.uses.items() if one.calendar}
        self.given = replace(given, faults=0, slow=0, uses={**given.uses, **self.calendars})
        self.samples = Samples(graph, cases)
        self.player = Player(graph, self.given, self.samples)
        self.seen: frozenset[Way] = frozenset()
        self.places = 0
        self.cut = False

    @property
    def ways(self) -> frozenset[Way]:
        return aims.aims(self.graph)

    def source(self, call: Call, usual: Given) -> Source:
        return source_of(Authored(name="", graph=self.graph, scenario=call.scenario), usual)

    def plain(
        self, wanted: frozenset[Way], told: frozenset[Way], quiet: int, goes_on: Callable[[int], bool]
    ) -> Iterator[Call]:
        """Calls on which nothing goes wrong."""
        searched = frozenset(one for one in wanted if not (aims.is_of_limits(one) or aims.is_of_failures(one)))
        sought = Seeker(self.samples, self.given, searched, told, quiet).seek(goes_on)
        self.seen, self.places, self.cut = frozenset(sought.first), len(sought.places), sought.cut
        calls = list(Chooser(self.player, sought).choose(wanted))
        yield from calls
        left = wanted.difference(told, *(call.takes for call in calls))
        yield from gone_round(self.graph, self.player, sought, left)


def _written(graph: FlowGraph, calls: _Found) -> Iterator[Written]:
    names: dict[str, None] = {}
    for source, call in calls:
        name = naming.name(graph, call, names)
        names[name] = None
        expect: dict[str, Any] = {"path": list(call.outcome.path), "ends": call.outcome.ended}
        if call.outcome.recordings:
            expect["recordings"] = len(call.outcome.recordings)
        yield Written(
            name=name,
            scenario=call.scenario,
            outbound=graph.outbound is not None,
            expect=expect,
            uses=source.uses,
            inputs=source.inputs,
            remarks=(f"The call of `{' '.join(source.case.split())}`, of the flow's own tests.",)
            if source.case
            else (),
            in_vain=call.outcome.in_vain,
        )


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
