"""A test case made of a recorded call: it passes against the flow version that the call was made with."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.caller import Decides, Hears, Line, Presses, Says, Silent
from engine.exchange.decisions import WORDS, Verdict
from engine.model.events import CallArrived, RunRequested
from engine.model.graph import BranchValue, FlowGraph
from engine.simulate import simulate
from engine.simulate.cases import writing
from engine.simulate.cases.against import all_steps
from engine.simulate.cases.fitting import ANY
from engine.simulate.cases.given import stand_in
from engine.simulate.cases.writing import Written
from engine.simulate.ledger import Ledger
from engine.simulate.outcome import Outcome
from engine.simulate.recorded import moments
from engine.simulate.recorded.recording import Recording, RecordingError, history
from engine.simulate.recorded.scripting import scenarios
from engine.simulate.scenario import Replies, Reply, Scenario

_MOST_REPLIES = 20


class Course(Struct, frozen=True, kw_only=True):
    """What a call has to go through again. `ended` "": it was still going on, and may go on in any way."""

    path: tuple[str, ...]
    outcomes: Mapping[str, str]
    ended: str

    def of(self, outcome: Outcome) -> int:
        """How many steps the simulated call goes with it; all and one more for the same course."""
        common = next(
            (n for n, pair in enumerate(zip(self.path, outcome.path, strict=False)) if pair[0] != pair[1]),
            min(len(self.path), len(outcome.path)),
        )
        if common < len(self.path) or outcome.stuck or outcome.broken or outcome.unread:
            return common
        if self.ended:
            same = (outcome.ended, len(outcome.path)) == (self.ended, common)
            same = same and all(outcome.outcomes.get(step) == word for step, word in self.outcomes.items())
            return common + 1 if same else common
        return common + 1


def test_file(recording: Recording) -> str:
    """The test file with the one case. `RecordingError` where no case was found that goes as the call went."""
    graph = recording.graph()
    made = written(recording, graph)
    return writing.file(
        graph.flow,
        [made],
        remarks=(
            f"Made of run {recording.run_id} of version {recording.digest[:12]} by `offhook runs export --as-test`.",
            *(_REDACTED if recording.redacted else ()),
        ),
    )


_REDACTED = (
    "What people entered and what services told of them is replaced, but where the flow tells it from others.",
)


def written(recording: Recording, graph: FlowGraph) -> Written:
    told = history(recording, graph)
    ledger = Ledger(graph.flow)
    for event, done in told:
        ledger.took(event, done)
    last = told[-1][1].state
    course = Course(
        path=tuple(ledger.path), outcomes=ledger.outcomes, ended=last.end_reason if last.status == "ended" else ""
    )
    # SWML may have rung several, of whom the run hears only what came of it.
    decisions = sum(bool(one.about) or isinstance(one.act, Decides) for one in moments.told(graph, told).moments)
    best = -1
    reached = ""
    in_vain: Scenario | None = None
    for scenario in scenarios(recording, graph, told):
        found, outcome = _played(graph, scenario, course, decisions)
        went = course.of(outcome)
        if went > len(course.path) and not any(outcome.in_vain):
            return _case(recording, graph, _plainer(graph, found, course), course)
        if went > len(course.path):
            in_vain = in_vain or found
        elif went > best:
            best, reached = went, _where(course, outcome, went)
    if in_vain is not None:
        return _case(recording, graph, _plainer(graph, in_vain, course), course)
    raise RecordingError(
        f"No case was found that goes as run {recording.run_id} went: {reached}.",
        help="`offhook runs export` without --as-test keeps the call as it was; `offhook replay` takes that file.",
    )


def _where(course: Course, outcome: Outcome, went: int) -> str:
    if went == len(course.path) and outcome.ended == course.ended:
        step = next((one for one, word in course.outcomes.items() if outcome.outcomes.get(one) != word), "")
        return f"`{step}` ended with `{course.outcomes.get(step, '')}`, and in the case with `{outcome.outcomes.get(step, '')}`"
    was = course.path[went] if went < len(course.path) else course.ended
    now = outcome.path[went] if went < len(outcome.path) else outcome.ended or outcome.stuck
    after = course.path[went - 1] if went else "the beginning"
    return f"after `{after}` the call went to `{was}`, and the case to `{now}`"


def _played(graph: FlowGraph, scenario: Scenario, course: Course, decisions: int) -> tuple[Scenario, Outcome]:
    """With a reply to whatever was not fetched any more, and with what people decided in SWML, which the run never heard."""
    scenario, outcome = _replied(graph, scenario)
    for _ in range(decisions):
        went = course.of(outcome)
        if went > len(course.path):
            break
        tries = [_replied(graph, one) for one in _decided(scenario, len(scenario.script) - len(outcome.unread))]
        further = max(tries, key=lambda one: course.of(one[1]), default=None)
        if further is None or course.of(further[1]) <= went:
            break
        scenario, outcome = further
    return _to_its_end(graph, scenario, outcome)


def _replied(graph: FlowGraph, scenario: Scenario) -> tuple[Scenario, Outcome]:
    outcome = simulate(graph, scenario)
    while missing := next((one.step for one in outcome.fetches if not one.given), ""):
        had = scenario.replies.get(missing, Replies(each=()))
        if len(had.each) >= _MOST_REPLIES:
            break
        each = Replies(each=(*had.each, Reply(kind="unreachable")))
        scenario = replace(scenario, replies={**scenario.replies, missing: each})
        outcome = simulate(graph, scenario)
    return scenario, outcome


def _decided(scenario: Scenario, came_to: int) -> Iterator[Scenario]:
    """Each thing that may be decided in SWML, at the line that the call came to."""
    more: list[tuple[Line, ...]] = [
        (Decides(about=about, verdict=Verdict(word=word)),) for about, words in WORDS.items() for word in words
    ]
    more += [
        (Decides(about="bridge", verdict=Verdict(word=one)), Decides(about="bridge", verdict=Verdict(word=other)))
        for one, other in product(WORDS["bridge"], repeat=2)
    ]
    more += [(Silent(ms=3_000), Presses(digits=key)) for key in "0123456789"]
    for place in dict.fromkeys((came_to, max(came_to - 1, 0))):
        for lines in more:
            yield replace(scenario, script=(*scenario.script[:place], *lines, *scenario.script[place:]))


def _to_its_end(graph: FlowGraph, scenario: Scenario, outcome: Outcome) -> tuple[Scenario, Outcome]:
    """Without the lines that the call never comes to: a hang-up that the platform told of twice, or what was still to come; and
    without keys that nobody listens to. Words stay: they were said."""
    heeded = tuple(_heeded(scenario, outcome))
    if heeded != scenario.script:
        scenario, outcome = _replied(graph, replace(scenario, script=heeded))
    if outcome.unread:
        read = len(scenario.script) - len(outcome.unread)
        return _replied(graph, replace(scenario, script=scenario.script[:read]))
    return scenario, outcome


def _heeded(scenario: Scenario, outcome: Outcome) -> Iterator[Line]:
    """The last keys of a line are those that may be in vain."""
    in_vain = iter(outcome.in_vain)
    for line in scenario.script:
        less = next(in_vain, 0) if isinstance(line, Presses | Says) else 0
        if not less or not isinstance(line, Presses):
            yield line
        elif digits := line.digits[: len(line.digits) - less]:
            yield replace(line, digits=digits)


def _plainer(graph: FlowGraph, scenario: Scenario, course: Course) -> Scenario:
    """Without waits, silences and faults that make no difference; what the person did stays."""
    for place in reversed(range(len(scenario.faults))):
        faults = (*scenario.faults[:place], *scenario.faults[place + 1 :])
        scenario = _if_same(graph, scenario, replace(scenario, faults=faults), course)
    for place in reversed(range(len(scenario.script))):
        if isinstance(scenario.script[place], Hears | Silent):
            script = (*scenario.script[:place], *scenario.script[place + 1 :])
            scenario = _if_same(graph, scenario, replace(scenario, script=script), course)
    return replace(scenario, replies={name: _alike(one) for name, one in scenario.replies.items()})


def _if_same(graph: FlowGraph, one: Scenario, other: Scenario, course: Course) -> Scenario:
    was, now = simulate(graph, one), simulate(graph, other)
    same = course.of(now) > len(course.path) and _told(now) == _told(was)
    return other if same and all(each.given for each in now.fetches) else one


def _told(outcome: Outcome) -> object:
    return outcome.heard, outcome.ended, outcome.unused, outcome.in_vain


def _alike(one: Replies) -> Replies:
    return Replies(each=one.each[:1], again=True) if one.each and all(each == one.each[0] for each in one.each) else one


_PLAIN = ("finished", "done", "accepted", "ok", "returned")
"""Outcomes that say nothing which the path does not."""


def _telling(graph: FlowGraph, course: Course) -> dict[str, Any]:
    steps = dict(all_steps(graph))
    told = {
        name: word
        for name, word in course.outcomes.items()
        if word not in _PLAIN and name in course.path and not isinstance(steps[name][1].value, BranchValue)
    }
    return {"outcomes": told} if told else {}


def _case(recording: Recording, graph: FlowGraph, scenario: Scenario, course: Course) -> Written:
    first = recording.events[0]
    assert isinstance(first, CallArrived | RunRequested)
    expect: dict[str, Any] = {"path": [*course.path, *(() if course.ended else (ANY,))]}
    if course.ended:
        expect |= _telling(graph, course)
        expect["ends"] = course.ended
    day = datetime.fromtimestamp(first.at_ms / 1_000, UTC).strftime("%Y-%m-%d %H:%M")
    return Written(
        name=f"run {recording.run_id}, {day}",
        scenario=scenario,
        outbound=graph.outbound is not None,
        expect=expect,
        uses={
            name: value
            for name, value in recording.uses.items()
            if name in graph.uses and (graph.uses[name].calendar or value != stand_in(name, graph.uses[name]))
        },
        inputs=first.inputs,
        in_vain=simulate(graph, scenario).in_vain,
    )
