"""What interrupts the current step, a signal that has a handler or the limit `call`, and when it may.

It is put off, and comes before the next step is entered, while

the call is dialled             until it is answered
a subflow's `finally` runs      until the subflow is left
a command has no answer         until it has one, or is given up: an order (`redirect`, `dial`), the start of something in the
                                background, an excursion that is being sent. It may be carried out, so what comes must
                                find the call where it is, and `next: resume` must not send it twice
a `refer` goes on               until it is over: nothing stops it

Once the run ends, nothing interrupts it any more.
"""

from engine.interpret import ending, operations, position
from engine.interpret.turn import Turn
from engine.model.graph import RESUME, WaitValue
from engine.model.state import Away, HangingUp, Operating, Ordering, Settling

_AT_ONCE = ("branch", "set")
"""They are over as they are entered; what was put off comes after them."""


def come(turn: Turn, event: str) -> None:
    """It interrupts the current step, at once or later. `event` is `signal.<name>` or `limit`."""
    if _is_free(turn):
        _happen(turn, event)
    elif not _is_ending(turn) and event not in turn.put_off:
        turn.put_off = (*turn.put_off, event)


def take_up(turn: Turn) -> bool:
    """What was put off comes now, the earliest first, if it may. False: nothing may come now."""
    if not _is_free(turn) or not _is_between(turn):
        return False
    event, turn.put_off = turn.put_off[0], turn.put_off[1:]
    if event == "limit" or _is_wanted(turn, event):
        _happen(turn, event)
    return True


def is_handled(turn: Turn, event: str) -> bool:
    """Does a frame handle it, and is none doing so already?"""
    flows = [turn.flow, *(turn.graph.flow_of(one.subflow) for one in turn.callers)]
    handled = [*turn.handled, *(event for one in turn.callers for event in one.handled)]
    return event not in handled and any(event in flow.handlers for flow in flows)


def _happen(turn: Turn, event: str) -> None:
    if event != "limit":
        turn.take_signal(_name(event))
        position.happened(turn, event, position.interrupt(turn))
    elif turn.call_is_over:
        ending.end_run(turn, turn.call.end_reason or "hangup")
    else:
        position.interrupt(turn)
        position.land(turn, "call")


def _name(event: str) -> str:
    return event.removeprefix("signal.")


def _is_free(turn: Turn) -> bool:
    return turn.status == "running" and turn.leaving is None and not _is_ending(turn) and not _is_under_way(turn)


def _is_ending(turn: Turn) -> bool:
    return bool(turn.end_reason) or isinstance(turn.doing, HangingUp | Settling)


def _is_under_way(turn: Turn) -> bool:
    doing = turn.doing
    if isinstance(doing, Ordering):
        return True
    op = turn.operations.get(doing.control_id) if isinstance(doing, Away | Operating) else None
    if op is None or op.phase == "over":
        return False
    return bool(operations.life_of(op).leaves) or (isinstance(doing, Away) and op.phase == "requested")


def _is_between(turn: Turn) -> bool:
    """Is the step that comes next one that waits, or ends something?"""
    if turn.entering is None:
        return True
    return turn.entering != RESUME and turn.flow.steps[turn.entering].verb not in _AT_ONCE


def _is_wanted(turn: Turn, event: str) -> bool:
    """Is there a handler still, and does not the next step wait for this very signal?"""
    if turn.entering is not None:
        value = turn.flow.steps[turn.entering].value
        if isinstance(value, WaitValue) and value.signal == _name(event):
            return False
    return _name(event) in turn.signals and is_handled(turn, event)
