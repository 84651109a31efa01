"""One flow against the exchange, in memory and in virtual time: the same interpreter, and the same wire, as a live call.

What happens at one moment happens in this order: webhooks (and what else comes in), one after the other, in the order in
which they left; then the next command goes out, and its answer is there before what it causes. A command waits for the
answer to the one before it; fetches go beside. Then time goes on to whatever is due next.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from engine.exchange.apply import apply, new_exchange, next_due_ms
from engine.exchange.caller import Line, Marks
from engine.exchange.effects import CallerDid, Deliver, FetchSwml, HttpAnswer
from engine.exchange.inputs import AnyInput, CalleeSet, CallPlaced, SwmlAnswered
from engine.exchange.inputs import TimePassed as TimeTold
from engine.exchange.state import Call
from engine.interpret import guarded, start
from engine.model.advance import Advance
from engine.model.commands import Fetch
from engine.model.events import AnyEvent, Fetched, RunRequested, SignalReceived, StartEvent, TimePassed
from engine.model.graph import FlowGraph, ReturnValue
from engine.model.ids import CallId, ControlId, StepName, op_of, outbound_run_id
from engine.model.state import Frame, RunState
from engine.simulate import addresses, requests
from engine.simulate.agenda import Agenda
from engine.simulate.ledger import Ledger
from engine.simulate.limited import limited
from engine.simulate.outcome import Outcome, Returned
from engine.simulate.scenario import Scenario, Sooner
from engine.simulate.sending import Sender, wanted
from engine.wire import inbound
from engine.wire.swml import GOOD_BYE, PARKING

_CALL_ID = CallId("0e9c80d7-a149-4917-892d-420043709f45")


def simulate(graph: FlowGraph, scenario: Scenario) -> Outcome:
    """The whole call. A flow with an `outbound:` header calls; any other one is called."""
    return _Call(graph, scenario).whole()


class _Call:
    def __init__(self, graph: FlowGraph, scenario: Scenario) -> None:
        self.graph = graph if scenario.limits == Sooner() else limited(graph, scenario.limits)
        self.scenario = scenario
        self.now_ms = scenario.at_ms
        options = msgspec.structs.replace(scenario.options, faults=scenario.faults)
        self.exchange = new_exchange(options=options, seed=scenario.seed, now_ms=scenario.at_ms)
        self.ledger = Ledger(graph.flow)
        self.shelf = requests.Shelf(scenario.replies)
        self.agenda = Agenda()
        self.inbox: deque[Deliver | FetchSwml | SignalReceived] = deque()
        self.sender = Sender(self)
        self.events = 0
        self.frames = {0: ""}
        self.broken: list[str] = []
        self.unbounded = ""
        self.state: RunState

    def whole(self) -> Outcome:
        self._begin()
        stuck = ""
        while not stuck:
            self._settle()
            due_ms = self._next_due_ms()
            self._looks_for_a_bound()
            if due_ms is None or (self._is_over and (self.call is None or self.call.is_over) and self.idle):
                break
            stuck = self._gives_up(due_ms)
            self.now_ms = max(self.now_ms, due_ms)
            self._due()
        return self._outcome(stuck if not self._is_over else "")

    @property
    def _is_over(self) -> bool:
        return self.state.status == "ended"

    @property
    def idle(self) -> bool:
        return self.agenda.due_ms is None and not self.exchange.outbox

    @property
    def call(self) -> Call | None:
        return self.exchange.calls.get(self.state.call.call_id)

    # The beginning

    def _begin(self) -> None:
        if self.graph.outbound is None:
            self._is_called()
        else:
            self._calls()

    def _is_called(self) -> None:
        given = self.scenario
        self.tell(
            CallPlaced(
                at_ms=self.now_ms,
                to=given.line,
                from_=given.person,
                call_id=_CALL_ID,
                swml_url=addresses.ARRIVAL,
                status_url=addresses.of_call(_CALL_ID),
                script=given.script,
                detected=given.detected,
                signs=given.signs,
            )
        )
        question = self.inbox.popleft()
        assert isinstance(question, FetchSwml)
        arrived = inbound.decode(msgspec.json.encode(question.body), self.now_ms)
        self._start(msgspec.structs.replace(arrived, inputs=dict(given.inputs)))
        self.tell(_document(self.now_ms, question, PARKING))

    def _calls(self) -> None:
        given, outbound = self.scenario, self.graph.outbound
        assert outbound is not None
        self.tell(
            CalleeSet(
                at_ms=self.now_ms,
                number=given.person,
                outcome=given.answers,
                after_ms=given.after_ms,
                script=given.script,
                detected=given.detected,
                signs=given.signs,
            )
        )
        self._start(
            RunRequested(
                at_ms=self.now_ms,
                run_id=outbound_run_id(b"simulated"),
                to=given.person,
                from_=outbound.from_ or given.line,
                inputs=dict(given.inputs),
                ring_timeout_s=outbound.timeout_s,
                max_price_per_minute=outbound.max_price_per_minute,
            )
        )

    def _start(self, event: StartEvent) -> None:
        self._took(event, start(self.graph, event, uses=self.scenario.uses))

    # Time

    def _next_due_ms(self) -> int | None:
        times = (self.agenda.due_ms, next_due_ms(self.exchange), self.state.next_due_ms)
        return min((time for time in times if time is not None), default=None)

    def _looks_for_a_bound(self) -> None:
        if self.state.next_due_ms is None and not self.unbounded and not self._is_over and self.agenda.due_ms is None:
            self.unbounded = self.state.frame.step

    def _gives_up(self, due_ms: int) -> str:
        given = self.scenario
        if due_ms - given.at_ms > given.max_ms:
            return f"after {given.max_ms / 60_000:g} minutes the call was still going on"
        return f"after {given.max_events} events the call was still going on" if self.events > given.max_events else ""

    def _due(self) -> None:
        self.tell(TimeTold(at_ms=self.now_ms))
        self.agenda.do(self.now_ms)
        self._settle()
        due_ms = self.state.next_due_ms
        if due_ms is not None and due_ms <= self.now_ms:
            self.feed(TimePassed(at_ms=self.now_ms))

    def _settle(self) -> None:
        """Until nothing is left to do at this moment."""
        while True:
            if self.inbox:
                self._arrives(self.inbox.popleft())
            elif not self.sender.send_next() or self.events > 2 * self.scenario.max_events:
                return

    # The exchange

    def tell(self, given: AnyInput) -> HttpAnswer | None:
        reaction = apply(self.exchange, given)
        self.exchange = reaction.state
        for effect in reaction.effects:
            if isinstance(effect, Deliver | FetchSwml):
                self.inbox.append(effect)
                continue
            self.ledger.noticed(effect)
            if isinstance(effect, CallerDid) and isinstance(effect.act, Marks):
                signal = self.scenario.signals[effect.act.name]
                payload = dict(signal.payload)
                self.inbox.append(SignalReceived(at_ms=self.now_ms, name=signal.name, payload=payload))
        return reaction.answer

    def _arrives(self, one: Deliver | FetchSwml | SignalReceived) -> None:
        match one:
            case SignalReceived():
                self.feed(one)
            case FetchSwml():
                self._asked(one)
            case Deliver():
                event = addresses.report(one, self.now_ms)
                if event is not None:
                    self.feed(event)

    def _asked(self, question: FetchSwml) -> None:
        """The way back from SWML, or a document that only the real world has."""
        way = addresses.way_back(question.url)
        if way is None:
            failure = "nobody answers in a simulated call"
            self.tell(SwmlAnswered(at_ms=self.now_ms, call_id=question.call_id, fetch=question.fetch, failure=failure))
            return
        over = self._is_over or bool(self.state.end_reason)
        if not over:
            self.feed(inbound.decode_return(msgspec.json.encode(question.body), *way, self.now_ms))
        self.tell(_document(self.now_ms, question, GOOD_BYE if over else PARKING))

    # The run

    def feed(self, event: AnyEvent) -> None:
        self.events += 1
        done, fault = guarded(self.graph, self.state, event)
        if fault is not None:
            self.broken.append(f"{type(fault).__name__}: {fault}")
        self._took(event, done)

    def _took(self, event: AnyEvent, done: Advance) -> None:
        self.state = done.state
        self.frames[done.state.frame.number] = done.state.frame.flow
        self.ledger.took(event, done)
        for command in done.commands:
            if isinstance(command, Fetch):
                self._fetch(command)
            else:
                self.sender.take(command)

    def _fetch(self, command: Fetch) -> None:
        frame, _, step = op_of(ControlId(command.key)).rsplit(".", 3)[0].partition(".")
        flow = self.frames[int(frame)] if int(frame) else ""
        name = f"{flow}/{step}" if flow else step
        reply = self.shelf.take(name, command.url)
        self.ledger.requested(name, command, given=reply is not None)
        if reply is None:
            nothing = Fetched(at_ms=0, seq=command.seq, kind="failed", code="unreachable", message="no reply is given")
            self.agenda.put(self.now_ms, partial(self._replied, command, nothing))
            return
        at_ms = self.now_ms + requests.after_ms(command, reply)
        self.agenda.put(at_ms, partial(self._replied, command, requests.fetched(command, reply, at_ms)))

    def _replied(self, command: Fetch, event: Fetched) -> None:
        if wanted(self.state, command):
            self.feed(msgspec.structs.replace(event, at_ms=self.now_ms))

    # The end

    def _outcome(self, stuck: str) -> Outcome:
        ledger = self.ledger
        ledger.arrived()
        root = self.state.callers[0] if self.state.callers else self.state.frame
        return Outcome(
            ended=self.state.end_reason if self._is_over else "",
            stuck=stuck,
            path=tuple(ledger.path),
            outcomes=ledger.outcomes,
            heard=tuple(ledger.heard),
            commands=tuple(ledger.sent),
            fetches=tuple(ledger.fetches),
            vars=root.vars,
            returned=self._returned(root),
            recordings=tuple(ledger.recordings),
            transitions=tuple(ledger.transitions),
            handled=tuple(ledger.handled),
            open=tuple(self._left_open()),
            unread=self._unread(),
            unused=self.shelf.unused,
            in_vain=tuple(ledger.in_vain),
            unmet=tuple(self._unmet()),
            refusals=tuple(ledger.refusals),
            unbounded=self.unbounded,
            call=self.call,
            broken=tuple(self.broken),
            happened=tuple(ledger.happened),
            began_ms=self.scenario.at_ms,
            graph=self.graph,
        )

    def _returned(self, root: Frame) -> Returned | None:
        step, outcome = self.ledger.returned or ("", "")
        if not step or not isinstance(self.graph.steps[StepName(step)].value, ReturnValue):
            return None
        fields = root.results.get(StepName(step), {})
        return Returned(outcome=outcome, fields={name: one for name, one in fields.items() if name != "outcome"})

    def _left_open(self) -> list[str]:
        """The run's own call, where it lives on without the run and was not handed on. Another leg is meant to live on."""
        own = self.call
        return [own.to] if own is not None and not own.is_over and self.state.end_reason != "redirected" else []

    def _unmet(self) -> Iterator[int]:
        """Faults that had nothing to happen to: too little of their kind, or none."""
        faults = self.scenario.faults
        for place, (fault, seen) in enumerate(zip(faults, self.exchange.counts or (0,) * len(faults), strict=True)):
            if fault.probability is None and seen < max(fault.nth, 1):
                yield place

    def _unread(self) -> tuple[Line, ...]:
        """A wait that the end of the call cut short was come to."""
        caller = self.call.caller if self.call is not None else None
        if caller is None:
            was_called = self.graph.outbound is None or (self.call is not None and self.call.answered_ms is not None)
            return () if was_called else self.scenario.script
        return caller.script[caller.at + (caller.until_ms is not None) :]


def _document(at_ms: int, question: FetchSwml, document: Mapping[str, Any]) -> SwmlAnswered:
    return SwmlAnswered(at_ms=at_ms, call_id=question.call_id, fetch=question.fetch, document=dict(document))
