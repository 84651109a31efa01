"""Carries out one move: the same interpreter, wire and exchange as a live call and a simulated one."""

from typing import assert_never

import msgspec
from msgspec.structs import replace

from engine.exchange.apply import apply
from engine.exchange.apply import next_due_ms as exchange_due_ms
from engine.exchange.effects import CallerDid, Deliver, FetchSwml, Heard, HttpAnswer
from engine.exchange.faults import Fault
from engine.exchange.inputs import AnyInput, ApiRequest, CallerActed, SwmlAnswered
from engine.exchange.inputs import TimePassed as TimeTold
from engine.exchange.operation import earliest
from engine.exchange.options import ExchangeOptions
from engine.interpret import guarded
from engine.interpret.carried_out import carried_out
from engine.model.advance import Advance
from engine.model.commands import Fetch, LookUpCall
from engine.model.events import AnyEvent, SignalReceived, TimePassed
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId, StepName, op_of
from engine.model.state import RunState
from engine.model.visits import with_visit
from engine.simulate import addresses, attempts, requests, voice_logs
from engine.simulate.attempts import Attempt
from engine.simulate.explore import moves, tidying
from engine.simulate.explore.moves import AnyMove
from engine.simulate.explore.situation import Asked, Flying, Left, Situation, Underway
from engine.simulate.explore.taken import Happened, Taken
from engine.simulate.laws import Refusal, Turned
from engine.simulate.scenario import Reply
from engine.wire import inbound
from engine.wire.swml import GOOD_BYE, PARKING


