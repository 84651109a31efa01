"""Operations: a started play, collect or record, from its command to its last report."""

from typing import Any

from msgspec.structs import replace

from engine.interpret import keeping, room
from engine.interpret.admit import Verdict, admit
from engine.interpret.deadlines import longest_ms
from engine.interpret.turn import AWAY, Turn
from engine.model import ids
from engine.model.advance import What
from engine.model.commands import SendCommand
from engine.model.events import OperationReported
from engine.model.ids import ControlId, StepName
from engine.model.limits import ACCEPT_MS, LINGER_MS, NOT_AFTER_MS, SLACK_MS, UNARMED_COLLECT_MS
from engine.model.state import HangingUp, Operation, Result
from engine.model.verbs import FAILURES, VERB, LifeCycle
from engine.model.visits import visit
from engine.wire.swml import PARKING

_BEGUN_ANEW = ("transcribe",)
_VOICES = ("play", "collect", "detect")
_INPUT = ("digits", "speech", "no_match")
"""Results that somebody has led to by a sign of input; `no_input` is none."""
_TRACED: dict[Verdict, What] = {"late": "late", "duplicate": "duplicate", "refuse": "refused"}


def life_of(op: Operation) -> LifeCycle:
    verb = VERB[op.verb]
    life = verb.modes.get(op.mode, verb.life) if op.mode else verb.life
    assert life is not None, op.verb
    return life


def _mode(verb: str, params: dict[str, Any]) -> str:
    """Which of the verb's life cycles the params ask for."""
    if verb == "collect" and params.get("continuous") is True:
        return "continuous"
    if verb == "detect" and params["detect"]["type"] != "machine":
        return str(params["detect"]["type"])
    if verb == "detect" and params["detect"].get("params", {}).get("detect_message_end") is False:
        return "at_once"
    return ""


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
    control = turn.control_id(verb, attempt)
    return turn.put(
        Operation(
            control_id=control,
            verb=verb,
            frame=turn.frame.number,
            flow=turn.frame.subflow,
            step=turn.step_name,
            visit=turn.visit,
            seq=_send(turn, verb, params, control),
            armed=verb != "collect" or bool(params.get("start_input_timers")),
            background=background,
            mode=_mode(verb, params),
            began_ms=turn.now_ms,
            ends_ms=longest_ms(verb, params),
            due_ms=turn.now_ms + (deadline_ms or ACCEPT_MS),
            params=params if verb in _BEGUN_ANEW else {},
        )
    )


def start_anew(turn: Turn, op: Operation) -> Operation:
    """What was stopped goes on as another operation of the same step, whose handle stands for it from now on."""
    again = ids.next_attempt(op.control_id)
    seq = _send(turn, op.verb, op.params, again)
    fresh = Operation(
        control_id=again,
        verb=op.verb,
        frame=op.frame,
        flow=op.flow,
        step=op.step,
        visit=op.visit,
        seq=seq,
        background=op.background,
        began_ms=turn.now_ms,
        ends_ms=op.ends_ms,
        due_ms=turn.now_ms + ACCEPT_MS,
        params=op.params,
    )
    return turn.put(fresh)


def _send(turn: Turn, verb: str, params: dict[str, Any], control: ControlId) -> int:
    not_after_ms = turn.now_ms + NOT_AFTER_MS
    return turn.send(VERB[verb].command, params, control_id=control, reports=True, not_after_ms=not_after_ms)


def alive(turn: Turn, op: Operation) -> Operation:
    """The operation is accepted, or has reported. Until then it was waited for as long as an answer may
    take; from now on its own length counts, unless the author's deadline does."""
    if op.phase != "requested":
        return op
    own = not turn.step_of(op).deadline_ms and not op.stopping
    return replace(op, phase="live", due_ms=_ends_at(turn, op) if own else op.due_ms)


def _ends_at(turn: Turn, op: Operation) -> int:
    """What goes on until it is stopped has no end to be expected, with its timers or without."""
    longest_ms = op.ends_ms if op.armed or op.mode == "continuous" else UNARMED_COLLECT_MS
    return turn.now_ms + longest_ms + SLACK_MS if longest_ms else 0


