"""A request of the API: which command, on which call, with what; and its answer."""

from typing import Any

from engine.exchange.answers import invalid, malformed, not_found, refused
from engine.exchange.command import Command
from engine.exchange.effects import HttpAnswer
from engine.exchange.life import is_live
from engine.exchange.params import check
from engine.exchange.table import COMMANDS
from engine.exchange.turn import Turn


def answer(turn: Turn, body: Any) -> HttpAnswer:
    """Checked in this order: the body, the command, the call, the params."""
    if not isinstance(body, dict):
        return malformed("", "The body must be a JSON object.")
    name = body.get("command")
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        return _unknown(name)
    params = body.get("params", {})
    if not isinstance(params, dict):
        return invalid("invalid_parameter", "params", "params must be an object.")
    if command.needs == "nothing":
        return _run(turn, command, "", params)
    return _on_call(turn, command, body.get("id"), params)


def _unknown(name: Any) -> HttpAnswer:
    if name is None:
        return invalid("missing_required_parameter", "command", "command is required.")
    return invalid("invalid_parameter", "command", f"{name!r} is not a command known here.")


def _on_call(turn: Turn, command: Command, call_id: Any, params: dict[str, Any]) -> HttpAnswer:
    if call_id is None:
        return invalid("missing_required_parameter", "id", "id is required.")
    if not isinstance(call_id, str):
        return invalid("invalid_call_id_passed", "id", "id must be the id of a call.")
    if not is_live(turn, call_id):
        return not_found("id", "call")
    if command.needs == "answered" and turn.calls[call_id].state != "answered":
        return invalid("call_not_answered", "id", "The call has not been answered.")
    turn.log(call_id, f"command.{command.name}")
    return _run(turn, command, call_id, params)


def _run(turn: Turn, command: Command, call_id: str, params: dict[str, Any]) -> HttpAnswer:
    closed = turn.options.unknown_params == "refuse"
    problems = check(params, command.spec, path="params", closed=closed)
    if problems:
        return refused(422, problems)
    return command.run(turn, call_id, params)
