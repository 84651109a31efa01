"""The ways a run ends: our hang-up, the caller's, and waiting for last recordings."""

from msgspec.structs import replace

from engine.interpret import operations
from engine.interpret.turn import Turn
from engine.model.commands import SendCommand
from engine.model.ids import StepName
from engine.model.limits import ACCEPT_MS, LANDING_GRACE_MS, SETTLE_MS
from engine.model.state import HangingUp, Settling

_TRIES = 3


def hang_up(turn: Turn, reason: str, *, detail: str = "", api_reason: str = "hangup") -> None:
    """Ends the call. `reason` is the run's end_reason once the platform has accepted it."""
    if turn.call_is_over or not turn.call.call_id:
        end_run(turn, reason)
        return
    turn.entering = None
    for nothing_more in ("call", "presence", "dial", "dial_end"):
        turn.timers.pop(nothing_more, None)
    if detail:
        turn.trace("ignored", reason, detail)
    seq = turn.send("calling.end", {"reason": api_reason})
    turn.doing = HangingUp(seq=seq, reason=reason, api_reason=api_reason)
    turn.timers["step"] = turn.now_ms + ACCEPT_MS


def hang_up_again(turn: Turn) -> None:
    """No answer to `calling.end`: ending twice is one hang-up, so it is sent again, a few times."""
    doing = turn.doing
    assert isinstance(doing, HangingUp)
    if doing.tries >= _TRIES:
        end_run(turn, doing.reason)
        return
    seq = turn.send("calling.end", {"reason": doing.api_reason})
    turn.doing = replace(doing, seq=seq, tries=doing.tries + 1)
    turn.timers["step"] = turn.now_ms + ACCEPT_MS


def call_ended(turn: Turn, reason: str) -> None:
    """The call is over, whoever ended it: nothing more can be sent to it.

    Recordings report once more (a voicemail usually ends like this), so they are waited for;
    everything else that lived is over without a report.
    """
    if turn.call_is_over or turn.status == "ended":
        return
    turn.call = replace(turn.call, state="ended", end_reason=reason)
    _take_back(turn)
    turn.entering = None
    turn.pending = {}
    turn.looking_up = None
    turn.timers = {}
    for op in turn.live():
        if operations.life_of(op).settles:
            turn.put(replace(op, due_ms=0))
        else:
            turn.forget(op)
    if isinstance(turn.doing, HangingUp):
        settle(turn, turn.doing.reason)
    elif turn.status == "dialing":
        end_run(turn, reason)
    elif isinstance(turn.doing, Settling):
        pass
    else:
        settle(turn, reason, handler=True)


def _take_back(turn: Turn) -> None:
    """What this very event made the run decide before it told of the call's end is not sent."""
    for command in turn.commands:
        turn.trace("skipped", command.command if isinstance(command, SendCommand) else "look-up", "the call is over")
    turn.commands = []


def completed(turn: Turn) -> None:
    """The flow itself has ended the call by `update`: no hangup handler, the step's `next` goes on."""
    target, turn.entering = turn.entering, None
    turn.doing = Settling(reason="completed", next=target)
    call_ended(turn, "completed")
    if turn.live():
        turn.timers["settle"] = turn.now_ms + SETTLE_MS
    else:
        settled(turn)


def settle(turn: Turn, reason: str, *, handler: bool = False) -> None:
    """Waits for recordings that still live, then goes to the hangup handler or ends the run."""
    next_step: StepName | None = None
    if handler and "hangup" not in turn.handled:
        next_step = turn.graph.handlers.get("hangup")
    turn.doing = Settling(reason=reason, next=next_step)
    if turn.live():
        turn.trace("settling", ", ".join(op.control_id for op in turn.live()))
        turn.timers["settle"] = turn.now_ms + SETTLE_MS
    else:
        settled(turn)


def settled(turn: Turn) -> None:
    """All that could still report has reported (or its time is over)."""
    doing = turn.doing
    assert isinstance(doing, Settling)
    turn.timers.pop("settle", None)
    for op in turn.live():
        operations.over(turn, op, "lost")
    turn.doing = None
    if doing.next is None:
        end_run(turn, doing.reason)
        return
    turn.timers["call"] = turn.now_ms + LANDING_GRACE_MS
    if doing.reason != "completed":
        turn.handled = (*turn.handled, "hangup")
        turn.trace("handler", "hangup", doing.next)
    turn.entering = doing.next


def end_run(turn: Turn, reason: str) -> None:
    """The run is over: nothing lives, nothing is waited for, whatever still comes is late."""
    turn.status = "ended"
    turn.end_reason = reason
    turn.doing = None
    turn.entering = None
    turn.operations = {}
    turn.pending = {}
    turn.timers = {}
    turn.looking_up = None
    turn.trace("ended", reason)