def report(turn: Turn, event: OperationReported) -> Operation | None:
    """Takes a webhook in, if the table admits it. Gives the operation when it changed."""
    op = turn.operations.get(event.control_id)
    verb = VERB.get(event.verb)
    if verb is None or verb.life is None:
        turn.trace("refused", event.control_id, f"no operation of verb {event.verb}")
        return None
    leg = event.extra.get("call_id")
    if leg and turn.call.call_id and leg != turn.call.call_id:
        turn.trace("refused", event.control_id, f"it is about call {leg}")
        return None
    life = life_of(op) if op is not None else verb.life
    verdict = admit(op, event.verb, event.mark, life)
    if op is None or verdict != "consume":
        turn.trace(_TRACED[verdict], event.control_id, event.mark)
        return None
    outcome = _outcome(op, life, event.mark)
    op = replace(
        alive(turn, op),
        seen=op.seen if event.mark in op.seen else (*op.seen, event.mark),
        input=op.input or event.mark in life.input,
    )
    if outcome is not None and event.mark in life.trails and not op.stopping:
        return turn.put(replace(op, due_ms=turn.now_ms + LINGER_MS))
    if outcome is not None:
        return over(turn, op, outcome, room.kept(event.fields))
    if event.mark in life.results:
        return _result(turn, op, life.results[event.mark], room.kept(event.fields))
    return turn.put(op)


def _outcome(op: Operation, life: LifeCycle, mark: str) -> str | None:
    """What the mark ends the operation with, if it ends it; what was seen before may say otherwise."""
    if op.seen:
        for before, ends in life.after.items():
            if before in op.seen and mark in ends:
                return ends[mark]
    return life.ends.get(mark)


def trailed(op: Operation) -> str:
    """The outcome of an operation that is said to be over, and not how: empty when nothing has said so."""
    life = life_of(op)
    return next((_outcome(op, life, mark) or "" for mark in op.seen if mark in life.trails), "")


def _result(turn: Turn, op: Operation, outcome: str, fields: dict[str, Any]) -> Operation:
    """One of several results; the oldest are dropped when nobody takes them."""
    fields = _with_defaults(op.verb, outcome, fields)
    _remember(turn, op, outcome, fields)
    return turn.put(replace(op, unread=room.unread((*op.unread, Result(outcome, fields)))))


def take_result(turn: Turn, op: Operation) -> Result | None:
    """The next result that nobody has taken. The input that led to it is taken with it."""
    if not op.unread:
        return None
    left = op.unread[1:]
    turn.put(replace(op, unread=left, input=any(one.outcome in _INPUT for one in left)))
    return op.unread[0]


def over(turn: Turn, op: Operation, outcome: str, fields: dict[str, Any] | None = None) -> Operation:
    """The operation's end. Its step's results are set, whether the step still waits for it or not, unless the
    step has been entered anew."""
    fields = _with_defaults(op.verb, outcome, fields or {})
    op = turn.put(replace(op, phase="over", outcome=outcome, fields=fields))
    _remember(turn, op, outcome, fields)
    return op


def _remember(turn: Turn, op: Operation, outcome: str, fields: dict[str, Any]) -> None:
    """In the frame that has started it, which may wait below the current one, or be over."""
    if turn.step_of(op).verb != op.verb:
        return
    result = {"outcome": outcome, **fields}
    flow = turn.graph.flow_of(op.flow)
    if op.frame == turn.frame.number:
        if visit(flow, turn.visits, op.step) == op.visit:
            turn.remember(op.step, result)
        return
    turn.callers = tuple(
        replace(below, results=keeping.with_result(flow, below.results, op.step, result))
        if below.number == op.frame and visit(flow, below.visits, op.step) == op.visit
        else below
        for below in turn.callers
    )


_DEFAULTS: dict[str, dict[str, Any]] = {
    "collect": {"value": "", "digits": "", "terminator": "", "text": "", "confidence": 0.0},
    "detect": {"type": "", "event": "", "value": ""},
}


