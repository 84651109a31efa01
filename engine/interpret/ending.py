"""The ways a run ends: our hang-up, the caller's, waiting for last recordings, and what runs `finally`.

A frame that is left (`leave`) runs the steps of its flow's `finally` first, then the frame below hears of it
(`Turn.left`, which `entering` sees to), and below the last one the run is over.
"""

from msgspec.structs import replace

from engine.interpret import operations
from engine.interpret.turn import Turn
from engine.model.commands import Command, Fetch, SendCommand
from engine.model.limits import ACCEPT_MS, FINALLY_MS, LANDING_GRACE_MS, SETTLE_MS
from engine.model.state import Fetching, HangingUp, Leaving, Settling

_TRIES = 3


def hang_up(turn: Turn, reason: str, *, detail: str = "", api_reason: str = "hangup") -> None:
    """Ends the call. `reason` is the run's end_reason once the platform has accepted it."""
    if turn.call_is_over or not turn.call.call_id:
        end_run(turn, reason)
        return
    turn.entering = None
    turn.put_off = ()
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
    turn.put_off = ()
    turn.looking_up = None
    if turn.leaving is not None:
        _only_finally_goes_on(turn)
        return
    turn.entering = None
    turn.pending = {}
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


def _only_finally_goes_on(turn: Turn) -> None:
    turn.pending = {seq: command for seq, command in turn.pending.items() if isinstance(command, Fetch)}
    turn.timers = {name: due_ms for name, due_ms in turn.timers.items() if name in ("step", "finally")}


def _take_back(turn: Turn) -> None:
    """What this very event made the run decide before it told of the call's end is not sent."""
    kept: list[Command] = []
    for command in turn.commands:
        if isinstance(command, Fetch):
            kept.append(command)
        else:
            what = command.command if isinstance(command, SendCommand) else "look-up"
            turn.trace("skipped", what, "the call is over")
    turn.commands = kept


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
    visit = turn.doing.visit if isinstance(turn.doing, Fetching) else 0
    turn.doing = Settling(reason=reason, handler=handler, visit=visit)
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
    turn.timers["call"] = turn.now_ms + LANDING_GRACE_MS
    if doing.handler:
        turn.left = Leaving(why="event", outcome="hangup")
        turn.repeats = doing.visit
    elif doing.next is not None:
        turn.entering = doing.next
    else:
        end_run(turn, doing.reason)


def end_run(turn: Turn, reason: str) -> None:
    """The run is over but for its `finally`: nothing lives, nothing is waited for, whatever still comes is late."""
    if turn.end_reason:
        return
    turn.status = "running"
    turn.end_reason = reason
    turn.put_off = ()
    turn.operations = {}
    turn.pending = {}
    turn.timers = {}
    turn.looking_up = None
    leave(turn, Leaving(why="end", outcome=reason))


def leave(turn: Turn, leaving: Leaving) -> None:
    """The current frame is over but for its `finally`."""
    operations.stop_voices(turn, turn.frame.number)
    turn.leaving = leaving
    turn.doing = None
    turn.entering = None
    turn.timers.pop("step", None)
    if turn.flow.finally_:
        turn.timers["finally"] = turn.now_ms + FINALLY_MS
        turn.entering = turn.flow.finally_[0]
    else:
        left(turn)


def go_on_leaving(turn: Turn) -> None:
    """A step of `finally` is over, however it went: the next one, or the frame is left."""
    steps = turn.flow.finally_
    following = steps[steps.index(turn.step_name) + 1 :]
    if following:
        turn.entering = following[0]
    else:
        left(turn)


def left(turn: Turn) -> None:
    """The current frame is over; the run with it, if it is the last one."""
    leaving = turn.leaving
    assert leaving is not None
    turn.timers.pop("finally", None)
    turn.doing = None
    turn.entering = None
    if turn.callers:
        turn.pop()
        turn.left = leaving
        return
    turn.status = "ended"
    turn.pending = {}
    turn.timers = {}
    turn.leaving = None
    turn.trace("ended", turn.end_reason)
