"""Every order in which one platform history can be heard.

A history is what the platform does on one call: webhooks, each with what has to have happened first
(a command that caused it). `outcomes` tries every order of hearing them and of the answers to commands,
except for what cannot be: hearing of something before its cause. Runs that stand the same are followed once.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from engine.interpret import advance, start
from engine.model.advance import Advance
from engine.model.codec import decode_state, encode
from engine.model.commands import Command, LookUpCall, SendCommand
from engine.model.events import AnyEvent, CallLookedUp, CommandAnswered, OperationReported, TimePassed
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId
from engine.model.state import RunState
from engine.simulate.cases.invariants import remembering
from tests.playbooks.machine import arrived


class Heard(Struct, frozen=True):
    """A webhook: of which operation (`menu.1.1.play`), with which mark. It can only be sent after `cause`, a
    command to that operation; by default the one that starts it."""

    op: str
    mark: str
    fields: dict[str, Any] = {}
    cause: str = ""

    @property
    def verb(self) -> str:
        return self.op.rpartition(".")[2]

    @property
    def command(self) -> tuple[str, str]:
        return (self.cause or f"calling.{self.verb}", self.op)


class Standing(Struct, frozen=True):
    """Where a run stands between two events: its state, what is still to be heard, which commands went out."""

    state: bytes
    webhooks: tuple[int, ...]
    answers: tuple[int, ...]
    sent: frozenset[tuple[str, str]]


Outcome = tuple[Any, ...]
Judge = Callable[[RunState], Outcome]


def outcomes(
    graph: FlowGraph, history: list[Heard], judge: Judge, *, lose_answer: int = 0, answers_first: bool = False
) -> set[Outcome]:
    """All the ways in which the run can end. `lose_answer`: the seq of a command whose answer never comes;
    `answers_first`: commands are answered at once, which leaves fewer orders to try."""
    found: set[Outcome] = set()
    seen: set[Standing] = set()
    graph = remembering(graph)
    first = start(graph, arrived())
    open_ = [_after(first, tuple(range(len(history))), (), frozenset(), lose_answer)]
    while open_:
        here = open_.pop()
        if here in seen:
            continue
        seen.add(here)
        state = decode_state(here.state)
        nexts = list(_answers(graph, here, state, lose_answer))
        if not (nexts and answers_first):
            nexts += _webhooks(graph, history, here, state, lose_answer)
        open_ += nexts
        if not nexts:
            found.add(judge(_to_the_end(graph, state, lose_answer)))
    return found


def _webhooks(
    graph: FlowGraph, history: list[Heard], here: Standing, state: RunState, lose_answer: int
) -> Iterator[Standing]:
    for index in here.webhooks:
        heard = history[index]
        if heard.command in here.sent:
            control = ControlId(f"{state.run_id}.0.{heard.op}")
            event = OperationReported(
                at_ms=state.at_ms, control_id=control, verb=heard.verb, mark=heard.mark, fields=heard.fields
            )
            left = tuple(one for one in here.webhooks if one != index)
            yield _after(advance(graph, state, event), left, here.answers, here.sent, lose_answer)


def _answers(graph: FlowGraph, here: Standing, state: RunState, lose_answer: int) -> Iterator[Standing]:
    for seq in here.answers:
        event = CommandAnswered(at_ms=state.at_ms, seq=seq, kind="accepted", http_status=200)
        left = tuple(one for one in here.answers if one != seq)
        yield _after(advance(graph, state, event), here.webhooks, left, here.sent, lose_answer)


def _after(
    done: Advance,
    webhooks: tuple[int, ...],
    answers: tuple[int, ...],
    sent: frozenset[tuple[str, str]],
    lose_answer: int,
) -> Standing:
    new = [one for one in done.commands if isinstance(one, SendCommand)]
    return Standing(
        encode(done.state),
        webhooks,
        (*answers, *(one.seq for one in new if one.seq != lose_answer)),
        sent | {_named(one) for one in new},
    )


def _named(command: SendCommand) -> tuple[str, str]:
    return (command.command, (command.control_id or "").partition(".0.")[2])


def _to_the_end(graph: FlowGraph, state: RunState, lose_answer: int) -> RunState:
    """Nothing more is heard: time passes, commands are accepted, look-ups find the call alive."""
    commands: list[Command] = list(state.pending)
    for _ in range(200):
        if state.status == "ended":
            return state
        event: AnyEvent
        if commands:
            command = commands.pop(0)
            if command.seq == lose_answer:
                continue
            if isinstance(command, LookUpCall):
                event = CallLookedUp(at_ms=state.at_ms, seq=command.seq, found="answered")
            else:
                event = CommandAnswered(at_ms=state.at_ms, seq=command.seq, kind="accepted", http_status=200)
        else:
            assert state.next_due_ms is not None
            event = TimePassed(at_ms=max(state.next_due_ms, state.at_ms))
        done = advance(graph, state, event)
        commands += done.commands
        state = done.state
    raise AssertionError(f"no end: {state.frame.doing}")
