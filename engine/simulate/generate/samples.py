"""What is tried in a flow's calls: what `explore` tries, and what only a longer look or an author's own cases show."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from engine.exchange.caller import Presses, Says
from engine.exchange.live import Collect, Recording
from engine.model.graph import FetchValue, FlowGraph
from engine.simulate.cases.script import SIGNS
from engine.simulate.explore import beginnings, literals
from engine.simulate.explore.beginnings import Beginning, Given
from engine.simulate.explore.enabled import Enabled
from engine.simulate.explore.endless import endless
from engine.simulate.explore.moves import AnyMove, Does, Limit, Replies, Tick
from engine.simulate.explore.situation import Situation
from engine.simulate.scenario import PERSON, Reply, Scenario

_TEXTS = ("12.5", "2027-01-04", "")
"""A number, a date, and nothing, in place of all texts of a reply."""
_LISTS = (0, 3)
_MOST_MOMENTS = 6
_MOST_ENTRIES = 6
_MOST_PEOPLE = 2
_MOST_LITERALS = 12


class Samples:
    """Of one flow. `cases` are the calls of its author's tests: their replies, hours and entries are tried as well."""

    def __init__(self, graph: FlowGraph, cases: tuple[Scenario, ...] = ()) -> None:
        self.graph = endless(graph)
        self._enabled = Enabled(self.graph, cases)
        self._cases = cases
        self._entries = _entries(cases)
        numbers = (str(int(one) if one == int(one) else one) for one in literals.numbers(graph))
        self._literal = tuple(dict.fromkeys((*literals.texts(graph), *numbers)))[:_MOST_LITERALS]
        self._known: dict[str, tuple[Reply, ...]] = {}

    def beginnings(self) -> Iterator[Beginning]:
        """Those of `explore`, the hours and numbers of the cases, and detectors that find nothing in time."""
        usual = list(beginnings.all_of(self.graph, Given(cases=self._cases)))
        yield from usual
        hours = dict.fromkeys(one.at_ms for one in self._cases)
        known = {one.at_ms for one in usual}
        yield from (Beginning(at_ms=at_ms) for at_ms in [*hours][:_MOST_MOMENTS] if at_ms not in known)
        people = dict.fromkeys(one.person for one in self._cases if one.person != PERSON)
        yield from (Beginning(person=person) for person in [*people][:_MOST_PEOPLE])
        if any(one.detected != "human" for one in usual):
            yield from (replace(usual[0], detected="unknown", signs=signs) for signs in SIGNS.values())

    def moves(self, at: Situation) -> Iterator[AnyMove]:
        """Each once; limits are no way out of a step."""
        usual = [move for move in self._enabled.moves(at) if not isinstance(move, Limit)]
        yield from usual
        if any(isinstance(move, Does | Replies | Tick) for move in usual):
            yield from (move for move in self._others(at) if move not in usual)

    def plain(self, name: str) -> Reply:
        """What a fetch gets of which nothing else is known."""
        return next(reply for reply in self._replies(name) if reply.kind == "reply")

    def _others(self, at: Situation) -> Iterator[AnyMove]:
        for one in at.asked:
            yield from (Replies(name=one.name, reply=reply) for reply in self._replies(one.name))
        for operation in at.call.operations if at.call is not None and not at.acted else ():
            if isinstance(operation, Recording) and operation.paused_ms is None:
                yield Does(act=Says(text="please call me back", duration_ms=600_000))
                yield Does(act=Says(text="yes", duration_ms=300))
            elif isinstance(operation, Collect) and operation.max_digits > 1 and not operation.digits:
                fitting = [one for one in self._entries if len(one.digits) <= operation.max_digits + 1]
                yield from (Does(act=one) for one in fitting)

    def _replies(self, name: str) -> tuple[Reply, ...]:
        found = self._known.get(name)
        if found is None:
            told = [reply for one in self._cases if name in one.replies for reply in one.replies[name].each]
            found = self._known[name] = tuple(_each_once([*told, *self._made(name)]))
        return found

    def _made(self, name: str) -> Iterator[Reply]:
        flow, _, step = name.rpartition("/")
        inner = self.graph.flow_of(flow)
        value = inner.steps[step].value if step in inner.steps else None
        returns = value.returns if isinstance(value, FetchValue) else None
        for text in ("(text)", *_TEXTS, *self._literal) if returns is not None else ():
            for length in (1, *_LISTS) if text not in self._literal else (1,):
                yield Reply(status=200, body=_body(returns, text, length))
        if returns is None:
            yield Reply(status=204, text="")


def _body(returns: Any, text: str, length: int) -> Any:
    if isinstance(returns, Mapping):
        return {name: _body(one, text, length) for name, one in returns.items()}
    if isinstance(returns, list):
        return [_body(returns[0], text, length)] * length
    plain: Mapping[str, Any] = {"string": text, "int": 1, "double": 12.5, "bool": False}
    return plain.get(returns.removesuffix("?"), text)


def _each_once(replies: list[Reply]) -> Iterator[Reply]:
    seen: list[Reply] = []
    for one in replies:
        one = replace(one, after_ms=0)
        if one not in seen:
            seen.append(one)
            yield one


def _entries(cases: tuple[Scenario, ...]) -> tuple[Presses, ...]:
    found = (line for one in cases for line in one.script if isinstance(line, Presses) and len(line.digits) > 1)
    return tuple(dict.fromkeys(found))[:_MOST_ENTRIES]