def _with_defaults(verb: str, outcome: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Input has all of its fields: `digits` is empty after speech, and the other way about. So has a detection of
    which nothing was reported but its end."""
    defaults = _DEFAULTS.get(verb)
    return fields if defaults is None or outcome in FAILURES else {**defaults, **fields}


def stop(turn: Turn, op: Operation) -> None:
    """Asks the platform to stop it; the operation is over when it reports, or a little later. Nothing is
    sent for what is over or being stopped already."""
    if op.phase == "over" or op.stopping or turn.call_is_over or isinstance(turn.doing, HangingUp):
        return
    command = life_of(op).stop
    if command:
        turn.send(command, {"swml": PARKING} if op.verb in AWAY else {}, control_id=op.control_id)
    turn.put(replace(op, stopping=True, due_ms=turn.now_ms + SLACK_MS))


def goes_on(turn: Turn, op: Operation) -> None:
    """Its stop was refused, or nobody knows: it lives until it reports, as long as it may by itself."""
    if op.phase != "over":
        turn.put(replace(op, stopping=False, due_ms=_ends_at(turn, op)))


def arm(turn: Turn, op: Operation) -> int:
    """Starts a collect's timers; from now on its end is to be expected, unless it goes on until it is
    stopped. A deadline of the author's stays where it is. Gives the command's seq."""
    seq = turn.send("calling.collect.start_input_timers", {}, control_id=op.control_id)
    due_ms = turn.now_ms + op.ends_ms + SLACK_MS if op.ends_ms else 0
    if turn.step_of(op).deadline_ms or op.stopping:
        due_ms = op.due_ms
    turn.put(replace(op, armed=True, due_ms=due_ms))
    return seq


def handle(turn: Turn, step: StepName) -> Operation | None:
    """The operation that a step's name stands for: its latest. An input that is a handle stands for what was given."""
    declared = turn.flow.inputs.get(step)
    if declared is not None and declared.handle:
        return turn.operations.get(turn.frame.inputs.get(step, ""))
    found = [op for op in turn.operations.values() if op.background and _is_of(turn, op, step)]
    return max(found, key=lambda op: op.seq, default=None)


def _is_of(turn: Turn, op: Operation, step: StepName) -> bool:
    return op.step == step and op.frame == turn.frame.number


def stop_foreground(turn: Turn) -> None:
    """Abandons the current step: what it started and still lives is stopped."""
    for op in turn.live():
        if not op.background and _is_of(turn, op, turn.step_name):
            stop(turn, op)


def stop_voices(turn: Turn, frame: int | None = None) -> None:
    """Stops all that plays, collects or detects (in one frame); what records or copies goes on."""
    for op in turn.live():
        if op.verb in _VOICES and frame in (None, op.frame):
            stop(turn, op)
            turn.forget(op)


def drop_finished(turn: Turn) -> None:
    """Forgets operations that are over and that nothing can ask for any more."""
    for op in tuple(turn.operations.values()):
        if op.phase == "over" and not op.background:
            turn.forget(op)


def drop_unasked(turn: Turn) -> None:
    """Forgets what no step asks for any more, from the current one on, which has just been entered. What is only taken
    to be over may still listen when a secret is asked for, so it stays; and so does what has a command without an answer,
    since a new process asks whether that was carried out."""
    if turn.results:
        turn.results = keeping.read_later(turn.flow, turn.results, turn.step_name)
    over = [op for op in turn.operations.values() if op.phase == "over"] if turn.operations else ()
    for op in over:
        unasked = op.frame == turn.frame.number and keeping.is_forgotten(turn.flow, op, turn.step_name)
        if unasked and has_ended(op) and not _is_pending(turn, op):
            turn.forget(op)


def _is_pending(turn: Turn, op: Operation) -> bool:
    return any(isinstance(one, SendCommand) and one.control_id == op.control_id for one in turn.pending.values())


def has_ended(op: Operation) -> bool:
    """Has it said so itself?"""
    return any(mark in life_of(op).ends for mark in op.seen)
