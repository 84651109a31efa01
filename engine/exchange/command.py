"""What the families' files are made of: rows of commands and of operations, and what they share."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from msgspec import Struct

from engine.exchange.answers import invalid, not_found, ok
from engine.exchange.effects import HttpAnswer
from engine.exchange.params import Field, Spec
from engine.exchange.state import AnyOperation, Call
from engine.exchange.turn import Turn

Params = dict[str, Any]
Run = Callable[[Turn, str, Params], HttpAnswer]
T = TypeVar("T", bound=AnyOperation)


class Command(Struct, frozen=True, kw_only=True):
    """One command of the API.

    `needs`: `nothing` (no top-level id; `run` gets ""), a `live` call, or an `answered` one.
    `run` gets params that have passed `spec`.
    """

    name: str
    spec: Spec
    run: Run
    needs: Literal["nothing", "live", "answered"] = "answered"


class Family(Struct, frozen=True, kw_only=True):
    """What an operation does by itself: functions of (turn, call_id, operation[, act]).

    tick     its `due_ms` has come
    act      the person on the line did something
    stop     a command stops it, or SWML that takes the call over (unless it `outlives_swml`)
    hang_up  the call is over; nothing of it may stay
    """

    tick: Callable[[Turn, str, Any], None]
    act: Callable[[Turn, str, Any, Any], None]
    stop: Callable[[Turn, str, Any], None]
    hang_up: Callable[[Turn, str, Any], None]
    outlives_swml: bool = False


CONTROL_ID = Field(type="string", required=True, least=1)
STATUS_URL = Field(type="string")
CONTROL: Spec = {"control_id": CONTROL_ID}
"""The params of a command that only names an operation."""


def accepted(turn: Turn, call_id: str) -> HttpAnswer:
    return ok(turn.calls[call_id], now_ms=turn.now_ms, options=turn.options)


def find(call: Call, kind: type[T], control_id: str) -> T | None:
    for operation in call.operations:
        if isinstance(operation, kind) and operation.control_id == control_id:
            return operation
    return None


def in_use(turn: Turn, call_id: str, kind: type[T], control_id: str) -> HttpAnswer | None:
    """The answer to a command whose control_id is that of a live operation; None: it is free.

    What the platform says to it is not documented; that nothing starts twice is assumed.
    """
    if find(turn.calls[call_id], kind, control_id) is None:
        return None
    if turn.options.repeat == "accept":
        return accepted(turn, call_id)
    return invalid("control_id_in_use", "params.control_id", f"{control_id} is the id of a live operation.")


def order(kind: type[T], act: Callable[[Turn, str, T], None]) -> Run:
    """A command about a live operation: 404 when it is not there (or not any more)."""

    def run(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
        operation = find(turn.calls[call_id], kind, params["control_id"])
        if operation is None:
            return not_found("params.control_id", "operation")
        act(turn, call_id, operation)
        return accepted(turn, call_id)

    return run


def milliseconds(seconds: float) -> int:
    return round(seconds * 1_000)
