"""Operations: a started play, collect or record, from its command to its last report."""

from typing import Any

from msgspec.structs import replace

from engine.interpret.admit import Verdict, admit
from engine.interpret.deadlines import longest_ms
from engine.interpret.turn import Turn
from engine.model.advance import What
from engine.model.events import OperationReported
from engine.model.ids import StepName, control_id, op_id
from engine.model.limits import ACCEPT_MS, NOT_AFTER_MS, SLACK_MS, UNARMED_COLLECT_MS
from engine.model.state import HangingUp, Operation
from engine.model.verbs import VERB, LifeCycle

_TRACED: dict[Verdict, What] = {"late": "late", "duplicate": "duplicate", "refuse": "refused"}


def life_of(op: Operation) -> LifeCycle:
    life = VERB[op.verb].life
    assert life is not None, op.verb
    return life


def start(
    turn: Turn,
    verb: str,
    params: dict[str, Any],
    *,
    attempt: int = 1,
    background: bool = False,
    deadline_ms: int = 0,
) -> Operation:
    """Sends the verb's command and keeps the operation that it starts."""
    run, frame = turn.before.run_id, turn.before.frame.number
    control = control_id(run, op_id(frame=frame, step=turn.step_name, visit=turn.visit, attempt=attempt, verb=verb))
    seq = turn.send(
        VERB[verb].command,
        params,
        control_id=control,
        reports=True,
        not_after_ms=turn.now_ms + NOT_AFTER_MS,
    )
    armed = verb != "collect" or bool(params.get("start_input_timers"))
    ends_ms = longest_ms(verb, params)
    due_ms = turn.now_ms + deadline_ms if deadline_ms else _due_ms(turn, ends_ms if armed else UNARMED_COLLECT_MS)
    return turn.put(
        Operation(
            control_id=control,
            verb=verb,
            frame=frame,
            step=turn.step_name,
            visit=turn.visit,
            seq=seq,
            armed=armed,
            background=background,
            ends_ms=ends_ms,
            due_ms=due_ms,
        )
    )


def _due_ms(turn: Turn, longest_ms: int) -> int:
    """What lasts as long as the call is only waited for until it is known to live."""
    return turn.now_ms + max(longest_ms + SLACK_MS if longest_ms else 0, ACCEPT_MS)


def alive(turn: Turn, op: Operation) -> Operation:
    """The operation is accepted, or has reported."""
    endless = op.phase == "requested" and not op.ends_ms and not turn.graph.steps[op.step].deadline_ms
    return replace(op, phase="live", due_ms=0 if endless and not op.stopping else op.due_ms)


def report(turn: Turn, event: OperationReported) -> Operation | None:
    """Takes a webhook in, if the table admits it. Gives the operation when it changed."""
    op = turn.operations.get(event.control_id)
    verb = VERB.get(event.verb)
    if verb is None or verb.life is None:
        turn.trace("refused", event.control_id, f"no operation of verb {event.verb}")
        return None
    verdict = admit(op, event.verb, event.mark, verb.life)
    if op is None or verdict != "consume":
        turn.trace(_TRACED[verdict], event.control_id, event.mark)
        return None
    op = replace(
        alive(turn, op),
        seen=op.seen if event.mark in op.seen else (*op.seen, event.mark),
        input=op.input or event.mark in verb.life.input,
    )
    outcome = verb.life.ends.get(event.mark)
    if outcome is not None:
        return over(turn, op, outcome, event.fields)
    return turn.put(op)


def over(turn: Turn, op: Operation, outcome: str, fields: dict[str, Any] | None = None) -> Operation:
    """The operation's end. Its step's results are set, whether the step still waits for it or not, unless the
    step has been entered anew."""
    fields = _with_defaults(op.verb, outcome, fields or {})
    op = turn.put(replace(op, phase="over", outcome=outcome, fields=fields))
    if turn.graph.steps[op.step].verb == op.verb and turn.visits.get(op.step) == op.visit:
        turn.remember(op.step, {"outcome": outcome, **fields})
    return op


def _with_defaults(verb: str, outcome: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Input has all of its fields: `digits` is empty after speech, and the other way about."""
    if verb != "collect" or outcome in ("error", "rejected", "lost"):
        return fields
    return {"value": "", "digits": "", "terminator": "", "text": "", "confidence": 0.0, **fields}


def stop(turn: Turn, op: Operation) -> None:
    """Asks the platform to stop it; the operation is over when it reports, or a little later. Nothing is
    sent for what is over or being stopped already."""
    if op.phase == "over" or op.stopping or turn.call_is_over or isinstance(turn.doing, HangingUp):
        return
    turn.send(life_of(op).stop, {}, control_id=op.control_id)
    turn.put(replace(op, stopping=True, due_ms=turn.now_ms + SLACK_MS))


def arm(turn: Turn, op: Operation) -> int:
    """Starts a collect's timers; from now on its end is to be expected, unless it goes on until it is
    stopped. A deadline of the author's stays where it is. Gives the command's seq."""
    seq = turn.send("calling.collect.start_input_timers", {}, control_id=op.control_id)
    due_ms = turn.now_ms + op.ends_ms + SLACK_MS if op.ends_ms else 0
    if turn.graph.steps[op.step].deadline_ms or op.stopping:
        due_ms = op.due_ms
    turn.put(replace(op, armed=True, due_ms=due_ms))
    return seq


def handle(turn: Turn, step: StepName) -> Operation | None:
    """The operation that a step's name stands for: its latest."""
    found = [op for op in turn.operations.values() if op.step == step and op.background]
    return max(found, key=lambda op: op.seq, default=None)


def stop_foreground(turn: Turn) -> None:
    """Abandons the current step: what it started and still lives is stopped."""
    for op in turn.live():
        if op.step == turn.step_name and not op.background:
            stop(turn, op)


def drop_finished(turn: Turn) -> None:
    """Forgets operations that are over and that nothing can ask for any more."""
    for op in list(turn.operations.values()):
        if op.phase == "over" and not op.background:
            turn.forget(op)
