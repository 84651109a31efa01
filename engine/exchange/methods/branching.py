"""cond, switch: one of several lists of methods, put before what follows."""

from typing import Any

from engine.exchange import js_values, script
from engine.exchange.javascript import evaluate
from engine.exchange.methods.method import Method, fields, methods
from engine.exchange.turn import Turn


def of_result(value: Any, variable: str) -> tuple[Any, ...]:
    """The method that a `result` stands for: a `switch` over `variable`, unless it names one, or a `cond`."""
    if isinstance(value, dict):
        return ({"switch": {"variable": variable, **value}},)
    return ({"cond": value},) if isinstance(value, list) else ()


def _cond(turn: Turn, call_id: str, value: Any) -> bool:
    """The first branch whose condition holds, else the one with `else`."""
    seen = script.scope(turn.calls[call_id], turn.options)
    branches = [fields(branch) for branch in methods(value)]
    for branch in branches:
        if "when" in branch and js_values.truthy(evaluate(str(branch["when"]), seen)):
            script.put_first(turn, call_id, methods(branch.get("then")))
            return False
    script.put_first(turn, call_id, next((methods(branch["else"]) for branch in branches if "else" in branch), ()))
    return False


def _switch(turn: Turn, call_id: str, value: Any) -> bool:
    """The case that reads as the variable's value does, else the default."""
    asked = fields(value)
    found = evaluate(str(asked.get("variable", "")), script.scope(turn.calls[call_id], turn.options))
    cases = fields(asked.get("case"))
    script.put_first(turn, call_id, methods(cases.get(js_values.text(found), asked.get("default"))))
    return False


METHODS = {"cond": Method(_cond, raw=True), "switch": Method(_switch, raw=True)}
