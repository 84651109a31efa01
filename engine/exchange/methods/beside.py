"""What goes on beside the script or is done at once: record_call, denoise, tap, send_digits, send_sms, user_event.

`request` is not sent anywhere: it fails, as it would with a server that is not there.
"""

from typing import Any

from engine.exchange import line, script
from engine.exchange.families import record, services
from engine.exchange.live import Recording, Service
from engine.exchange.methods.method import Method, Run, fields, number
from engine.exchange.turn import Turn

_SECONDS = ("initial_timeout", "end_silence_timeout", "max_length")
_WORDS = {"format": "wav", "direction": "both", "terminators": ""}


def _record_call(turn: Turn, call_id: str, value: Any) -> bool:
    """A recording as the API's, with a control_id of its own unless it gives one; it lasts until it is stopped."""
    asked = fields(value)
    line.answer(turn, call_id)
    control_id = str(asked.get("control_id") or turn.draw_id())
    words = {name: str(asked.get(name, default)) for name, default in _WORDS.items()}
    times = {name: number(asked.get(name), 0) for name in _SECONDS}
    audio = {"beep": asked.get("beep") is True, **words, **times}
    params = {"control_id": control_id, "record": {"audio": audio}, "status_url": str(asked.get("status_url") or "")}
    worked = record.start(turn, call_id, params).status == 200
    result = "success" if worked else "failed"
    script.set_vars(turn, call_id, record_control_id=control_id, record_call_result=result)
    return False


def _stop_record_call(turn: Turn, call_id: str, value: Any) -> bool:
    """The recording that it names, else the one begun last."""
    control_id = fields(value).get("control_id")
    live = [each for each in turn.calls[call_id].operations if isinstance(each, Recording)]
    named = [each for each in live if control_id in (None, each.control_id)]
    if named:
        record.stop(turn, call_id, named[-1])
    script.set_vars(turn, call_id, stop_record_call_result="success" if named else "failed")
    return False


def _begin(name: str, variable: str, result: str) -> Run:
    """Start a service of the call, once if the call has only one of its kind."""

    def run(turn: Turn, call_id: str, value: Any) -> bool:
        asked = fields(value)
        line.answer(turn, call_id)
        control_id = "" if services.LIVES[name].single else str(asked.get("control_id") or turn.draw_id())
        if services.find(turn.calls[call_id], name, control_id) is None:
            told = str(asked.get("status_url") or "")
            services.put(
                turn, call_id, Service(name=name, control_id=control_id, status_url=told, began_ms=turn.now_ms)
            )
        script.set_vars(turn, call_id, **{variable: result, f"{name}_control_id": control_id or None})
        return False

    return run


def _stop(name: str, variable: str, result: str) -> Run:
    def run(turn: Turn, call_id: str, value: Any) -> bool:
        found = services.find(turn.calls[call_id], name, fields(value).get("control_id"))
        if found is not None:
            services.stop(turn, call_id, found)
        script.set_vars(turn, call_id, **{variable: "failed" if found is None else result})
        return False

    return run


def _done(**variables: Any) -> Run:
    """Nothing that anybody here could notice; its variables say how it went."""

    def run(turn: Turn, call_id: str, value: Any) -> bool:
        script.set_vars(turn, call_id, **variables)
        return False

    return run


def _user_event(turn: Turn, call_id: str, value: Any) -> bool:
    turn.log(call_id, "user_event", event=fields(value).get("event"))
    return False


METHODS = {
    "record_call": Method(_record_call),
    "stop_record_call": Method(_stop_record_call),
    "denoise": Method(_begin("denoise", "denoise_result", "on")),
    "stop_denoise": Method(_stop("denoise", "denoise_result", "off")),
    "tap": Method(_begin("tap", "tap_result", "success")),
    "stop_tap": Method(_stop("tap", "stop_tap_result", "success")),
    "send_digits": Method(_done(send_digits_result="success")),
    "send_sms": Method(_done(send_sms_result="success")),
    "user_event": Method(_user_event),
    "request": Method(_done(request_result="failed", return_value="failed")),
}
