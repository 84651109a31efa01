"""SWML runs on a call: a document is taken over, and its methods are done until one has to wait.

`methods/table.py` has the methods. At one that is not there, or that says something which is not
understood here, the call has left: it stays answered, the document is kept (`Call.document`), API
commands work on as the API's rules allow, and somebody may bring it back.
"""

from typing import Any

from engine.exchange import life, line, operations, script
from engine.exchange.expansion import expand
from engine.exchange.families import services
from engine.exchange.fetching import fetch
from engine.exchange.inputs import SwmlAnswered
from engine.exchange.javascript import NotUnderstoodError
from engine.exchange.methods.table import METHODS
from engine.exchange.turn import Turn


def answered(turn: Turn, given: SwmlAnswered) -> None:
    """The SWML that was asked for is there, or is not: then the fallback is asked, or the call ends."""
    call = turn.calls.get(given.call_id)
    if call is None or call.fetch != given.fetch:
        return
    turn.change(call.call_id, fetch=None)
    if given.document is not None:
        take_over(turn, call.call_id, given.document)
        return
    turn.log(call.call_id, "swml.failed", failure=given.failure)
    if call.fallback_url:
        turn.change(call.call_id, fallback_url="")
        fetch(turn, call.call_id, call.fallback_url, params=call.params)
    else:
        life.end(turn, call.call_id, "error")


def take_over(turn: Turn, call_id: str, document: dict[str, Any]) -> None:
    """Run a document from its beginning; whatever the old one did, and the API's playbacks and collects, are stopped."""
    turn.change(call_id, fetch=None)
    operations.make_way(turn, call_id)
    if script.load(turn, call_id, document):
        proceed(turn, call_id)
    else:
        turn.log(call_id, "swml.failed", failure="no section main")
        life.end(turn, call_id, "error")


def come_back(turn: Turn, call_id: str) -> None:
    """What the call was away for is over: its SWML goes on with the next method."""
    turn.change(call_id, left=False, away="")
    proceed(turn, call_id)


def proceed(turn: Turn, call_id: str) -> None:
    """Run the script until it waits, leaves or is over; its end is the call's end.

    While new SWML is awaited nothing more of the old is done.
    """
    while life.is_live(turn, call_id) and turn.calls[call_id].fetch is None:
        call = turn.calls[call_id]
        if call.script:
            turn.change(call_id, script=call.script[1:])
            if _run(turn, call_id, *_method(call.script[0])):
                return
        elif not script.come_back(turn, call_id):
            life.end(turn, call_id, "hangup")


def _run(turn: Turn, call_id: str, verb: str, value: Any) -> bool:
    """Do one method; True when the script stops here for now."""
    method = METHODS.get(verb)
    if method is None:
        return _leave_at(turn, call_id, verb, value)
    try:
        if not method.raw:
            value = expand(value, script.scope(turn.calls[call_id], turn.options), but=method.but)
        waits = method.run(turn, call_id, value)
    except NotUnderstoodError as error:
        turn.log(call_id, "swml.failed", failure=f"{verb}: not understood: {error}")
        return _leave_at(turn, call_id, verb, value)
    if turn.calls[call_id].hops > script.MAX_HOPS:
        turn.log(call_id, "swml.failed", failure=f"more than {script.MAX_HOPS} jumps in one document")
        life.end(turn, call_id, "error")
    return waits


def _leave_at(turn: Turn, call_id: str, verb: str, value: Any) -> bool:
    line.answer(turn, call_id)
    turn.change(call_id, left=True, away=verb)
    turn.progress(call_id, "left", detail=verb)
    if verb in ("ai", "send_fax", "receive_fax"):
        services.begin_swml(turn, call_id, verb, value)
    turn.prompt_caller(call_id)
    return True


def _method(line: Any) -> tuple[str, Any]:
    """`answer`, or `{answer: {...}}`."""
    if isinstance(line, dict) and line:
        verb = next(iter(line))
        return str(verb), line[verb]
    return str(line), None
