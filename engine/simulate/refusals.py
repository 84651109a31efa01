"""Which refusals of the exchange a right interpreter can meet, and why.

An answer of 400 and the codes `invalid_parameter` and `missing_required_parameter` never are: they would say that
the compiler let through, or the interpreter put together, what the API does not take.
"""

from engine.exchange.effects import HttpAnswer
from engine.exchange.live import Playback, Recording, Service
from engine.exchange.state import Call, ExchangeState
from engine.model.commands import SendCommand

_ABOUT_OTHERS = (
    *("calling.ai_hold", "calling.ai_unhold", "calling.ai_message", "calling.ai.stop"),
    *("calling.ai_sidecar.poke", "calling.ai_sidecar.ask", "calling.ai_sidecar.status", "calling.ai_sidecar.stop"),
    *("calling.send_fax.stop", "calling.receive_fax.stop"),
    *("calling.denoise.stop", "calling.live_transcribe", "calling.live_translate"),
)
"""About something that the flow's author says is there; the run keeps no account of it."""
_SINGLE = ("transcribe", "denoise", "ai_sidecar", "live_transcribe", "live_translate", "refer")


def justified(state: ExchangeState, command: SendCommand, answer: HttpAnswer, *, again: bool, decided: set[str]) -> str:
    """Why this refusal is nobody's fault; empty when it is one. `state` is the exchange's before the command.

    `again`: the command may have been carried out before. `decided` are the operations that were ever begun.
    """
    errors = answer.body.get("errors", [])
    code = errors[0]["code"] if errors else ""
    call = state.calls.get(_target(command))
    if call is None:
        other = command.command == "update" and _target(command) != command.call_id
        return "the author names a leg that nobody knows" if other and answer.status == 404 else ""
    if answer.status == 404:
        return _not_found(command, call, decided)
    if answer.status == 409:
        return _conflict(command, call, code)
    if answer.status == 422 and len(errors) == 1:
        return _invalid(state, command, call, code, again=again)
    return ""


def _target(command: SendCommand) -> str:
    return str(command.params.get("id", command.call_id)) if command.command == "update" else command.call_id


def _not_found(command: SendCommand, call: Call, decided: set[str]) -> str:
    if call.is_over:
        return "the call has ended, and the run has not heard of it"
    if command.control_id in decided and not _lives(call, command.control_id):
        return "the operation is over, or was never begun, and the run has not heard of it"
    return "the author named what is not there" if command.command in _ABOUT_OTHERS else ""


def _conflict(command: SendCommand, call: Call, code: str) -> str:
    if code == "operation_in_progress":
        return _second(command, call)
    redundant = ("calling.play.pause", "calling.play.resume", "calling.record.pause", "calling.record.resume")
    if code == "nothing_to_change" and command.command in redundant:
        lives = [one for one in call.operations if one.control_id == command.control_id]
        return "paused, or going on, already" if isinstance(lives[0], Playback | Recording) else ""
    if code == "nothing_to_change" and command.command == "calling.disconnect":
        return "the author parts what nobody has connected"
    return ""


def _second(command: SendCommand, call: Call) -> str:
    """At most one of a kind, and the author, or an earlier attempt that nobody heard of, has begun one."""
    name = command.command.removeprefix("calling.")
    lives = any(one.kind == name for one in call.operations)
    return "there is one already" if name in _SINGLE and lives else ""


def _invalid(state: ExchangeState, command: SendCommand, call: Call, code: str, *, again: bool) -> str:
    own = command.command != "update" or call.call_id == command.call_id
    match code:
        case "call_ended" if call.is_over:
            return "the call has ended, and the run has not heard of it"
        case "control_id_in_use" if again and _lives(call, command.control_id):
            return "a repeat, and the first was carried out"
        case "operation_in_progress":
            return _second(command, call)
        case "call_not_sip" if call.type != "sip":
            return "the author refers what may be any call"
        case "cannot_update_completed" if call.state == "ended":
            return "the leg has ended, and the run has not heard of it"
        case "cannot_cancel_in_progress" if not own and call.state == "answered":
            return "the other leg was answered before it could be cancelled"
        case "call_update_failed" | "cannot_redirect_not_in_progress" if call.state == "ending" or not own:
            return "the leg is about to end, or is another one, of which the run knows nothing"
        case "playback_in_progress" if any(isinstance(one, Playback) for one in call.operations):
            return "an earlier playback goes on, and the run takes it for lost"
        case _:
            return ""


def _lives(call: Call, control_id: str | None) -> bool:
    return any(
        one.control_id == control_id for one in call.operations if not isinstance(one, Service) or one.control_id
    )
