"""A way as a call that a case can play, no longer than need be."""

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.caller import Hears, Line, Silent
from engine.model.graph import FlowGraph
from engine.simulate import simulate
from engine.simulate.cases import saying
from engine.simulate.cases.coverage import Way as Taken
from engine.simulate.explore import beginnings
from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.found import Way
from engine.simulate.explore.scripted import play
from engine.simulate.explore.taking import Taking
from engine.simulate.generate import aims
from engine.simulate.generate.samples import Samples
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Replies, Scenario

_MOST_REPLIES = 60


class Call(Struct, frozen=True, kw_only=True):
    """`takes` are all ways out that it takes, `news` those that no call before it does."""

    scenario: Scenario
    outcome: Outcome
    takes: frozenset[Taken]
    news: tuple[Taken, ...] = ()


class Player:
    def __init__(self, graph: FlowGraph, given: Given, samples: Samples) -> None:
        self._graph = graph
        self._given = given
        self._samples = samples

    def play(self, way: Way, wanted: Taken) -> Call | None:
        """None where no case goes so that it takes what is wanted."""
        return self.play_all(way, frozenset([wanted]))

    def play_all(self, way: Way, wanted: frozenset[Taken]) -> Call | None:
        """None where no case goes so that it takes something of what is wanted."""
        for one in _timed(self._scenario(way)):
            call = self.whole(one, wanted)
            if call is not None:
                return call
        return None

    def whole(self, scenario: Scenario, wanted: frozenset[Taken]) -> Call | None:
        """The call, if it comes to an end and takes something of what is wanted: less the lines that it never comes to, and
        less what makes no difference."""
        call = self._simulated(scenario)
        while call is not None and call.outcome.unread:
            read = len(call.scenario.script) - len(call.outcome.unread)
            call = self._simulated(replace(call.scenario, script=call.scenario.script[:read]))
        return self._least(call) if call is not None and wanted & call.takes else None

    def _scenario(self, way: Way) -> Scenario:
        found = play(self._samples.graph, self._given, self._legal(way)).scenario
        script = (
            replace(one, text=saying.beginning(one.text)) if isinstance(one, Hears) else one for one in found.script
        )
        return replace(found, script=tuple(script))

    def _legal(self, whole: Way) -> Way:
        """As far as it can be gone: where two situations are alike, what leads on from one need not exist in the other."""
        at = beginnings.begin(self._samples.graph, self._given, whole.beginning).after
        for place, move in enumerate(whole.moves):
            if move not in self._samples.moves(at):
                return replace(whole, moves=whole.moves[:place])
            at = Taking(self._samples.graph, at).take(move).after
        return whole

    def _simulated(self, scenario: Scenario) -> Call | None:
        """With a plain reply to whatever else is fetched; None for a call that does not end well."""
        outcome = simulate(self._graph, scenario)
        while missing := next((one.step for one in outcome.fetches if not one.given), ""):
            had = scenario.replies.get(missing, Replies(each=()))
            each = (*had.each, self._samples.plain(missing))
            if len(each) > _MOST_REPLIES:
                return None
            scenario = replace(scenario, replies={**scenario.replies, missing: Replies(each=each)})
            outcome = simulate(self._graph, scenario)
        scenario = _asked(scenario, outcome)
        if outcome.stuck or outcome.open or outcome.broken or not outcome.ended:
            return None
        return Call(scenario=scenario, outcome=outcome, takes=aims.taken(self._graph, outcome))

    def _least(self, call: Call) -> Call:
        """Each fault, each line once, from the last one on."""
        wanted = _gist(call.outcome)
        for less in _thinner(call.scenario):
            call = self._if_alike(less(call.scenario), wanted) or call
        replies = {name: _alike(one) for name, one in call.scenario.replies.items()}
        return replace(call, scenario=replace(call.scenario, replies=replies))

    def _if_alike(self, scenario: Scenario, wanted: object) -> Call | None:
        found = self._simulated(scenario)
        return found if found is not None and _gist(found.outcome) == wanted else None


def _thinner(scenario: Scenario) -> Iterator[Callable[[Scenario], Scenario]]:
    for place in reversed(range(len(scenario.faults))):
        yield partial(_without, "faults", place)
    for place in reversed(range(len(scenario.script))):
        yield partial(_without, "script", place)
        if isinstance(scenario.script[place], Silent):
            yield partial(_from_the_tone_on, place)
    for name, replies in scenario.replies.items():
        if len(replies.each) > 1:
            yield partial(_always, name)


def _from_the_tone_on(place: int, scenario: Scenario) -> Scenario:
    """Who speaks onto a tape waits for its tone, and counts no seconds."""
    there = scenario.script
    return replace(scenario, script=(*there[:place], Hears(text="beep"), *there[place + 1 :]))


def _always(name: str, scenario: Scenario) -> Scenario:
    """The last reply for all requests."""
    each = scenario.replies[name].each[-1:]
    return replace(scenario, replies={**scenario.replies, name: Replies(each=each, again=True)})


def _without(part: str, place: int, scenario: Scenario) -> Scenario:
    there = getattr(scenario, part)
    return replace(scenario, **{part: (*there[:place], *there[place + 1 :])})


def _timed(scenario: Scenario) -> Iterator[Scenario]:
    """A silence in whole seconds first, as people write them; a little longer, so that what begins then has begun."""
    for extra_ms in (0, 1_000):
        script = tuple(_whole_seconds(line, extra_ms) for line in scenario.script)
        yield replace(scenario, script=script)
    yield scenario
    yield replace(scenario, script=tuple(_heard_out(scenario.script)))
    yield replace(scenario, script=tuple(_paused(scenario.script)))


def _whole_seconds(line: Line, extra_ms: int) -> Line:
    return Silent(ms=-(-line.ms // 1_000) * 1_000 + extra_ms) if isinstance(line, Silent) else line


def _heard_out(script: tuple[Line, ...]) -> Iterator[Line]:
    """Prompts are heard to their end, and silences are a little longer."""
    for line in script:
        if isinstance(line, Hears):
            yield replace(line, to_the_end=True)
            yield Silent(ms=500)
        else:
            yield line


def _paused(script: tuple[Line, ...]) -> Iterator[Line]:
    """A pause before what follows at once, at the call's start or upon another act: what listens to it has begun then."""
    for before, line in zip((None, *script), script, strict=False):
        if not isinstance(before, Hears | Silent) and not isinstance(line, Hears | Silent):
            yield Silent(ms=1_000)
        yield line


def _asked(scenario: Scenario, outcome: Outcome) -> Scenario:
    """Without replies that nobody asks for."""
    asked = [name for one in outcome.fetches for name in (one.step, one.request.url)]
    replies = {
        name: one if one.again else Replies(each=one.each[: asked.count(name)])
        for name, one in scenario.replies.items()
        if name in asked
    }
    return replace(scenario, replies=replies)


def _alike(one: Replies) -> Replies:
    return Replies(each=one.each[:1], again=True) if all(each == one.each[0] for each in one.each) else one


def _gist(outcome: Outcome) -> object:
    return (outcome.ended, outcome.path, outcome.outcomes, outcome.unread, outcome.transitions, len(outcome.recordings))
