"""What holds at every move, whatever the flow. What does not is a breach: a law's name, and why."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.state import Call
from engine.interpret import guarded
from engine.interpret.operations import life_of
from engine.model.commands import SendCommand
from engine.model.events import CommandAnswered, OperationReported
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.model.verbs import COMMANDS, VERB
from engine.simulate.explore import budgets
from engine.simulate.explore.moves import AnyMove, Hear
from engine.simulate.explore.refusals import justified
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.taken import Refusal, Taken, Turned
from engine.wire.swml import PARKING

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
    "secret": "no secret is in a transcript",
    "invariant": "an invariant of the flow's own",
}


class Breach(Struct, frozen=True):
    law: str
    why: str


def broken(graph: FlowGraph, move: AnyMove | None, taken: Taken) -> Iterator[Breach]:
    """`move` is None as the call begins."""
    for turned in taken.turns:
        yield from _of_turn(graph, turned)
    for turned in taken.stale:
        if turned.fault is None and isinstance(turned.event, OperationReported):
            told = f"{turned.event.verb} {turned.event.mark}"
            yield Breach("late", f"`{told}` of an operation that is over has changed the run")
        else:
            yield from _of_turn(graph, turned)
    for refusal in taken.refusals:
        yield from _of_refusal(refusal)
    if isinstance(move, Hear) and move.again:
        yield from _of_double(graph, move, taken)
    yield from _of_standing(taken.after)


def at_once(written: FlowGraph, taken: Taken) -> Iterator[Breach]:
    """Steps that lead back to each other, with nothing between that anybody is waited for. `written` is the flow with its
    budgets."""
    for turned in taken.turns:
        step = budgets.at_once(written, turned.done)
        if step:
            yield Breach("ends", f"`{step}` is come back to at once, again and again, and nothing is waited for")


def _of_turn(graph: FlowGraph, turned: Turned) -> Iterator[Breach]:
    if turned.fault is not None:
        yield Breach("sound", f"{type(turned.fault).__name__}: {turned.fault}")
        return
    yield from _known_over(turned)
    yield from _of_limit(graph, turned)
    state, event = turned.done.state, turned.event
    redirected = state.end_reason == "redirected" and not turned.before.end_reason
    if redirected and isinstance(event, CommandAnswered) and event.kind != "accepted":
        yield Breach("as-told", f"the platform has answered {event.http_status}, and the run ends as `redirected`")


def _known_over(turned: Turned) -> Iterator[Breach]:
    """What the engine itself orders; a step that orders is its author's."""
    state = turned.done.state
    for command in turned.done.commands:
        if not isinstance(command, SendCommand) or command.control_id is None or not _is_order(command):
            continue
        step = next((one.step for one in turned.done.trace if one.subject == command.command), "")
        verb = next((one.subject for one in turned.done.trace if one.what == "entered" and one.step == step), "")
        if (verb in VERB and VERB[verb].shape == "order") or not _knew(turned.before, turned, command):
            continue
        yield Breach("known-over", f"`{command.command}` at `{state.frame.step}`, when its operation was over")


def _is_order(command: SendCommand) -> bool:
    row = COMMANDS.get(command.command)
    return (row is not None and row.shape == "order" and bool(row.of)) or command.command.endswith(".stop")


def _knew(before: RunState, turned: Turned, command: SendCommand) -> bool:
    op = before.operations.get(command.control_id or "")
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


def _of_refusal(refusal: Refusal) -> Iterator[Breach]:
    answer, command = refusal.answer, refusal.command
    ids = {command.control_id} if command.control_id and _is_order(command) else set()
    why = justified(refusal.exchange, command, answer, again=refusal.again, decided={one for one in ids if one})
    if not why:
        errors = answer.body.get("errors", [])
        said = errors[0].get("message", "") if errors else ""
        yield Breach("accepted", f"`{command.command}` was answered {answer.status}: {said}")


def _of_double(graph: FlowGraph, move: Hear, taken: Taken) -> Iterator[Breach]:
    """The copy, if it came at once, would change nothing. Results of an operation that goes on look alike, and the
    platform does not number them: those are exempt."""
    event = taken.turns[0].event if taken.turns else None
    after = taken.after.run
    if not isinstance(event, OperationReported):
        return
    op = after.operations.get(event.control_id) or taken.turns[0].before.operations.get(event.control_id)
    if op is not None and event.mark in life_of(op).results:
        return
    done, fault = guarded(graph, after, event)
    if fault is not None or done.commands or replace(done.state, at_ms=after.at_ms) != after:
        yield Breach("doubled", f"`{move.kind}` came twice, and the second one has changed the run")


def _of_standing(at: Situation) -> Iterator[Breach]:
    run = at.run
    if not at.is_over:
        if at.is_quiet and run.next_due_ms is None and not at.asked and at.sent is None:
            yield Breach("deadline", f"`{run.frame.step}` waits, and nothing bounds it")
        return
    if at.waiting or at.sent is not None:
        return
    own = at.call
    if own is not None and not own.is_over and run.end_reason != "redirected":
        yield Breach("left-open", "the run is over, and its call is still up: nobody will end it")
    if run.end_reason == "redirected" and own is not None and own.is_over and not _was_taken_over(own):
        yield Breach("as-told", "the run ends as `redirected`, and the call was over before that")


def _was_taken_over(call: Call) -> bool:
    words = ("command.calling.transfer", "command.calling.refer")
    return call.left or call.document != PARKING or any(one.name in words for one in call.log)
