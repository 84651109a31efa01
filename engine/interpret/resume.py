"""After a crash: which unanswered commands may be sent again.

A command is in the journal, as part of the state's `pending`, before it is sent, and leaves it with
its answer. So what is pending after a crash was decided, and may or may not have gone out. The
command's repeat class decides (`engine.model.verbs.REPEAT`). The shell has fed what it learnt of the
call before; expired timers fire after this. The dial that a run began with says itself that it goes out
(`DialSent`): one that has not was not sent.
"""

from msgspec.structs import replace

from engine.interpret import answers, calls, notice, operations
from engine.interpret.turn import Turn
from engine.model.commands import Fetch, LookUpCall, SendCommand
from engine.model.events import CommandAnswered, Resumed
from engine.model.verbs import REPEAT


def resumed(turn: Turn, event: Resumed) -> None:
    for seq in sorted(seq for seq in turn.pending if seq <= event.seq):
        command = turn.pending.get(seq)
        if isinstance(command, LookUpCall | Fetch):
            # A request is made at least once; its key tells the far side that it is the same.
            turn.commands.append(command)
            turn.trace("repeated", "look-up" if isinstance(command, LookUpCall) else "fetch")
        elif command is not None:
            _resume(turn, command)


def _resume(turn: Turn, command: SendCommand) -> None:
    repeat = REPEAT[command.command]
    op = turn.operations.get(command.control_id) if command.control_id else None
    if turn.dial_waits and command.control_id == turn.dial_id:
        calls.dial_resumed(turn, command)
    elif repeat == "safe":
        _again(turn, command)
    elif repeat == "never" or op is None:
        _unsettled(turn, command)
    elif op.phase != "requested":
        # It has reported, so it was carried out; its answer has nothing to add.
        turn.pending.pop(command.seq)
    elif command.not_after_ms and turn.now_ms > command.not_after_ms:
        turn.pending.pop(command.seq)
        turn.trace("skipped", command.command, "its moment is long over")
        notice.on_over(turn, operations.over(turn, op, "lost", {"code": "too-late"}))
    else:
        _again(turn, command)


def _again(turn: Turn, command: SendCommand) -> None:
    again = replace(command, repeated=True)
    turn.pending[again.seq] = again
    turn.commands.append(again)
    turn.trace("repeated", again.command, again.control_id or "")


def _unsettled(turn: Turn, command: SendCommand) -> None:
    """It may have been carried out and must not be twice: as if its answer had been lost."""
    turn.trace("skipped", command.command, "not repeated: it may have been carried out")
    answers.answered(turn, CommandAnswered(at_ms=turn.now_ms, seq=command.seq, kind="unknown"))
