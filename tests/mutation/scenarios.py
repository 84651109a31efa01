"""Calls that drive a flow through every way out of its steps, found by trying what can be done at each step."""

import re
from collections import Counter, deque
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.caller import Act
from engine.exchange.effects import CallerDid, Heard
from engine.model.commands import SendCommand
from engine.model.graph import FetchValue, FlowGraph, Step
from engine.simulate import simulate
from engine.simulate.cases import against, coverage
from engine.simulate.cases.coverage import Way
from engine.simulate.cases.given import stand_in
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import AT_MS, Replies, Reply, Scenario, Signal
from tests.mutation.behaviour import Behaviour, behaviour
from tests.mutation.moves import Move, Visit, faults, moves, sample

MOST = 300
"""So many calls of a flow at the most."""
_TIMES = {
    "a Monday morning": 1_795_449_600_000,
    "a Monday at lunch": 1_795_460_400_000,
    "a Sunday night": 1_795_408_200_000,
    "Christmas": 1_798_210_800_000,
}
_SAMPLES = {"int": 1, "double": 1.0, "bool": False, "string": "a note"}
_WORD = re.compile(r"'([A-Za-z0-9_+ -]{1,20})'|(?<=[=<>] )(\d{1,6})\b")


class Call(Struct, frozen=True, kw_only=True):
    """A scenario with what the flow as it stands does in it; `steps` are those that it comes to."""

    label: str
    scenario: Scenario
    steps: frozenset[str]
    behaviour: Behaviour


class Driven(Struct, frozen=True, kw_only=True):
    """`taken` of `ways` ways out of steps, those of subflows among them."""

    calls: tuple[Call, ...]
    taken: int
    ways: int


def drive(graph: FlowGraph, text: str, given: list[Scenario], calendars: dict[str, str]) -> Driven:
    """`given` are the cases of the flow's own test file; `text` is searched for values that it compares with."""
    return _Driving(graph, text, calendars).drive(given)


class _Driving:
    def __init__(self, graph: FlowGraph, text: str, calendars: dict[str, str]) -> None:
        self.graph = graph
        self.calendars = calendars
        self.words = tuple(dict.fromkeys(one or other for one, other in _WORD.findall(text)))[:12]
        self.steps: dict[str, tuple[FlowGraph, Step]] = dict(against.all_steps(graph))
        self.covered: frozenset[Way] = frozenset()
        self.tried: Counter[str] = Counter()
        self.calls: list[Call] = []

    def drive(self, given: list[Scenario]) -> Driven:
        queue = deque([*(Move(f"case {index}", one) for index, one in enumerate(given)), *self._beginnings()])
        while queue and len(self.calls) < MOST:
            move = queue.popleft()
            outcome = simulate(self.graph, move.scenario)
            found = coverage.taken(self.graph, outcome.transitions)
            if not (move.leaf or found - self.covered or not self.calls):
                continue
            self.calls.append(_call(move.label, move.scenario, outcome))
            if found - self.covered or not move.leaf:
                queue.extend(self._next(outcome, move.scenario))
            self.covered |= found
        every = {way for one in (self.graph, *self.graph.subflows.values()) for way in coverage.ways(one)}
        return Driven(calls=tuple(self.calls), taken=len(self.covered & every), ways=len(every))

    def _beginnings(self) -> Iterator[Move]:
        """Calls in which nobody says anything, at several times, from several people."""
        plain = Scenario(
            uses={**self._bound(), **self.calendars},
            inputs={name: stand_in(name, one, is_use=False) for name, one in self.graph.inputs.items() if one.required},
            replies=dict(self._replies()),
            signals={name: Signal(name=name, payload=_payload(fields)) for name, fields in self.graph.signals.items()},
        )
        for label, at_ms in (("", AT_MS), *_TIMES.items()):
            yield Move(label or "nothing", replace(plain, at_ms=at_ms), leaf=True)
        yield Move("nobody's number", replace(plain, person="anonymous"), leaf=True)
        for detected in ("machine", "fax", "unknown"):
            yield Move(detected, replace(plain, detected=detected))
        for answers in ("busy", "no_answer", "declines") if self.graph.outbound is not None else ():
            yield Move(answers, replace(plain, answers=answers))

    def _bound(self) -> dict[str, object]:
        """Each number is another one, so that it shows whose desk rings."""
        found = {name: stand_in(name, one) for name, one in self.graph.uses.items()}
        numbers = [name for name, one in self.graph.uses.items() if one.number]
        return found | {name: f"+1555{1000 + index:07}" for index, name in enumerate(numbers)}

    def _replies(self) -> Iterator[tuple[str, Replies]]:
        for name, (_, step) in self.steps.items():
            if isinstance(step.value, FetchValue):
                yield name, Replies(each=(Reply(body=sample(step.value.returns)),), again=True)

    def _next(self, outcome: Outcome, scenario: Scenario) -> Iterator[Move]:
        """What may be tried of a call: each thing at each step twice, in calls that came there another way.
        Loops need the right replies, so who keeps at it has three tries."""
        candidates = [move for visit in _visits(outcome, scenario, self.steps) for move in self._moves(visit, scenario)]
        if not scenario.faults:
            candidates += faults(_sent(outcome), scenario)
        for move in candidates:
            self.tried[move.label] += 1
            if self.tried[move.label] <= (3 if " keeps at " in move.label else 1 if move.leaf else 2):
                yield move

    def _moves(self, visit: Visit, scenario: Scenario) -> Iterator[Move]:
        return moves(visit, scenario, self.graph, self.words)


