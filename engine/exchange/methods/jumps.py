"""label, goto, execute, return, transfer."""

from typing import Any

import msgspec

from engine.exchange import fetching, js_values, life, script
from engine.exchange.forms import FORMS
from engine.exchange.javascript import evaluate
from engine.exchange.methods.branching import of_result
from engine.exchange.methods.method import Method, fields, methods
from engine.exchange.turn import Turn

_MAX_JUMPS = 100
"""What `goto` takes for its `max` by itself."""


def _label(turn: Turn, call_id: str, value: Any) -> bool:
    return False


def _goto(turn: Turn, call_id: str, value: Any) -> bool:
    """To the label of this section, `max` times; a label that is not there is no jump."""
    asked = fields(value)
    label = str(asked.get("label", ""))
    call = turn.calls[call_id]
    if "when" in asked and not js_values.truthy(evaluate(str(asked["when"]), script.scope(call, turn.options))):
        return False
    most = asked.get("max", _MAX_JUMPS)
    jumped = call.jumps.get(label, 0)
    place = next((at for at, method in enumerate(call.section) if fields(method).get("label") == label), None)
    if place is None or jumped >= (most if isinstance(most, int) else _MAX_JUMPS):
        return False
    turn.change(call_id, jumps={**call.jumps, label: jumped + 1}, script=call.section[place + 1 :])
    return _hop(turn, call_id)


def _execute(turn: Turn, call_id: str, value: Any) -> bool:
    """A section of this document, as a subroutine. Elsewhere the call leaves for."""
    asked = fields(value) if isinstance(value, dict) else {"dest": value}
    dest = str(asked.get("dest"))
    found = script.section(turn.calls[call_id].document, dest)
    if found is None:
        fetching.leave(turn, call_id, f"execute of {dest}", keep_document=True)
        return True
    then = (*methods(asked.get("on_return")), *of_result(asked.get("result"), "return_value"))
    script.call_section(turn, call_id, found, fields(asked.get("params")), then)
    return _hop(turn, call_id)


def _return(turn: Turn, call_id: str, value: Any) -> bool:
    """Back to the `execute`; in main the document is over."""
    script.set_vars(turn, call_id, return_value=value)
    turn.change(call_id, script=())
    return False


def _transfer(turn: Turn, call_id: str, value: Any) -> bool:
    """To SWML of a URL, which is told the `params`, to a section, or to a document written as JSON.

    Any other place is one that the call leaves for.
    """
    asked = fields(value) if isinstance(value, dict) else {"dest": value}
    dest, params = asked.get("dest"), fields(asked.get("params"))
    turn.change(call_id, frames=())
    if isinstance(dest, str) and FORMS["url"].fits(dest):
        fetching.follow(turn, call_id, dest, params=params)
        return True
    found = script.section(turn.calls[call_id].document, str(dest))
    if found is not None:
        script.enter(turn, call_id, found, params)
        return _hop(turn, call_id)
    document = _document(dest)
    if document is None:
        fetching.leave(turn, call_id, f"transfer to {dest}")
        return True
    turn.change(call_id, params=params)
    return not _loaded(turn, call_id, document)


def _loaded(turn: Turn, call_id: str, document: dict[str, Any]) -> bool:
    """A document within a document is a jump too: it can hold itself only so often."""
    hops = turn.calls[call_id].hops
    if script.load(turn, call_id, document):
        turn.change(call_id, hops=hops + 1)
        return hops < script.MAX_HOPS
    turn.log(call_id, "swml.failed", failure="no section main")
    life.end(turn, call_id, "error")
    return False


def _hop(turn: Turn, call_id: str) -> bool:
    """Count a jump; True when it was one too many (which `swml` sees to)."""
    call = turn.calls[call_id]
    return turn.change(call_id, hops=call.hops + 1).hops > script.MAX_HOPS


def _document(dest: Any) -> dict[str, Any] | None:
    if isinstance(dest, dict):
        return dest
    if not isinstance(dest, str) or not dest.lstrip().startswith("{"):
        return None
    try:
        return msgspec.json.decode(dest, type=dict[str, Any])
    except msgspec.DecodeError:
        return None


METHODS = {
    "label": Method(_label, raw=True),
    "goto": Method(_goto, but=("when",)),
    "execute": Method(_execute, but=("on_return", "result")),
    "return": Method(_return),
    "transfer": Method(_transfer),
}
