"""A request of the API: which command, on which call, with what; and its answer."""

from typing import Any

from msgspec.structs import replace

from engine.exchange import limits
from engine.exchange.answers import invalid, malformed, not_found, refused, unknown_call
from engine.exchange.command import Command
from engine.exchange.effects import HttpAnswer
from engine.exchange.faults import ANSWER_FAULTS, Fault, happens
from engine.exchange.params import Problem, check
from engine.exchange.state import Call
from engine.exchange.table import COMMANDS
from engine.exchange.turn import Turn
from engine.exchange.webhooks import common_fault, own_fault

HTML = "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"
NOT_CARRIED_OUT = ("422", "429", "500", "html", "hang")
"""Faults that come in place of the command."""


def answer(turn: Turn, body: Any) -> HttpAnswer:
    """The answer past the limit and the faults."""
    given = limits.admit(turn) or _with_fault(turn, body)
    return replace(given, headers={**limits.headers(turn), **given.headers})


def _with_fault(turn: Turn, body: Any) -> HttpAnswer:
    fault = _fault(turn, body)
    if fault is None:
        return _answer(turn, body)
    return _spoilt(fault, None if fault.do in NOT_CARRIED_OUT else _answer(turn, body))


def _answer(turn: Turn, body: Any) -> HttpAnswer:
    """Checked in this order: the body, the command, the call, the params."""
    if not isinstance(body, dict):
        return malformed("", "The body must be a JSON object.")
    name = body.get("command")
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        return _unknown(name)
    problem = _envelope(turn, command, body)
    if problem is not None:
        return refused(422, (problem,))
    if command.needs == "nothing":
        return _run(turn, command, "", body["params"])
    return _on_call(turn, command, body["id"], body["params"])


def _unknown(name: Any) -> HttpAnswer:
    if name is None:
        return invalid("missing_required_parameter", "command", "command is required.")
    return invalid("invalid_parameter", "command", f"{name!r} is not a command known here.")


def _envelope(turn: Turn, command: Command, body: dict[str, Any]) -> Problem | None:
    """What is wrong with the body around the params."""
    names = ("command", "params") if command.needs == "nothing" else ("command", "id", "params")
    for name in names:
        if body.get(name) is None:
            return Problem("missing_required_parameter", name, f"{name} is required.")
    if not isinstance(body["params"], dict):
        return Problem("invalid_parameter", "params", "params must be an object.")
    strange = [name for name in body if name not in names]
    if strange and turn.options.unknown_params == "refuse":
        return Problem("invalid_parameter", strange[0], f"{strange[0]} is not a parameter of this command.")
    return None


def _on_call(turn: Turn, command: Command, call_id: Any, params: dict[str, Any]) -> HttpAnswer:
    call = turn.calls.get(call_id) if isinstance(call_id, str) else None
    if call is None:
        return unknown_call(call_id, "id")
    if call.is_over:
        return _over(turn)
    if command.needs == "answered" and call.state != "answered" and turn.options.early == "refuse":
        return invalid("call_not_answered", "id", "The call has not been answered.")
    turn.log(call.call_id, f"command.{command.name}")
    return _run(turn, command, call.call_id, params)


def _over(turn: Turn) -> HttpAnswer:
    if turn.options.gone == "invalid":
        return invalid("call_ended", "id", "The call is over.")
    return not_found("id", "call")


def _run(turn: Turn, command: Command, call_id: str, params: dict[str, Any]) -> HttpAnswer:
    closed = turn.options.unknown_params == "refuse"
    problems = check(params, command.spec, path="params", closed=closed)
    if problems:
        return refused(422, problems)
    return command.run(turn, call_id, params)


def _fault(turn: Turn, body: Any) -> Fault | None:
    """What goes wrong with this answer: a fault of its call (of a dial: of its number), or of the exchange."""
    if not isinstance(body, dict) or not isinstance(body.get("command"), str):
        return None
    name = body["command"]
    params = body["params"] if isinstance(body.get("params"), dict) else {}
    own = None
    if name == "dial":
        callee = turn.callees.get(str(params.get("to")))
        faults = () if callee is None else callee.faults
        found = happens(faults, (), kind=name, of=ANSWER_FAULTS, seed=turn.seed, rolled=turn.rolled)
        own, turn.rolled = found.fault, found.rolled
    elif call := _named(turn, body.get("id") or params.get("id")):
        own = own_fault(turn, call.call_id, name, ANSWER_FAULTS)
    return own or common_fault(turn, name, ANSWER_FAULTS)


def _named(turn: Turn, call_id: Any) -> Call | None:
    return turn.calls.get(call_id) if isinstance(call_id, str) else None


def _spoilt(fault: Fault, given: HttpAnswer | None) -> HttpAnswer:
    """The answer as the fault leaves it; None: the command was not carried out."""
    match fault.do:
        case "422":
            return invalid("invalid_parameter", "", "It is refused.")
        case "429":
            return limits.too_many("rate_limit_exceeded", after_s=1)
        case "html":
            return HttpAnswer(status=502, text=HTML, content_type="text/html; charset=utf-8")
        case "hang" | "execute_hang":
            return HttpAnswer(status=0, send="hang")
        case "reset":
            return HttpAnswer(status=0, send="reset")
        case "late" if given is not None:
            return replace(given, late_ms=fault.delay_ms)
        case _:
            return refused(500, (Problem("internal_error", "", "Something went wrong here."),))
