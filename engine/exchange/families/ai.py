"""calling.ai_hold, ai_unhold, ai_message and ai.stop: an AI that SWML has put on the call.

Without one there is nothing to hold: 404, unless the option `ai_session` says otherwise.
"""

from collections.abc import Callable

from msgspec.structs import replace

from engine.exchange.command import FLAG, TEXT, WORD, Command, Params, Run, accepted, milliseconds
from engine.exchange.effects import HttpAnswer
from engine.exchange.families.services import find, missing, stop
from engine.exchange.live import Service
from engine.exchange.params import Field, Spec
from engine.exchange.turn import Turn

HOLD: Spec = {"timeout": Field(type="string", form="seconds"), "prompt": TEXT}
_RESET: Spec = {"full_reset": FLAG, "user_prompt": TEXT, "system_prompt": TEXT}
MESSAGE: Spec = {
    "role": Field(type="string", enum=("system", "user", "assistant")),
    "message_text": TEXT,
    "reset": Field(type="object", fields=_RESET),
    "global_data": Field(type="object"),
}
STOP: Spec = {"control_id": WORD}
HOLD_S = "300"


def hold(turn: Turn, call_id: str, service: Service, params: Params) -> None:
    """The caller waits with music, for `timeout` seconds at most (a text of digits)."""
    seconds = int(params.get("timeout", HOLD_S))
    turn.put_operation(call_id, replace(service, timer_ms=turn.now_ms + max(1, milliseconds(seconds))))
    turn.log(call_id, "ai.held", control_id=service.control_id)


def unhold(turn: Turn, call_id: str, service: Service, params: Params) -> None:
    turn.put_operation(call_id, replace(service, timer_ms=None))
    turn.log(call_id, "ai.unheld", control_id=service.control_id)


def message(turn: Turn, call_id: str, service: Service, params: Params) -> None:
    turn.log(call_id, "ai.message", control_id=service.control_id, **params)


def end(turn: Turn, call_id: str, service: Service, params: Params) -> None:
    stop(turn, call_id, service)


def _about(act: Callable[[Turn, str, Service, Params], None]) -> Run:
    """A command about the call's AI."""

    def run(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
        service = find(turn.calls[call_id], "ai", params.get("control_id"))
        if service is not None:
            act(turn, call_id, service, params)
        elif turn.options.ai_session == "needed":
            return missing("ai", params)
        return accepted(turn, call_id)

    return run


COMMANDS = (
    Command(name="calling.ai_hold", spec=HOLD, run=_about(hold)),
    Command(name="calling.ai_unhold", spec={}, run=_about(unhold)),
    Command(name="calling.ai_message", spec=MESSAGE, run=_about(message)),
    Command(name="calling.ai.stop", spec=STOP, run=_about(end)),
)
