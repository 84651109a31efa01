"""calling.refer: a SIP call is sent elsewhere. How that ends is what was set for the number referred to.

Reports: `inProgress`, then `success` or why not, with the SIP codes. A referred call is over here,
unless the option `refer_success` says otherwise; after a failure it goes on.
"""

from typing import Any

from engine.exchange.answers import conflict, invalid
from engine.exchange.caller import Act
from engine.exchange.command import STATUS_URL, TEXT, Command, Family, Params, accepted
from engine.exchange.effects import HttpAnswer
from engine.exchange.inputs import CalleeSet, Outcome
from engine.exchange.live import Referral
from engine.exchange.params import Field, Spec
from engine.exchange.state import Step
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_operation

_SIP = Field(type="string", form="sip_uri")
_DEVICE: Spec = {
    "params": Field(
        type="object",
        required=True,
        fields={
            "to": Field(type="string", form="sip_uri", required=True),
            "from": _SIP,
            "username": TEXT,
            "password": TEXT,
        },
    )
}
REFER: Spec = {
    "device": Field(type="object", required=True, variants={"sip": _DEVICE}),
    "status_url": STATUS_URL,
}
ENDS: dict[Outcome, tuple[str, tuple[str, str]]] = {
    "answers": ("success", ("202", "200")),
    "busy": ("busy", ("202", "486")),
    "no_answer": ("noAnswer", ("202", "408")),
    "declines": ("cancel", ("603", "")),
    "not_found": ("error", ("404", "")),
}
"""The last state, and the codes of the REFER and of its NOTIFY, by what was set for the number."""


def start(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    call = turn.calls[call_id]
    if turn.options.refer_legs == "sip" and call.type != "sip":
        return invalid("call_not_sip", "id", "Only a SIP call can be referred.")
    if any(isinstance(operation, Referral) for operation in call.operations):
        return conflict("operation_in_progress", "id", "The call is being referred already.")
    to = params["device"]["params"]["to"]
    callee = turn.callees.get(to) or CalleeSet(at_ms=0, number=to)
    state, codes = ENDS[callee.outcome]
    lasts_ms = turn.options.refer_ms if callee.after_ms is None else callee.after_ms
    referral = Referral(
        status_url=params.get("status_url", ""), to=to, ends_ms=turn.now_ms + lasts_ms, state=state, sip_codes=codes
    )
    turn.put_operation(call_id, referral)
    _report(turn, call_id, referral, "inProgress", {})
    return accepted(turn, call_id)


def tick(turn: Turn, call_id: str, referral: Referral) -> None:
    turn.drop_operation(call_id, referral)
    response, notify = referral.sip_codes
    codes = {"sip_refer_response_code": response, **({"sip_notify_response_code": notify} if notify else {})}
    _report(turn, call_id, referral, referral.state, codes)
    if referral.state == "success" and turn.options.refer_success == "ends":
        turn.change(call_id, steps=(*turn.calls[call_id].steps, Step(turn.now_ms, "hangup")))


def act(turn: Turn, call_id: str, referral: Referral, did: Act) -> None:
    """The person on the line has no part in it."""


def stop(turn: Turn, call_id: str, referral: Referral) -> None:
    turn.drop_operation(call_id, referral)


def hang_up(turn: Turn, call_id: str, referral: Referral) -> None:
    turn.drop_operation(call_id, referral)
    if turn.options.report_on_hangup:
        _report(turn, call_id, referral, "disconnected", {})


def _report(turn: Turn, call_id: str, referral: Referral, state: str, codes: dict[str, Any]) -> None:
    fields = {"state": state, "sip_refer_to": referral.to, **codes}
    report_operation(turn, call_id, referral, mark=state, fields=fields)


COMMANDS = (Command(name="calling.refer", spec=REFER, run=start),)
FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=hang_up, make_way=None)
