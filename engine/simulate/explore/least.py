"""The call of a counterexample as a case: as short as it can be, and it fails for the same reason."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from engine.exchange.caller import Line, Silent
from engine.model.graph import Expression, FlowGraph
from engine.simulate import simulate
from engine.simulate.cases import invariants, lawful
from engine.simulate.explore.answers import Answers
from engine.simulate.explore.nearby import nearby
from engine.simulate.laws import Breach
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Replies, Scenario, Sooner

_MOST_REPLIES = 60


class Least:
    """For one breach of a flow."""

    def __init__(self, graph: FlowGraph, breach: Breach, held: tuple[Expression, ...]) -> None:
        self._graph = graph
        self._breach = breach
        self._held = held
        self._answers = Answers(graph)

    def of(self, scenario: Scenario) -> Scenario | None:
        """None where the call goes another way when it is played alone."""
        return self._first(_timed(scenario))

    def near(self, scenario: Scenario) -> Scenario | None:
        """Of the law `same-end`: in another order that leads elsewhere as well."""
        return self._first(nearby(self._graph, scenario)) if self._breach.law == "same-end" else None

    def _first(self, scenarios: Iterable[Scenario]) -> Scenario | None:
        found = next((found for one in scenarios if (found := self._failing(one)) is not None), None)
        return None if found is None else self._shorter(found)

    def _shorter(self, scenario: Scenario) -> Scenario:
        changed = True
        while changed:
            changed = False
            for less in _less(scenario):
                found = self._failing(less(scenario))
                if found is not None and found != scenario:
                    scenario, changed = found, True
        return replace(scenario, replies={name: _once(one) for name, one in scenario.replies.items()})

    def _failing(self, scenario: Scenario) -> Scenario | None:
        """With replies to whatever else it fetches, if it fails for this reason and for no other."""
        scenario, outcome = self._replied(scenario)
        if outcome.unread:
            scenario = replace(scenario, script=scenario.script[: len(scenario.script) - len(outcome.unread)])
            scenario, outcome = self._replied(scenario)
        is_clean = not (outcome.unread or outcome.unmet or any(outcome.in_vain))
        return scenario if is_clean and self._breaks(scenario, outcome) else None

    def _replied(self, scenario: Scenario) -> tuple[Scenario, Outcome]:
        outcome = simulate(self._graph, scenario)
        for _ in range(_MOST_REPLIES):
            missing = next((one.step for one in outcome.fetches if not one.given), "")
            if not missing:
                break
            had = scenario.replies.get(missing, Replies(each=()))
            each = (*had.each, self._answers.of(missing)[0])
            scenario = replace(scenario, replies={**scenario.replies, missing: Replies(each=each)})
            outcome = simulate(self._graph, scenario)
        return replace(scenario, replies=_asked(scenario, outcome)), outcome

    def _breaks(self, scenario: Scenario, outcome: Outcome) -> bool:
        match self._breach.law:
            case "sound":
                return bool(outcome.broken)
            case "left-open":
                return bool(outcome.open)
            case "ends":
                return bool(outcome.stuck or lawful.never_ends(outcome))
            case "same-end":
                return bool(lawful.same_end(outcome, lawful.usual(self._graph, scenario)))
            case "lost-well":
                return bool(outcome.ended) and outcome.ended not in self._breach.ends
            case "invariant":
                return self._breach.why in self._not_held(outcome)
            case law:
                return any(one.breach.law == law for one in lawful.broken(outcome))

    def _not_held(self, outcome: Outcome) -> list[str]:
        last = next((one[1].state for one in reversed(outcome.happened) if isinstance(one, tuple)), None)
        return [why for _, why in invariants.broken(self._held, last)] if last is not None and outcome.ended else []


def _asked(scenario: Scenario, outcome: Outcome) -> dict[str, Replies]:
    """Those replies that are asked for."""
    asked = [one.step for one in outcome.fetches]
    each = {name: one.each[: asked.count(name)] for name, one in scenario.replies.items()}
    return {name: replace(scenario.replies[name], each=kept) for name, kept in each.items() if kept}


def _once(one: Replies) -> Replies:
    """All alike are said once."""
    return Replies(each=one.each[:1], again=True) if len(set(map(repr, one.each))) == 1 else one


def _timed(scenario: Scenario) -> Iterator[Scenario]:
    """As it is; and with silences that are a little longer, or there at all, so that what begins then has begun."""
    yield scenario
    for extra_ms in (1, 500, 1_000):
        yield replace(scenario, script=tuple(_longer(line, extra_ms) for line in scenario.script))
        yield replace(scenario, script=tuple(_after_a_while(scenario.script, extra_ms)))


def _longer(line: Line, extra_ms: int) -> Line:
    return Silent(ms=line.ms + extra_ms) if isinstance(line, Silent) else line


def _after_a_while(script: tuple[Line, ...], extra_ms: int) -> Iterator[Line]:
    for line in script:
        if not isinstance(line, Silent):
            yield Silent(ms=extra_ms)
        yield _longer(line, extra_ms)


def _less(scenario: Scenario) -> Iterator[Callable[[Scenario], Scenario]]:
    """With one thing less, in turn, from the last one on; and with times that are easier to read."""
    if scenario.limits != Sooner():
        yield lambda one: replace(one, limits=Sooner())
    for part in ("faults", "script"):
        for place in reversed(range(len(getattr(scenario, part)))):
            yield partial(_without, part, place)
    for place, line in enumerate(scenario.script):
        if isinstance(line, Silent) and line.ms % 1_000:
            yield partial(_in_seconds, place)


def _without(part: str, place: int, scenario: Scenario) -> Scenario:
    there = getattr(scenario, part)
    return replace(scenario, **{part: (*there[:place], *there[place + 1 :])})


def _in_seconds(place: int, scenario: Scenario) -> Scenario:
    if place >= len(scenario.script):
        return scenario
    line = scenario.script[place]
    whole = Silent(ms=-(-line.ms // 1_000) * 1_000) if isinstance(line, Silent) else line
    return replace(scenario, script=(*scenario.script[:place], whole, *scenario.script[place + 1 :]))
