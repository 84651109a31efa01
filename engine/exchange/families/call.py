"""dial, update and calling.end: the call itself."""

import re

from engine.exchange import dialing, life, swml
from engine.exchange.answers import not_found, refused
from engine.exchange.command import STATUS_URL, Command, Params, accepted
from engine.exchange.effects import HttpAnswer
from engine.exchange.params import Field, Problem, Spec
from engine.exchange.state import Call, EndReason
from engine.exchange.turn import Turn

_TEXT = Field(type="string", least=1)
_SWML = Field(type="object")
_EVENTS = ("queued", "initiated", "created", "ringing", "answered", "ending", "ended")
"""What `status_events` may name. The vendor's pages differ, so all of their words are taken; the
first two never come."""
DIAL: Spec = {
    "from": Field(type="string", required=True, least=1),
    "to": _TEXT,
    "to_script": Field(type="text_or_object"),
    "url": _TEXT,
    "swml": _SWML,
    "username": Field(type="string"),
    "password": Field(type="string"),
    "caller_id": Field(type="string"),
    "fallback_url": Field(type="string"),
    "status_url": STATUS_URL,
    "status_events": Field(type="array", items=Field(type="string", enum=_EVENTS)),
    "url_method": Field(type="string", enum=("GET", "POST")),
    "codecs": Field(type="any"),
    "timeout": Field(type="integer", minimum=1, maximum=600),
    "max_price_per_minute": Field(type="number", minimum=0),
    "send_digits": Field(type="string"),
    "region": Field(type="any"),
    "custom_variables": Field(type="object", most=20),
}
UPDATE: Spec = {
    "id": Field(type="string", required=True, least=1),
    "status": Field(type="string", enum=("canceled", "completed")),
    "url": _TEXT,
    "swml": _SWML,
    "fallback_url": Field(type="string"),
    "status_url": STATUS_URL,
}
END: Spec = {
    "reason": Field(type="string", enum=("hangup", "cancel", "busy", "noAnswer", "decline", "error")),
}
_VARIABLE = re.compile(r"(?!(?:signalwire|sw|rtc|internal)_)[a-z_][a-z0-9_]*", re.IGNORECASE)
MAX_VARIABLE_BYTES = 1_024


def dial(turn: Turn, _: str, params: Params) -> HttpAnswer:
    problems = [*_destination(params), *_variables(params.get("custom_variables", {}))]
    if problems:
        return refused(422, problems)
    return accepted(turn, dialing.dial(turn, params).call_id)


def update(turn: Turn, _: str, params: Params) -> HttpAnswer:
    """Cancel or complete the leg, or redirect it; each only in the states that allow it."""
    call = turn.calls.get(params["id"])
    if call is None:
        return not_found("params.id", "call")
    problem = _not_allowed(call, params)
    if problem is not None:
        return refused(422, (problem,))
    _new_status_url(turn, call, params)
    if "status" in params:
        reason: EndReason = "cancel" if params["status"] == "canceled" else "hangup"
        life.end(turn, call.call_id, reason)
    elif "url" in params:
        turn.change(call.call_id, fallback_url=params.get("fallback_url", ""))
        swml.fetch(turn, call.call_id, params["url"])
    else:
        swml.take_over(turn, call.call_id, params["swml"])
    return accepted(turn, call.call_id)


def end(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    life.end(turn, call_id, params.get("reason", "hangup"))
    return accepted(turn, call_id)


def _not_allowed(call: Call, params: Params) -> Problem | None:
    """Which rule of the call's state the update breaks."""
    status = params.get("status")
    if call.state == "ended":
        return Problem("cannot_update_completed", "params.id", "The call is over.")
    if status == "canceled" and call.state == "answered":
        return Problem("cannot_cancel_in_progress", "params.status", "The call is in progress.")
    if status == "completed" and call.state != "answered":
        return Problem("call_update_failed", "params.status", "The call is not in progress.")
    if status is not None:
        return None
    if ("url" in params) == ("swml" in params):
        message = "One of status, url and swml is required, and not both url and swml."
        return Problem("missing_required_parameter", "params.url", message)
    if call.state != "answered":
        message = "The call is not in progress."
        return Problem("cannot_redirect_not_in_progress", "params", message)
    return None


def _new_status_url(turn: Turn, call: Call, params: Params) -> None:
    """Reports go to another place from now on; an inbound call that makes none goes on making none."""
    if "status_url" in params and call.status_events:
        turn.change(call.call_id, status_url=params["status_url"])


def _destination(params: Params) -> list[Problem]:
    problems = []
    if "to" not in params and "to_script" not in params:
        problems.append(Problem("missing_required_parameter", "params.to", "params.to is required."))
    if ("url" in params) == ("swml" in params):
        message = "Either params.url or params.swml is required."
        problems.append(Problem("missing_required_parameter", "params.url", message))
    return problems


def _variables(variables: Params) -> list[Problem]:
    problems = []
    for name, value in variables.items():
        where = f"params.custom_variables.{name}"
        if _VARIABLE.fullmatch(name) is None:
            problems.append(Problem("invalid_parameter", where, f"{where} has no allowed name."))
        elif not isinstance(value, str) or not 1 <= len(value.encode()) <= MAX_VARIABLE_BYTES:
            message = f"{where} must be text of 1 to {MAX_VARIABLE_BYTES} bytes."
            problems.append(Problem("invalid_parameter", where, message))
    return problems


COMMANDS = (
    Command(name="dial", spec=DIAL, run=dial, needs="nothing"),
    Command(name="update", spec=UPDATE, run=update, needs="nothing"),
    Command(name="calling.end", spec=END, run=end, needs="live"),
)