def _call(label: str, scenario: Scenario, outcome: Outcome) -> Call:
    return Call(label=label, scenario=scenario, steps=frozenset(outcome.path), behaviour=behaviour(outcome))


def _payload(fields: object) -> dict[str, object]:
    assert isinstance(fields, dict) or hasattr(fields, "items")
    return {name: _SAMPLES[kind] for name, kind in fields.items()}


def _visits(outcome: Outcome, scenario: Scenario, steps: dict[str, tuple[FlowGraph, Step]]) -> Iterator[Visit]:
    """The first visit of each step, with what was heard from then on, and the script so far."""
    entered: list[tuple[str, int]] = []
    heard: dict[int, str] = {}
    acts, before = 0, ""
    for one in outcome.happened:
        if isinstance(one, CallerDid):
            acts += 1
        elif isinstance(one, Heard) and one.text:
            before = one.text
            for index in range(len(entered) - 1, -1, -1):
                if index in heard:
                    break
                heard[index] = one.text
        elif isinstance(one, tuple):
            entered += [(traced.step, acts) for traced in one[1].trace if traced.what == "entered"]
    seen = set()
    for index, (name, done) in enumerate(entered):
        if name in seen or name not in steps:
            continue
        seen.add(name)
        flow, step = steps[name]
        yield Visit(name, flow.flow, step, heard.get(index, before), _until(scenario, done))


def _until(scenario: Scenario, acts: int) -> tuple:
    """The script's lines until so many acts are done."""
    if not acts:
        return ()
    for index, line in enumerate(scenario.script):
        acts -= isinstance(line, Act)
        if not acts:
            return scenario.script[: index + 1]
    return scenario.script


def _sent(outcome: Outcome) -> list[tuple[str, str, int]]:
    """Step, command and how many of its kind there were: of each command the first that a step sends."""
    counts: Counter[str] = Counter()
    found: dict[tuple[str, str], int] = {}
    for one in outcome.happened:
        if not isinstance(one, tuple):
            continue
        commands = iter(one[1].commands)
        for traced in one[1].trace:
            if traced.what not in ("sent", "looking_up", "fetching", "repeated"):
                continue
            command = next(commands, None)
            if isinstance(command, SendCommand):
                counts[command.command] += 1
                found.setdefault((traced.step, command.command), counts[command.command])
    return [(step, command, nth) for (step, command), nth in found.items()]
