"""pay."""

from typing import Any

from engine.exchange import line
from engine.exchange.decisions import Verdict
from engine.exchange.families import pay
from engine.exchange.live_swml import Payment
from engine.exchange.methods.method import Method, fields, number
from engine.exchange.turn import Turn


def _pay(turn: Turn, call_id: str, value: Any) -> bool:
    line.answer(turn, call_id)
    amount = str(fields(value).get("charge_amount") or "")
    until_ms = turn.now_ms + turn.options.pay_ms
    payment = Payment(charges=number(amount, 0) > 0, verdict=Verdict(word="success"), until_ms=until_ms)
    pay.begin(turn, call_id, payment, amount)
    return True


METHODS = {"pay": Method(_pay, but=("prompts",))}
