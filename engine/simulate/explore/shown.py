"""A counterexample as people read it: its transcript, with the line at which it shows, and the case to paste."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.model.graph import Declared, Expression, FlowGraph
from engine.simulate import simulate, story
from engine.simulate.cases import lawful, writing
from engine.simulate.cases.given import stand_in
from engine.simulate.cases.invariants import remembering
from engine.simulate.cases.showing import Shows
from engine.simulate.cases.writing import Written
from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.endless import endless
from engine.simulate.explore.found import Counterexample, Explored, Way
from engine.simulate.explore.least import Least
from engine.simulate.explore.scripted import play
from engine.simulate.laws import Breach
from engine.simulate.scenario import Scenario
from engine.simulate.transcript import Line

_FINER = "Played alone, this goes another way: the order on the way was finer than a case can say."


class Shown(Struct, frozen=True, kw_only=True):
    """`transcript`: that of the case; where it does not break the law alone, that of the way of the search. `mark`: its offending
    line, from 0. `case`: YAML, to be pasted. `fails`: it breaks the same law when
    it is played."""

    law: str
    why: str
    transcript: tuple[Line, ...]
    mark: int
    case: str
    fails: bool


class Beside(Struct, frozen=True, kw_only=True):
    """The test file into which cases are pasted: its invariants, the names of its cases, and what its `defaults` say."""

    held: tuple[Expression, ...] = ()
    names: frozenset[str] = frozenset()
    defaults: frozenset[str] = frozenset()


def show(graph: FlowGraph, given: Given, explored: Explored, beside: Beside) -> Iterator[Shown]:
    graph, names = remembering(graph), set(beside.names)
    for found in explored.found:
        name = _name(found.breach, names)
        names.add(name)
        yield _shown(graph, given, found, beside, name)


def _shown(graph: FlowGraph, given: Given, found: Counterexample, beside: Beside, name: str) -> Shown:
    breach = found.breach
    ways = [found.way] if found.other is None else [found.way, found.other]
    tried = [play(_gone(graph, found, way), given, way) for way in ways]
    failing = Least(graph, breach, beside.held)
    fits = (
        (one, least) for how in (failing.of, failing.near) for one in tried if (least := how(one.scenario)) is not None
    )
    played, least = next(fits, (tried[0], None))
    lines = tuple(story.lines(graph, played.happened, began_ms=played.began_ms))
    mark = len(lines) - 1
    if least is not None:
        lines, mark = _of_the_case(graph, breach, least, len(lines))
    case = Written(
        name=name,
        scenario=least or played.scenario,
        outbound=graph.outbound is not None,
        expect={"ends": list(breach.ends)} if breach.ends else {"laws": [breach.law]},
        uses=_said("uses", graph.uses, given.uses),
        inputs=_said("inputs", graph.inputs, given.inputs),
        remarks=(" ".join(f"{breach.law}: {breach.why}".split()), *(() if least else (_FINER,))),
        spelled=beside.defaults,
    )
    return Shown(
        law=breach.law,
        why=breach.why,
        transcript=lines,
        mark=mark,
        case="\n".join(writing.case(case)) + "\n",
        fails=least is not None,
    )


def _of_the_case(graph: FlowGraph, breach: Breach, case: Scenario, length: int) -> tuple[tuple[Line, ...], int]:
    """Its transcript, and the line at which it shows. A call that never ends is shown for as long as the search has gone."""
    outcome = simulate(graph, case)
    if breach.law == "ends":
        lines = tuple(outcome.transcript[:length])
        return lines, len(lines) - 1
    shows = Shows(outcome)
    place = next((one.place for one in lawful.broken(outcome) if one.breach.law == breach.law), None)
    found = shows.place(place)
    return tuple(shows.transcript), shows.last if found is None else found


def _gone(graph: FlowGraph, found: Counterexample, way: Way) -> FlowGraph:
    """The flow through which the search has gone this way: as it is written, unless a budget is used up too early."""
    return endless(graph, found.counted) if any(move.worn for move in way.moves) else graph


def _name(breach: Breach, taken: set[str]) -> str:
    name, count = f"explored, {breach.law}", 1
    while name in taken:
        count += 1
        name = f"explored, {breach.law} {count}"
    return name


def _said(section: str, declared: Mapping[str, Declared], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is no stand-in."""
    is_use = section == "uses"
    return {
        name: given[name]
        for name, one in declared.items()
        if name in given and (one.calendar or given[name] != stand_in(name, one, is_use=is_use))
    }
