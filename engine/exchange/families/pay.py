"""`pay` of SWML: the caller is asked for a card, and it turns out somehow; no card is asked for here.

`*` cancels it. The connector is not asked, so its words are made up.
"""

from typing import Any

from msgspec.structs import replace

from engine.exchange import script
from engine.exchange.caller import Act, Decides, Presses
from engine.exchange.command import Family
from engine.exchange.live_swml import Payment
from engine.exchange.turn import Turn

CANCELED = "caller-interrupted-with-star"


def begin(turn: Turn, call_id: str, payment: Payment, amount: str) -> None:
    turn.put_operation(call_id, payment)
    turn.progress(call_id, "paying", detail=amount)
    turn.prompt_caller(call_id)


def tick(turn: Turn, call_id: str, payment: Payment) -> None:
    _over(turn, call_id, payment, payment.verdict.word)


def act(turn: Turn, call_id: str, payment: Payment, did: Act) -> None:
    if isinstance(did, Presses) and "*" in did.digits:
        _over(turn, call_id, payment, CANCELED)
    elif isinstance(did, Decides) and did.about == "pay":
        until_ms = turn.now_ms + (did.verdict.after_ms or 0)
        turn.put_operation(call_id, replace(payment, verdict=did.verdict, decided=True, until_ms=until_ms))


def stop(turn: Turn, call_id: str, payment: Payment) -> None:
    _over(turn, call_id, payment, "relay-pay-stop")


def make_way(turn: Turn, call_id: str, payment: Payment) -> None:
    turn.drop_operation(call_id, payment)


def _over(turn: Turn, call_id: str, payment: Payment, word: str) -> None:
    turn.drop_operation(call_id, payment)
    script.set_vars(turn, call_id, pay_result=word, pay_payment_results=_results(turn, payment, word))
    turn.progress(call_id, "paid", detail=word)
    script.go_on(turn, call_id)


def _results(turn: Turn, payment: Payment, word: str) -> dict[str, Any]:
    if word != "success":
        return {"payment_error": word, "payment_error_code": word}
    card = {
        "payment_card_number": "************1111",
        "payment_card_type": "visa",
        "payment_card_expiration_date": "1230",
    }
    name = "payment_confirmation_code" if payment.charges else "payment_token"
    return {name: turn.draw_id(), **card, "payment_error": "", "payment_error_code": ""}


FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=make_way, make_way=make_way)