class Taking:
    """One move at work. Make one for each."""

    def __init__(self, graph: FlowGraph, at: Situation) -> None:
        self.graph = graph
        self.at = at
        self.now_ms = at.now_ms
        self.run = at.run
        self.exchange = at.exchange
        self.left: Left = at.left
        self.waiting = list(at.waiting)
        self.ready_ms = at.ready_ms
        self.held = at.held
        self.acted = at.acted
        self.sent = at.sent
        self.flying = list(at.flying)
        self.asked = list(at.asked)
        self.released: list[Flying] = []
        self.turns: list[Turned] = []
        self.refusals: list[Refusal] = []
        self.happened: list[Happened] = []
        self.stale: list[Turned] = []

    def take(self, move: AnyMove) -> Taken:
        if move.worn:
            self._wear_out(move.worn)
        self._do(move)
        if moves.fault_of(move):
            self.left = self.left.after_fault()
        if move.loses is not None:
            self.flying.remove(self.released[move.loses])
        return self.close()

    def close(self) -> Taken:
        self._goes_along()
        tidying.tidy(self)
        self.exchange = tidying.forgetting(self.exchange, self.run)
        after = Situation(
            now_ms=self.now_ms,
            run=self.run,
            exchange=self.exchange,
            left=self.left,
            waiting=tuple(self.waiting),
            ready_ms=self.ready_ms,
            held=self.held and bool(self.waiting),
            sent=self.sent,
            flying=tuple(self.flying),
            asked=tuple(self.asked),
        )
        released = tuple(one for one in self.released if one.webhook is not None)
        found = (tuple(self.turns), tuple(self.refusals), tuple(self.happened), tuple(self.stale))
        return Taken(replace(after, acted=self.acted and not (after.is_quiet and after.sent is None)), *found, released)

    def _do(self, move: AnyMove) -> None:
        match move:
            case moves.Hear():
                self._hear(move)
            case moves.Read():
                self._read()
            case moves.Send():
                self._send(move.spoilt)
            case moves.Slow():
                self._holds_up(move)
            case moves.Does(act=act):
                self.acted = True
                self.tell(CallerActed(at_ms=self.now_ms, call_id=self.run.call.call_id, action=act))
                self.happened.append(CallerDid(call_id=self.run.call.call_id, at_ms=self.now_ms, act=act))
            case moves.Replies(name=name, reply=reply):
                self._reply(name, reply)
            case moves.Signals(signal=signal):
                self.left = self.left.after_signal(signal.name)
                self.feed(SignalReceived(at_ms=self.now_ms, name=signal.name, payload=dict(signal.payload)))
            case moves.Limit():
                self.left = self.left.after_limit()
                self.run = replace(self.run, timers={**self.run.timers, "call": self.now_ms})
                self.feed(TimePassed(at_ms=self.now_ms))
            case moves.Tick():
                self._ticks()
            case moves.Due():
                self._goes_on(self.run.next_due_ms)
                self.feed(TimePassed(at_ms=self.now_ms))
            case moves.Again():
                self._again()
            case moves.GivesUp(name=name):
                self._goes_on(next(one.due_ms for one in self.asked if one.name == name))
                self._reply(name, Reply(kind="timeout"))
            case _:
                assert_never(move)

    def _ticks(self) -> None:
        """Until the platform tells of something, or somebody else's moment has come: what nobody hears of is no moment
        for anybody."""
        others = earliest(self.run.next_due_ms, self.at.may_wait_until_ms, *(one.due_ms for one in self.asked))
        if self.sent is not None and not self.at.can_read:
            others = earliest(others, self.sent.due_ms)
        due_ms = exchange_due_ms(self.exchange)
        while due_ms is not None and not self.released and not self._asks():
            self._goes_on(due_ms)
            self.tell(TimeTold(at_ms=self.now_ms))
            due_ms = exchange_due_ms(self.exchange)
            if due_ms is not None and others is not None and due_ms > others:
                return

    def _goes_along(self) -> None:
        """What is due on the platform at this very moment, and is merely heard, has been: it leads to what counts as the same."""
        due_ms = exchange_due_ms(self.exchange)
        if due_ms is None or due_ms > self.now_ms:
            return
        reaction = apply(self.exchange, TimeTold(at_ms=self.now_ms))
        heard = [effect for effect in reaction.effects if isinstance(effect, Heard)]
        if heard and len(heard) == len(reaction.effects):
            self.exchange = reaction.state
            self.happened.extend(heard)

    def _asks(self) -> bool:
        """Is there something new to decide?"""
        call, before = self.exchange.calls.get(self.run.call.call_id), self.at.call
        return call is not None and before is not None and call.asks != before.asks

    def _goes_on(self, due_ms: int | None) -> None:
        assert due_ms is not None
        self.now_ms = max(self.now_ms, due_ms)

    def _wear_out(self, step: str) -> None:
        """The visits of a step of the current frame are used up."""
        self.left = self.left.after_limit()
        frame = self.run.frame
        flow = self.graph.flow_of(frame.subflow)
        own = flow.steps[step].visits
        most = own.max if own is not None else flow.limits.visits
        self.run = replace(self.run, frame=replace(frame, visits=with_visit(flow, frame.visits, StepName(step), most)))

    # The platform

    def tell(self, given: AnyInput, options: ExchangeOptions | None = None) -> HttpAnswer | None:
        """`options` hold for this alone."""
        usual = self.exchange.options
        before = self.exchange if options is None else replace(self.exchange, options=options)
        reaction = apply(before, given)
        self.exchange = reaction.state if options is None else replace(reaction.state, options=usual, counts=())
        for effect in reaction.effects:
            if isinstance(effect, Deliver):
                self._leaves(effect)
            elif isinstance(effect, FetchSwml):
                self._flies(Flying(since_ms=self.now_ms, question=effect))
            else:
                self.happened.append(effect)
        return reaction.answer

    def _leaves(self, webhook: Deliver) -> None:
        event = addresses.report(webhook, 0)
        if event is not None:
            self._flies(Flying(since_ms=self.now_ms, webhook=webhook, event=event))

    def _flies(self, one: Flying) -> None:
        self.flying.append(one)
        self.released.append(one)

    # What is under way

    def _holds_up(self, move: moves.Slow) -> None:
        if move.what == "webhook":
            self.flying[move.place] = replace(self.flying[move.place], slow=True)
        elif move.what == "answer":
            assert self.sent is not None
            self.sent = replace(self.sent, slow=True)
        else:
            self.held = True

    def _hear(self, move: moves.Hear) -> None:
        one = self.flying[move.place] if move.again else self.flying.pop(move.place)
        if one.question is not None:
            self._answer_swml(one.question)
            return
        assert one.event is not None
        self.feed(replace(one.event, at_ms=self.now_ms))

    def _answer_swml(self, question: FetchSwml) -> None:
        """As in a simulated call: the way back from SWML, or a document that only the real world has."""
        given = SwmlAnswered(at_ms=self.now_ms, call_id=question.call_id, fetch=question.fetch)
        way = addresses.way_back(question.url)
        if way is None:
            self.tell(replace(given, failure="nobody answers in an explored call"))
            return
        over = self.run.status == "ended" or bool(self.run.end_reason)
        if not over:
            self.feed(inbound.decode_return(msgspec.json.encode(question.body), *way, self.now_ms))
        self.tell(replace(given, document=dict(GOOD_BYE if over else PARKING)))

    def _read(self) -> None:
        sent, self.sent = self.sent, None
        assert sent is not None
        assert sent.read is not None
        self._answered(sent.attempt, sent.read)

    def _again(self) -> None:
        assert self.sent is not None
        self._goes_on(self.sent.due_ms)
        if self.sent.read is not None:
            return  # its patience is at an end: the answer is there
        sent, self.sent = self.sent, None
        attempt = sent.attempt
        if attempt.last is not None and self.seen(attempt):
            self._over(attempt, attempt.last)
        elif attempt.is_too_late(self.now_ms):
            self._over(attempt, attempts.TOO_LATE)
        else:
            self._try(attempt, "")

    def _send(self, spoilt: moves.Spoils) -> None:
        command = self.waiting.pop(0)
        self.held = False
        self.ready_ms = self.now_ms
        if isinstance(command, LookUpCall):
            self.feed(voice_logs.look_up(self.exchange, command, self.now_ms))
            return
        attempt = Attempt(command=command, first_ms=self.now_ms)
        if attempt.is_too_late(self.now_ms):
            self._over(attempt, attempts.TOO_LATE)
        else:
            self._try(attempt, spoilt)

    def _try(self, attempt: Attempt, spoilt: moves.Spoils) -> None:
        body = addresses.request(attempt.command)
        due_ms = exchange_due_ms(self.exchange)
        if due_ms is not None and due_ms <= self.now_ms:
            self.tell(TimeTold(at_ms=self.now_ms))  # what is due at this moment comes before it
        options = _spoiling(self.exchange.options, spoilt) if spoilt else None
        before = self.exchange
        answer = self.tell(ApiRequest(at_ms=self.now_ms, body=body), options)
        assert answer is not None
        if answer.status >= 300 and not spoilt:
            again = attempt.number > 0 or attempt.command.repeated
            self.refusals.append(Refusal(attempt.command, answer, before, again))
        read = attempts.read(attempt, answer)
        self.sent = Underway(attempt=attempt, due_ms=self.now_ms + read.after_ms, read=read)

    def _answered(self, attempt: Attempt, read: attempts.Read) -> None:
        following = None if self.seen(attempt) else attempts.following(attempt, read, self.now_ms)
        if following is None:
            self._over(attempt, read.answer)
        else:
            again, at_ms = following
            self.sent = Underway(attempt=again, due_ms=at_ms)

    def _over(self, attempt: Attempt, answer: attempts.Answer) -> None:
        self.ready_ms = self.now_ms
        settled = attempts.settled(attempt, answer)
        self.feed(settled.event(seq=attempt.command.seq, at_ms=self.now_ms))

    def seen(self, attempt: Attempt) -> bool:
        return carried_out(self.run, attempt.command)

    def _reply(self, name: str, reply: Reply) -> None:
        index = next(at for at, one in enumerate(self.asked) if one.name == name)
        one = self.asked.pop(index)
        self.feed(requests.fetched(one.command, reply, self.now_ms))

    # The run

    def feed(self, event: AnyEvent) -> None:
        before = self.run
        done, fault = guarded(self.graph, before, event)
        self.took(before, event, done, fault)

    def took(self, before: RunState, event: AnyEvent, done: Advance, fault: Exception | None = None) -> None:
        self.run = done.state
        self.turns.append(Turned(before, event, done, fault))
        self.happened.append((event, done))
        for command in done.commands:
            if isinstance(command, Fetch):
                due_ms = self.now_ms + command.timeout_ms
                self.asked.append(Asked(name=self._name(command), command=command, due_ms=due_ms))
            else:
                if not self.waiting:
                    self.ready_ms = self.now_ms
                self.waiting.append(command)

    def _name(self, command: Fetch) -> str:
        frame, _, step = op_of(ControlId(command.key)).rsplit(".", 3)[0].partition(".")
        frames = {one.number: one.flow for one in (*self.run.callers, self.run.frame)}
        flow = frames.get(int(frame), "") if int(frame) else ""
        return f"{flow}/{step}" if flow else step


def _spoiling(options: ExchangeOptions, spoilt: moves.Spoils) -> ExchangeOptions:
    assert spoilt
    fault = Fault(kind="*", do=spoilt, nth=0)
    return replace(options, faults=(fault,))
