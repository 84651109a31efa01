"""What a runner counts while it works: from the events that happen to runs, and from what is sent.

Plain additions, since all of it stands in the way of every event; `measured.py` makes metrics of it when somebody looks.
"""

from collections import Counter, defaultdict
from time import perf_counter

from engine.model.advance import Advance
from engine.model.events import AnyEvent
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.model.verbs import FAILURES
from engine.runner.live import Live
from engine.telemetry.metrics import LONG_S, Histogram


class Meters:
    """`waiting` are runs by the verb of the step that they are in; the keys of the others are their labels."""

    def __init__(self) -> None:
        self.events: Counter[type[AnyEvent]] = Counter()
        self.happened: Counter[str] = Counter()
        self.steps: Counter[str] = Counter()
        self.failed: Counter[tuple[str, ...]] = Counter()
        self.started: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()
        self.commands: Counter[tuple[str, ...]] = Counter()
        self.shed: Counter[tuple[str, ...]] = Counter()
        self.webhooks: Counter[int] = Counter()
        self.reloads: Counter[str] = Counter()
        self.configuration_sound = True
        self.faults = 0
        self.webhook_s = Histogram()
        self.step_s: defaultdict[str, Histogram] = defaultdict(lambda: Histogram(LONG_S))
        self.command_s: defaultdict[str, Histogram] = defaultdict(Histogram)
        self.reaction_s = Histogram()
        self.commit_s = Histogram()

    def took(self, live: Live, event: AnyEvent, done: Advance) -> None:
        """An event happened to the run; `live` is as it was before."""
        self.events[type(event)] += 1
        verb, left = live.verb, False
        for traced in done.trace:
            what = traced.what
            self.happened[what] += 1
            if what == "entered":
                verb, left = traced.subject, True
                self.steps[verb] += 1
            elif what == "outcome" and traced.subject in FAILURES:
                self.failed[verb, traced.subject] += 1
        if left or not verb:
            self._moved(live, verb or verb_of(live.graph, done.state), event.at_ms)
        if done.commands:
            live.decided_s = perf_counter()
        if done.state.status == "ended" and live.state.status != "ended":
            self.ended[done.state.end_reason] += 1

    def _moved(self, live: Live, verb: str, at_ms: int) -> None:
        if live.since_ms:
            self.step_s[live.verb].observe((at_ms - live.since_ms) / 1000)
        if live.verb:
            self.waiting[live.verb] -= 1
        self.waiting[verb] += 1
        live.verb, live.since_ms = verb, at_ms

    def back(self, live: Live) -> None:
        """The run is in memory again."""
        live.verb = verb_of(live.graph, live.state)
        self.waiting[live.verb] += 1

    def gone(self, live: Live) -> None:
        """The run is not in memory any more."""
        if live.verb:
            self.waiting[live.verb] -= 1
            live.verb = ""

    def answered(self, status: int, seconds: float) -> None:
        """A webhook was answered so, after so long."""
        self.webhooks[status] += 1
        self.webhook_s.observe(seconds)

    def sent(self, command: str, answer: str, seconds: float) -> None:
        """A command has its answer, or will have none."""
        self.commands[command, answer] += 1
        self.command_s[command].observe(seconds)

    def reacted(self, live: Live) -> None:
        """A command of the run goes out."""
        if live.decided_s:
            self.reaction_s.observe(perf_counter() - live.decided_s)
            live.decided_s = 0.0


def verb_of(graph: FlowGraph, state: RunState) -> str:
    """Of the step that the run is in; before the first one its status."""
    if not state.frame.step:
        return state.status
    return graph.flow_of(state.frame.subflow).steps[state.frame.step].verb
