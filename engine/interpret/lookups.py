"""Asking the platform's voice log how the call stands. `findings.py` takes what it says.

No webhook need report that a caller has hung up. It is noticed by the first of these: a command is
answered 404 (`answers.answered`); the log says `ended` when an operation's deadline has passed
(`findings.overdue`), or a command in the background was not answered (`steps/operation.py`), or nothing
with a deadline is live and the timer `presence` is due (`Turn._watch_presence`). All of them lead to
`ending.call_ended`. Last of all there is the flow's limit `call`.
"""

from msgspec.structs import replace

from engine.interpret.turn import Turn
from engine.model.ids import ControlId
from engine.model.limits import LOOKUP_MS
from engine.model.state import LookingUp


def look_up(turn: Turn, asking: tuple[ControlId, ...] = ()) -> None:
    """One look-up at a time; what is asked for meanwhile joins it."""
    if turn.looking_up is not None:
        joined = dict.fromkeys((*turn.looking_up.asking, *asking))
        turn.looking_up = replace(turn.looking_up, asking=tuple(joined))
        return
    turn.looking_up = LookingUp(seq=turn.ask_call(asking), asking=asking)
    turn.timers["lookup"] = turn.now_ms + LOOKUP_MS
