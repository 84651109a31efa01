"""What holds of every call, whatever the flow: when it is explored, and when it is a case. What does not is a breach.

Here are the laws of one event and of one command; those that need more than one call are in `explore`.
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.effects import HttpAnswer
from engine.exchange.state import Call, ExchangeState
from engine.interpret.operations import life_of
from engine.model.advance import Advance
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, CommandAnswered, OperationReported
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.model.verbs import COMMANDS, VERB
from engine.simulate import idle
from engine.simulate.refusals import justified
from engine.simulate.transcript import Line
from engine.wire.swml import parks

LAWS = {
    "sound": "nothing goes wrong within Offhook itself",
    "accepted": "no command is refused that the run could know to be wrong",
    "known-over": "nothing is ordered of an operation that the run knows to be over",
    "late": "a report of what is over changes nothing",
    "doubled": "a webhook that comes twice counts once",
    "deadline": "every wait has a deadline",
    "ends": "from everywhere there is a way to an end",
    "left-open": "no call and no operation is left when the run is over",
    "as-told": "a run that ended as `redirected` has had its call taken over",
    "same-end": "the same choices lead to the same place, whatever the order of webhooks and answers",
    "lost-well": "with a loss, the run ends as it might have without, or as `lost`, or lands",
    "limits": "a limit that is reached leads where the flow says",
    "as-tested": "a case goes as it expects, also where a webhook or an answer is slow, or comes twice",
    "secret": "no secret is in a transcript",
    "invariant": "an invariant of the flow's own",
}


_TAKES_OVER = ("command.update", "command.calling.transfer", "command.calling.refer")


class Breach(Struct, frozen=True):
    """`ends`: of a run that has ended badly, how it might have ended."""

    law: str
    why: str
    ends: tuple[str, ...] = ()


class Turned(Struct, frozen=True):
    """An event that came to the run, the run before it, and what it made of it."""

    before: RunState
    event: AnyEvent
    done: Advance
    fault: Exception | None = None


class Refusal(Struct, frozen=True):
    """A command that the platform did not take, though nothing went wrong on the way, and the platform before it."""

    command: SendCommand
    answer: HttpAnswer
    exchange: ExchangeState
    again: bool


def of_turn(graph: FlowGraph, turned: Turned) -> Iterator[Breach]:
    """Of anything that comes to the run."""
    if turned.done.commands:
        yield from _known_over(turned)
    yield from _of_limit(graph, turned)
    state, event = turned.done.state, turned.event
    redirected = state.end_reason == "redirected" and not turned.before.end_reason
    if redirected and isinstance(event, CommandAnswered) and event.kind != "accepted":
        yield Breach("as-told", f"the platform has answered {event.http_status}, and the run ends as `redirected`")


def of_late(turned: Turned) -> Iterator[Breach]:
    """Of a report of what is over."""
    event, done = turned.event, turned.done
    changed = bool(done.commands) or not idle.same(turned.before, done.state)
    if changed and isinstance(event, OperationReported):
        told = f"{event.verb} {event.mark}"
        yield Breach("late", f"`{told}` of an operation that is over has changed the run")


def of_double(turned: Turned) -> Iterator[Breach]:
    """Of the copy of a report. Results of an operation that goes on look alike, and the platform does not number them:
    those are exempt."""
    event = turned.event
    assert isinstance(event, OperationReported)
    op = turned.done.state.operations.get(event.control_id) or turned.before.operations.get(event.control_id)
    if op is not None and event.mark in life_of(op).results:
        return
    changed = replace(turned.done.state, at_ms=turned.before.at_ms) != turned.before
    if turned.fault is not None or turned.done.commands or changed:
        kind = f"{event.verb}.{event.mark}"
        yield Breach("doubled", f"`{kind}` came twice, and the second one has changed the run")


def of_refusal(refusal: Refusal) -> Iterator[Breach]:
    answer, command = refusal.answer, refusal.command
    decided: set[str] = {command.control_id} if command.control_id and _is_order(command) else set()
    why = justified(refusal.exchange, command, answer, again=refusal.again, decided=decided)
    if not why:
        errors = answer.body.get("errors", [])
        said = errors[0].get("message", "") if errors else ""
        yield Breach("accepted", f"`{command.command}` was answered {answer.status}: {said}")


def of_taking_over(run: RunState, own: Call | None) -> Iterator[Breach]:
    """Of a run that is over, and its call."""
    if run.end_reason == "redirected" and own is not None and own.is_over and not _was_taken_over(own):
        yield Breach("as-told", "the run ends as `redirected`, and the call was over before that")


def of_telling(line: Line) -> Breach:
    """Of a line of a transcript that tells a secret."""
    return Breach("secret", f"`{line.what}` of the transcript tells what was entered as a secret")


def _known_over(turned: Turned) -> Iterator[Breach]:
    """What the engine itself orders; a step that orders is its author's."""
    state = turned.done.state
    for command in turned.done.commands:
        if not isinstance(command, SendCommand) or command.control_id is None or not _is_order(command):
            continue
        step = next((one.step for one in turned.done.trace if one.subject == command.command), "")
        verb = next((one.subject for one in turned.done.trace if one.what == "entered" and one.step == step), "")
        if (verb in VERB and VERB[verb].shape == "order") or not _knew(turned, command):
            continue
        yield Breach("known-over", f"`{command.command}` at `{state.frame.step}`, when its operation was over")


def _is_order(command: SendCommand) -> bool:
    row = COMMANDS.get(command.command)
    return (row is not None and row.shape == "order" and bool(row.of)) or command.command.endswith(".stop")


def _knew(turned: Turned, command: SendCommand) -> bool:
    op = turned.before.operations.get(command.control_id or "")
    if op is None:
        return False
    event = turned.event
    if op.phase == "over" or not isinstance(event, OperationReported) or event.control_id != op.control_id:
        return op.phase == "over"
    life = life_of(op)
    return event.mark in life.ends and event.mark not in life.trails


def _of_limit(graph: FlowGraph, turned: Turned) -> Iterator[Breach]:
    """Where the trace says that a limit is reached, it goes on with where that leads, or with the end."""
    reached = [index for index, one in enumerate(turned.done.trace) if one.what == "limit"]
    if not reached:
        return
    flows = (graph, *graph.subflows.values())
    landings = {flow.limits.next for flow in flows if flow.limits.next} | {
        step.visits.next
        for flow in flows
        for step in flow.steps.values()
        if step.visits is not None and step.visits.next
    }
    after = turned.done.trace[reached[-1] + 1 :]
    entered = next((one.step.rpartition("/")[2] for one in after if one.what == "entered"), None)
    if entered is not None and entered not in landings and not entered.startswith("finally."):
        yield Breach("limits", f"a limit was reached, and the run went on to `{entered}`")


def _was_taken_over(call: Call) -> bool:
    """A document of somebody else's, or the last that was done with it was to let it go: it may be over since."""
    last = next((one.name for one in reversed(call.log) if one.name.startswith("command.")), "")
    return call.left or not parks(call.document) or last in _TAKES_OVER
