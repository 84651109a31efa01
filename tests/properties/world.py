"""Runs and the exchange in one world, in memory: commands go there as requests, webhooks and answers come back.

line       a run and its way to the platform: commands go out one at a time, in their order, as the runner sends
           them, and the next one waits for the answer
manner     what becomes of a command on its way (see `MANNERS`)
webhooks   what has left the exchange and has not arrived: in any order, more than once, or never
time       one clock for all; `pass_until` stops at everything that is due on the way
"""

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import msgspec

from engine.exchange.apply import apply, new_exchange, next_due_ms
from engine.exchange.caller import Act
from engine.exchange.effects import Deliver, FetchSwml, HttpAnswer
from engine.exchange.inputs import AnyInput, ApiRequest, CalleeSet, CallerActed, CallPlaced, SwmlAnswered, TimePassed
from engine.exchange.options import ExchangeOptions
from engine.exchange.state import Call
from engine.model.advance import Advance
from engine.model.commands import Command, Fetch, LookUpCall, SendCommand
from engine.model.events import AnyEvent, CallLookedUp, DialSent, Resumed, RunRequested, StartEvent, UnknownReported
from engine.model.events import TimePassed as TimerDue
from engine.model.graph import FlowGraph
from engine.model.ids import CALL_OP, CallId, RunId, control_id, inbound_run_id, run_of
from engine.model.verbs import COMMANDS, REPEAT
from engine.simulate import voice_logs
from engine.simulate.refusals import justified
from engine.wire import answers, inbound, requests, webhooks
from engine.wire.answers import Answer
from engine.wire.callback_url import callback_url, open_token
from engine.wire.swml import PARKING
from tests.playbooks.machine import START_MS, Machine
from tests.properties.fetching import fetched

Manner = Literal["good", "late", "held", "failed", "swallowed", "lost", "doubled"]
MANNERS: dict[Manner, str] = {
    "good": "carried out and answered",
    "late": "carried out; the answer is on its way until `answer`",
    "held": "turned away (429) until the client gave up",
    "failed": "500, each time",
    "swallowed": "not carried out, and nobody knows",
    "lost": "carried out, and nobody knows",
    "doubled": "carried out, answered 500, and sent again by the client, where it may be",
}
KEY = b"k" * 32
PUBLIC_URL = "https://runner.example.com"
SWML_URL = "http://127.0.0.1/calls/inbound"
CLIENT_MS = 40_000
"""A command waits for its turn and for its answer no longer than this."""
_STEPS = 5_000


class Watched(Machine):
    """Hands over what was decided by each event, its start as well."""

    def __init__(self, graph: FlowGraph, event: StartEvent, uses: Mapping[str, Any]) -> None:
        self.decided: tuple[Command, ...] = ()
        super().__init__(graph, event, uses)

    def _took(self, event: AnyEvent, done: Advance) -> None:
        super()._took(event, done)
        self.decided = done.commands


class Line:
    """A run and its way to the platform. `since_ms`: since when it is the turn of what is at the head.

    `recovering`: a new process has taken it over, which has to see to what was pending up to this seq.
    `faulty`: some command did not get through as it should.
    """

    def __init__(self, machine: Watched) -> None:
        self.machine = machine
        self.outbox: deque[Command] = deque()
        self.answer: AnyEvent | None = None
        self.since_ms = machine.now_ms
        self.recovering: int | None = None
        self.faulty = False

    @property
    def busy(self) -> bool:
        return self.answer is not None or bool(self.outbox)

    @property
    def due_ms(self) -> int | None:
        """When the client has to come to an end with what is at the head."""
        return self.since_ms + CLIENT_MS if self.busy else None

    def wants(self, command: Command) -> bool:
        """What the run has given up meanwhile is not sent (as the runner does)."""
        state = self.machine.state
        if state.status == "ended":
            return state.call.state != "ended"
        return any(command.seq == one.seq for one in state.pending)


