"""A way as a scenario: the same call, as a test case plays it. Orders become delays of webhooks and answers."""

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.caller import Hears, Line, Marks, Silent
from engine.exchange.effects import Heard
from engine.exchange.faults import Fault, WebhookFault
from engine.model.commands import SendCommand
from engine.model.graph import FlowGraph
from engine.model.ids import StepName
from engine.model.visits import visit
from engine.simulate.explore import beginnings, moves
from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.found import Way
from engine.simulate.explore.situation import Flying, Situation
from engine.simulate.explore.taken import Happened, Taken
from engine.simulate.explore.taking import Taking
from engine.simulate.scenario import Replies, Reply, Scenario, Signal, Sooner

_SLOW_MS = 100
"""What is slow at one moment comes so much later."""


class Played(Struct, frozen=True, kw_only=True):
    """`happened` in its order."""

    scenario: Scenario
    happened: tuple[Happened, ...]
    began_ms: int


def play(graph: FlowGraph, given: Given, way: Way) -> Played:
    """Goes the way again. The graph is that of the search."""
    return _Playing(graph, given, way).played()


class _Playing:
    def __init__(self, graph: FlowGraph, given: Given, way: Way) -> None:
        self.graph = graph
        self.given = given
        self.way = way
        self.happened: list[Happened] = []
        self.lines: list[Line] = []
        self.signals: dict[str, Signal] = {}
        self.replies: dict[str, list[Reply]] = {}
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.numbers: dict[int, tuple[str, int]] = {}
        self.asked_ms: dict[int, int] = {}
        self.limits = Sooner()
        self.quiet_ms = way.beginning.at_ms
        self.heard: tuple[str, int] = ("", 0)
        self.since: list[str] = []

    def played(self) -> Played:
        taken = beginnings.begin(self.graph, self.given, self.way.beginning)
        self._notes(taken)
        at = taken.after
        for move in moves.each(self.way.moves):
            self._before(at, move)
            under_way = at.flying
            taken = Taking(self.graph, at).take(move)
            self._notes(taken)
            self._overtaken((*under_way, *taken.released), taken)
            if move.loses is not None:
                self._spoils(taken.released[move.loses], "drop")
            at = taken.after
        return Played(scenario=self._scenario(), happened=tuple(self.happened), began_ms=self.way.beginning.at_ms)

    def _scenario(self) -> Scenario:
        how = self.way.beginning
        return Scenario(
            at_ms=how.at_ms,
            person=how.person,
            uses=self.given.uses,
            inputs=self.given.inputs,
            script=tuple(self.lines),
            answers=how.answers,
            detected=how.detected,
            signs=how.signs,
            replies={name: Replies(each=tuple(each)) for name, each in self.replies.items()},
            signals=self.signals,
            faults=tuple(self.faults),
            limits=self.limits,
        )

    def _notes(self, taken: Taken) -> None:
        for one in taken.happened:
            self.happened.append(one)
            if isinstance(one, Heard) and one.text and one.sound != "beep":
                self.heard = (one.text, one.at_ms)
                self.since.append(one.text)
        for flying in taken.released:
            assert flying.webhook is not None
            self.counts[flying.webhook.kind] += 1
            self.numbers[flying.webhook.n] = (flying.webhook.kind, self.counts[flying.webhook.kind])
        for asked in taken.after.asked:
            self.asked_ms.setdefault(asked.command.seq, taken.after.now_ms)

    def _before(self, at: Situation, move: moves.AnyMove) -> None:
        if move.worn:
            frame = at.run.frame
            worn = f"{frame.subflow}/{move.worn}" if frame.subflow else move.worn
            times = visit(self.graph.flow_of(frame.subflow), frame.visits, StepName(move.worn))
            self.limits = replace(self.limits, visits={**self.limits.visits, worn: times})
        match move:
            case moves.Limit():
                left_ms = at.run.timers["call"] - at.now_ms
                self.limits = replace(self.limits, call_ms=max(self.graph.limits.call_ms - left_ms, 1))
            case moves.Send(command=command, spoilt=spoilt):
                if isinstance(at.waiting[0], SendCommand):
                    self.counts[command] += 1
                    if spoilt:
                        kind = command.removeprefix("calling.") if spoilt == "fail" else command
                        self.faults.append(Fault(kind=kind, do=spoilt, nth=self.counts[command]))
            case moves.Hear(place=place, again=again):
                one = at.flying[place]
                if again:
                    self._spoils(one, "duplicate")
                elif one.slow and one.webhook is not None:
                    self._spoils(one, "delay", at.now_ms - one.since_ms + _SLOW_MS)
            case moves.Read() if at.sent is not None and at.sent.slow:
                name = at.sent.attempt.command.command
                late_ms = at.now_ms - at.sent.due_ms + _SLOW_MS
                self.faults.append(Fault(kind=name, do="late", nth=self.counts[name], delay_ms=late_ms))
            case moves.Does(act=act):
                self._waits(at)
                self.lines.append(act)
            case moves.Signals(signal=signal):
                self._waits(at)
                mark = f"{signal.name}#{len(self.signals)}"
                self.signals[mark] = signal
                self.lines.append(Marks(name=mark))
            case moves.Replies(name=name, reply=reply):
                self._replies(at, name, reply)
            case moves.GivesUp(name=name):
                self.replies.setdefault(name, []).append(Reply(kind="timeout"))
            case _:
                pass

    def _replies(self, at: Situation, name: str, reply: Reply) -> None:
        one = next(each for each in at.asked if each.name == name)
        after_ms = at.now_ms - self.asked_ms.get(one.command.seq, at.now_ms)
        self.replies.setdefault(name, []).append(replace(reply, after_ms=after_ms))

    def _overtaken(self, flying: tuple[Flying, ...], taken: Taken) -> None:
        """What should change nothing any more, and does: it comes after what has ended its operation."""
        for turned in taken.stale:
            for one in flying:
                if one.event is not None and replace(one.event, at_ms=turned.event.at_ms) == turned.event:
                    self._spoils(one, "delay", taken.after.now_ms - one.since_ms + _SLOW_MS)

    def _spoils(self, flying: Flying, do: WebhookFault, delay_ms: int = 2_000) -> None:
        if flying.webhook is not None:
            kind, nth = self.numbers[flying.webhook.n]
            self.faults.append(Fault(kind=kind, do=do, nth=nth, delay_ms=delay_ms))

    def _waits(self, at: Situation) -> None:
        """Until it is this person's turn: for a prompt that begins at this moment (and each of the same text that came since the last
        line), or for so long."""
        text, heard_ms = self.heard
        if heard_ms == at.now_ms and text:
            words = text[:48].rstrip()
            self.lines += [Hears(text=words) for one in self.since if words.casefold() in one.casefold()]
            self.heard = ("", 0)
        elif at.now_ms > self.quiet_ms:
            self.lines.append(Silent(ms=at.now_ms - self.quiet_ms))
        self.quiet_ms = at.now_ms
        self.since.clear()
