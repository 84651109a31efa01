"""dial, update, transfer, the end: the call itself."""

from engine.exchange import dialing, fetching, life, limits, operations, swml
from engine.exchange.answers import refused, unknown_call
from engine.exchange.command import STATUS_URL, SWML, TEXT, WORD, Command, Params, accepted, redundant
from engine.exchange.effects import HttpAnswer
from engine.exchange.forms import FORMS
from engine.exchange.live_swml import Bridge, Queue
from engine.exchange.params import Field, Problem, Spec
from engine.exchange.state import Call, EndReason
from engine.exchange.turn import Turn

URL = Field(type="string", form="url")
EVENTS = ("created", "ringing", "answered", "ended", "queued", "initiated", "ending")
"""What `status_events` may name: the first four are published, the others are words of the vendor's SDK,
of which only `ending` ever comes."""
CODECS = (
    *("OPUS", "OPUS@48000H@20I", "OPUS@24000H@20I", "OPUS@16000H@20I", "OPUS@8000H@20I"),
    *("G722", "PCMU", "PCMA", "G729", "VP8", "H264"),
)
DIAL: Spec = {
    "from": Field(type="string", required=True, least=1),
    "to": WORD,
    "to_script": Field(either=(WORD, SWML)),
    "url": URL,
    "swml": SWML,
    "username": TEXT,
    "password": TEXT,
    "caller_id": TEXT,
    "fallback_url": URL,
    "status_url": STATUS_URL,
    "status_events": Field(type="array", unique=True, items=Field(type="string", enum=EVENTS)),
    "url_method": Field(type="string", enum=("GET", "POST")),
    "codecs": Field(either=(Field(type="array", items=Field(type="string", enum=CODECS)), WORD)),
    "timeout": Field(type="integer", minimum=1, maximum=600),
    "max_price_per_minute": Field(type="number", minimum=0),
    "send_digits": Field(type="string", form="tones"),
    "region": Field(either=(WORD, Field(type="array", least=1, items=WORD))),
    "custom_variables": Field(
        type="object", most=20, names="variable", values=Field(type="string", least=1, most_bytes=1_024)
    ),
}
UPDATE: Spec = {
    "id": Field(type="string", required=True, least=1),
    "status": Field(type="string", enum=("canceled", "completed")),
    "url": URL,
    "swml": SWML,
    "fallback_url": URL,
    "status_url": STATUS_URL,
}
END: Spec = {
    "reason": Field(type="string", enum=("hangup", "cancel", "busy", "noAnswer", "decline", "error")),
}
TRANSFER: Spec = {"dest": Field(required=True, either=(WORD, SWML))}
USER_EVENT: Spec = {"event": Field(type="object", required=True)}


def dial(turn: Turn, _: str, params: Params) -> HttpAnswer:
    problems = _destination(params)
    if problems:
        return refused(422, problems)
    begins_ms = limits.queue_dial(turn)
    if isinstance(begins_ms, HttpAnswer):
        return begins_ms
    return accepted(turn, dialing.dial(turn, params, begins_ms=begins_ms).call_id)


def update(turn: Turn, _: str, params: Params) -> HttpAnswer:
    """Cancel or complete the leg, or redirect it; each only in the states that allow it."""
    problem = _unclear(params)
    if problem is not None:
        return refused(422, (problem,))
    call = turn.calls.get(params["id"])
    if call is None:
        return unknown_call(params["id"], "params.id")
    problem = _not_allowed(call, params)
    if problem is not None:
        return refused(422, (problem,))
    _new_status_url(turn, call, params)
    turn.log(call.call_id, "command.update")
    if "status" in params:
        reason: EndReason = "cancel" if params["status"] == "canceled" else "hangup"
        life.end(turn, call.call_id, reason)
    elif "url" in params:
        turn.change(call.call_id, fallback_url=params.get("fallback_url", ""))
        fetching.follow(turn, call.call_id, params["url"])
    else:
        swml.take_over(turn, call.call_id, params["swml"])
    return accepted(turn, call.call_id)


def end(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    life.end(turn, call_id, params.get("reason", "hangup"))
    return accepted(turn, call_id)


def transfer(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    """The call goes to a SIP URI or a number, or to SWML by its URL or inline."""
    dest = params["dest"]
    if isinstance(dest, dict):
        swml.take_over(turn, call_id, dest)
    elif FORMS["url"].fits(dest):
        fetching.follow(turn, call_id, dest)
    else:
        fetching.leave(turn, call_id, f"transfer to {dest}")
    return accepted(turn, call_id)


def disconnect(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    """Whoever SWML has connected the call to is disconnected, and the SWML goes on behind it."""
    talking = [each for each in turn.calls[call_id].operations if isinstance(each, Bridge | Queue) and each.talk]
    if not talking:
        return redundant(turn, call_id, "Nobody is connected.")
    operations.FAMILIES[type(talking[0])].stop(turn, call_id, talking[0])
    return accepted(turn, call_id)


def user_event(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    """An event for whoever listens to the call elsewhere; the voice log is all that tells of it here."""
    turn.log(call_id, "user_event", event=params["event"])
    return accepted(turn, call_id)


def _not_allowed(call: Call, params: Params) -> Problem | None:
    """Which rule of the call's state the update breaks. An ending call is neither ringing nor in progress."""
    status = params.get("status")
    if call.state == "ended":
        return Problem("cannot_update_completed", "params.id", "The call is over.")
    if status == "canceled" and call.state == "answered":
        return Problem("cannot_cancel_in_progress", "params.status", "The call is in progress.")
    if status == "canceled" and call.state == "ending":
        return Problem("call_update_failed", "params.status", "The call is ending.")
    if status == "completed" and call.state != "answered":
        return Problem("call_update_failed", "params.status", "The call is not in progress.")
    if status is None and call.state != "answered":
        where = "params.url" if "url" in params else "params.swml"
        return Problem("cannot_redirect_not_in_progress", where, "The call is not in progress.")
    return None


def _unclear(params: Params) -> Problem | None:
    """Whether it does not say what to do, or says two things."""
    if "url" in params and "swml" in params:
        return Problem("invalid_parameter", "params.swml", "Only one of url and swml can be given.")
    if not {"status", "url", "swml"} & set(params):
        return Problem("missing_required_parameter", "params.url", "One of status, url and swml is required.")
    if "fallback_url" in params and not {"url", "swml"} & set(params):
        return Problem("invalid_parameter", "params.fallback_url", "A fallback_url needs a url or swml.")
    return None


def _new_status_url(turn: Turn, call: Call, params: Params) -> None:
    """Reports go to another place from now on; an inbound call that makes none goes on making none."""
    if "status_url" in params and call.status_events:
        turn.change(call.call_id, status_url=params["status_url"])


def _destination(params: Params) -> list[Problem]:
    problems: list[Problem] = []
    if "to" not in params and "to_script" not in params:
        problems.append(Problem("missing_required_parameter", "params.to", "params.to is required."))
    if ("url" in params) == ("swml" in params):
        message = "Either params.url or params.swml is required."
        problems.append(Problem("missing_required_parameter", "params.url", message))
    return problems


COMMANDS = (
    Command(name="dial", spec=DIAL, run=dial, needs="nothing"),
    Command(name="update", spec=UPDATE, run=update, needs="nothing"),
    Command(name="calling.end", spec=END, run=end, needs="live"),
    Command(name="calling.transfer", spec=TRANSFER, run=transfer),
    Command(name="calling.disconnect", spec={}, run=disconnect),
    Command(name="calling.user_event", spec=USER_EVENT, run=user_event),
)