class World:
    def __init__(self, options: ExchangeOptions) -> None:
        self.now_ms = START_MS
        self.state = new_exchange(options=options, now_ms=START_MS)
        self.lines: dict[RunId, Line] = {}
        self.webhooks: list[Deliver] = []
        self.fetches: list[FetchSwml] = []
        self.decided: set[str] = set()
        self.began: Counter[str] = Counter()
        self.excused: set[str] = set()
        self.plan: deque[Manner] = deque()

    # The exchange

    def tell(self, given: AnyInput) -> HttpAnswer | None:
        reaction = apply(self.state, given)
        self.state = reaction.state
        for effect in reaction.effects:
            if isinstance(effect, Deliver) and effect.url.startswith(PUBLIC_URL):
                self.webhooks.append(effect)
            elif isinstance(effect, FetchSwml):
                self.fetches.append(effect)
        return reaction.answer

    def sets_callee(self, callee: CalleeSet) -> None:
        self.tell(callee)

    def act(self, call_id: str, did: Act) -> None:
        self.tell(CallerActed(at_ms=self.now_ms, call_id=call_id, action=did))

    def live_calls(self) -> list[str]:
        return [call_id for call_id, call in self.state.calls.items() if not call.is_over]

    def own_call(self, line: Line) -> Call | None:
        return self.state.calls.get(line.machine.state.call.call_id)

    # Runs begin

    def rings(self, graph: FlowGraph, uses: Mapping[str, Any], *, from_: str) -> Line:
        """An inbound call; where the platform reports its states, they come to the run's own URL."""
        number = len(self.state.calls)
        call_id = CallId(f"0e9c80d7-a149-4917-892d-{number:012d}")
        url = callback_url(PUBLIC_URL, KEY, control_id(inbound_run_id(call_id), CALL_OP))
        self.tell(
            CallPlaced(
                at_ms=self.now_ms, to="+15550100", from_=from_, call_id=call_id, swml_url=SWML_URL, status_url=url
            )
        )
        fetch = self.fetches.pop()
        line = self._begins(graph, inbound.decode(msgspec.json.encode(fetch.body), self.now_ms), uses)
        self.tell(
            SwmlAnswered(at_ms=self.now_ms, call_id=call_id, fetch=fetch.fetch, document=dict(PARKING)),
        )
        return line

    def dials(self, graph: FlowGraph, uses: Mapping[str, Any], inputs: dict[str, Any], *, to: str) -> Line:
        run_id = RunId(f"o{len(self.lines):020d}")
        event = RunRequested(
            at_ms=self.now_ms, run_id=run_id, to=to, from_="+15550100", inputs=inputs, ring_timeout_s=30
        )
        return self._begins(graph, event, uses)

    def _begins(self, graph: FlowGraph, event: StartEvent, uses: Mapping[str, Any]) -> Line:
        machine = Watched(graph, event, uses)
        line = self.lines[machine.state.run_id] = Line(machine)
        self._decide(line, machine.decided)
        return line

    # What comes to a run

    def feed(self, line: Line, event: AnyEvent) -> None:
        done = line.machine.feed(event)
        self._decide(line, done.commands)

    def _decide(self, line: Line, commands: tuple[Command, ...]) -> None:
        state = line.machine.state
        for command in commands:
            if isinstance(command, SendCommand):
                assert state.call.state != "ended", f"{command.command} after the run knew that its call is over"
                if command.control_id and not command.repeated and starts(command):
                    assert command.control_id not in self.decided, f"{command.control_id} is used twice"
                    self.decided.add(command.control_id)
        if commands and not line.busy:
            line.since_ms = self.now_ms
        line.outbox.extend(commands)

    def deliver(self, index: int, *, keep: bool = False) -> None:
        """A webhook arrives; `keep`: the platform sends it once more."""
        webhook = self.webhooks[index] if keep else self.webhooks.pop(index)
        target = urlsplit(webhook.url)
        control = open_token(target.path.rpartition("/")[2], KEY)
        assert control is not None, webhook.url
        if webhook.method == "GET":
            event = webhooks.decode_query(parse_qsl(target.query, keep_blank_values=True), control, self.now_ms)
        else:
            event = webhooks.decode(msgspec.json.encode(webhook.body), control, self.now_ms)
        # A flat transcript of nothing has neither a state, nor a type, nor a text.
        assert not isinstance(event, UnknownReported) or control.endswith(".transcribe"), event
        self.feed(self.lines[run_of(control)], event)

    def drop(self, index: int) -> None:
        self.webhooks.pop(index)

    # What a run sends

    def send(self, line: Line) -> None:
        """The command at the head goes out, unless an answer is still awaited."""
        while line.outbox and not line.wants(line.outbox[0]):
            line.outbox.popleft()
        if not line.outbox or line.answer is not None:
            return
        command = line.outbox.popleft()
        manner = self.plan.popleft() if self.plan else "good"
        line.faulty = line.faulty or manner not in ("good", "late")
        if isinstance(command, LookUpCall):
            self._arrives(line, manner, self.look_up(command, known=manner in ("good", "late")))
            return
        if isinstance(command, Fetch):
            self._arrives(line, manner, fetched(command, self.now_ms, reached=manner in ("good", "late")))
            return
        self._arrives(line, manner, self._answer(line, command, manner).event(seq=command.seq, at_ms=self.now_ms))

    def _arrives(self, line: Line, manner: Manner, event: AnyEvent) -> None:
        if manner == "late":
            line.answer, line.since_ms = event, self.now_ms
        else:
            line.since_ms = self.now_ms
            self.feed(line, event)

    def hear_answer(self, line: Line) -> None:
        """The answer that was late is there."""
        if line.answer is not None:
            event = msgspec.structs.replace(line.answer, at_ms=self.now_ms)
            line.answer, line.since_ms = None, self.now_ms
            self.feed(line, event)

    def _answer(self, line: Line, command: SendCommand, manner: Manner) -> Answer:
        """As the client reports it: by the command's repeat class, with its retries in it."""
        repeat = REPEAT[command.command]
        if self._is_too_late(command):
            return Answer(kind="unavailable", code="too-late")
        if manner in ("good", "late"):
            return self._carry_out(line, command, again=False)
        if manner == "held":
            return Answer(kind="unavailable", http_status=429)
        if manner == "failed":
            return Answer(kind="unknown" if repeat == "never" else "unavailable", http_status=500)
        if manner == "swallowed":
            return Answer(kind="unknown", code="timeout")
        self._carry_out(line, command, again=False)
        if repeat == "safe" or (manner == "doubled" and repeat == "while_unseen"):
            # The platform says that 500 may be sent again; what was over by then is begun anew.
            self.excused.add(command.control_id or "")
            return self._carry_out(line, command, again=True)
        return Answer(kind="unknown", code="reset")

    def _is_too_late(self, command: SendCommand) -> bool:
        return bool(command.not_after_ms) and self.now_ms > command.not_after_ms

    def _carry_out(self, line: Line, command: SendCommand, *, again: bool) -> Answer:
        if command.command == "dial" and line.machine.state.dial_waits:
            self.feed(line, DialSent(at_ms=self.now_ms))
        url = callback_url(PUBLIC_URL, KEY, command.control_id) if command.reports and command.control_id else None
        body = requests.body(command, url)
        written = requests.encode(command, url)
        assert msgspec.json.decode(written) == body
        before = self.state
        answer = self.tell(ApiRequest(at_ms=self.now_ms, body=msgspec.json.decode(written)))
        assert answer is not None
        again = again or command.repeated
        if not 200 <= answer.status < 300:
            why = justified(before, command, answer, again=again, decided=self.decided)
            assert why, f"an illegal command: {answer.body} to {body}"
        elif starts(command) and command.control_id:
            self._count_begun(before, command)
        text = answer.text.encode() if answer.text else msgspec.json.encode(answer.body)
        known = again and (command.control_id is not None or REPEAT[command.command] == "safe")
        return answers.classify(answer.status, text, repeated=known)

    def _count_begun(self, before: Any, command: SendCommand) -> None:
        """What is begun is heard: no operation is to begin twice."""
        assert command.control_id is not None
        call = before.calls.get(command.call_id)
        if call is not None and any(one.control_id == command.control_id for one in call.operations):
            return
        self.began[command.control_id] += 1

    # Crashes

    def crash(self, line: Line, *, carried_out: bool) -> None:
        """The process dies: what it had not sent is gone, and so is the answer on its way. What was at the
        head may be `carried_out` already. A new process loads the run."""
        if line.answer is None and line.outbox and line.wants(line.outbox[0]) and carried_out:
            command = line.outbox[0]
            if isinstance(command, SendCommand) and not self._is_too_late(command):
                self._carry_out(line, command, again=False)
                line.outbox.popleft()
        # A dial that has certainly not gone out goes out for the first time.
        dials = (one for one in line.outbox if isinstance(one, SendCommand) and one.command == "dial")
        self.decided -= {one.control_id or "" for one in dials}
        line.outbox.clear()
        line.answer = None
        line.faulty = True
        # A second crash before the first was seen to leaves more to see to.
        line.recovering = line.machine.state.seq

    def resume(self, line: Line, *, known: bool = True) -> None:
        """What the platform knows of the call is fed first (`known`: it says something), then `Resumed`."""
        seq, line.recovering = line.recovering, None
        if seq is None:
            return
        call = line.machine.state.call
        if call.call_id and call.state != "ended" and not line.machine.is_over:
            if not known:
                ops = line.machine.state.operations.values()
                self.excused |= {op.control_id for op in ops if op.phase == "requested"}
            self.feed(line, self.look_up(question(line), known=known))
        if not line.machine.is_over:
            self.feed(line, Resumed(at_ms=self.now_ms, seq=seq))

    # Time

    def pass_until(self, until_ms: int, *, attentive: bool = False) -> None:
        """Time passes, for the exchange and the runs alike; whoever is due on the way acts at its own moment.

        `attentive`: meanwhile every command gets through and every webhook arrives at once. The client comes
        to an end with a command in its time in any case.
        """
        for _ in range(_STEPS):
            if attentive:
                self.settle()
            due_ms = self._next_due_ms()
            self.now_ms = max(self.now_ms, until_ms if due_ms is None else min(due_ms, until_ms))
            self._due()
            if self.now_ms >= until_ms:
                return
        raise AssertionError("time stands still")

    def settle(self) -> None:
        """Everything that is on its way arrives, in its order, until nothing is on its way any more."""
        for _ in range(_STEPS):
            busy = [line for line in self.lines.values() if line.busy or line.recovering is not None]
            for line in busy:
                self.resume(line)
                self.send(line)
            if self.webhooks:
                self.deliver(0)
            elif not busy:
                return
            for line in busy:
                self.hear_answer(line)
        raise AssertionError("it never comes to rest")

    def _next_due_ms(self) -> int | None:
        times = [next_due_ms(self.state)]
        for line in self.lines.values():
            times += [line.due_ms, line.machine.state.next_due_ms]
        return min((time for time in times if time is not None), default=None)

    def _due(self) -> None:
        self.tell(TimePassed(at_ms=self.now_ms))
        for line in self.lines.values():
            self.resume(line)
            if line.due_ms is not None and line.due_ms <= self.now_ms:
                self.hear_answer(line)
                self.send(line)
            due_ms = line.machine.state.next_due_ms
            if due_ms is not None and due_ms <= self.now_ms:
                self.feed(line, TimerDue(at_ms=self.now_ms))

    # The voice log

    def look_up(self, command: LookUpCall, *, known: bool = True) -> CallLookedUp:
        """What the log says, read as the runner reads it; not `known`: the log does not answer."""
        if not known:
            return CallLookedUp(at_ms=self.now_ms, seq=command.seq, found="unknown")
        return voice_logs.look_up(self.state, command, self.now_ms)


def question(line: Line) -> LookUpCall:
    """What a process asks about a run that it takes over."""
    state = line.machine.state
    live: dict[str, int] = {op.control_id: op.began_ms for op in state.operations.values() if op.phase != "over"}
    return LookUpCall(seq=0, call_id=state.call.call_id, segment_id=state.call.segment_id, operations=live)


def starts(command: SendCommand) -> bool:
    """Does it begin an operation of its own?"""
    row = COMMANDS.get(command.command)
    return command.command == "dial" or (row is not None and row.shape == "operation")
