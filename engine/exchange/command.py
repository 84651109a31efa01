"""What the families' files are made of: rows of commands and of operations, and what they share."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from msgspec import Struct

from engine.exchange.answers import conflict, invalid, not_found, ok
from engine.exchange.effects import HttpAnswer
from engine.exchange.live import AnyOperation
from engine.exchange.params import Field, Spec
from engine.exchange.state import Call
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

    tick      its `due_ms` has come
    act       the person on the line did something
    stop      a command stops it
    hang_up   the call is over; nothing of it may stay
    make_way  SWML takes the call over; None: it goes on
    """

    tick: Callable[[Turn, str, Any], None]
    act: Callable[[Turn, str, Any, Any], None]
    stop: Callable[[Turn, str, Any], None]
    hang_up: Callable[[Turn, str, Any], None]
    make_way: Callable[[Turn, str, Any], None] | None


CONTROL_ID = Field(type="string", required=True, least=1)
STATUS_URL = Field(type="string", form="url")
FLAG = Field(type="boolean")
TEXT = Field(type="string")
WORD = Field(type="string", least=1)
SECONDS = Field(type="number", minimum=0)
DIRECTION = Field(type="string", enum=("listen", "speak", "both"))
SWML = Field(
    type="object",
    fields={
        "version": Field(type="string", enum=("1.0.0",)),
        "sections": Field(
            type="object",
            required=True,
            fields={"main": Field(type="array", required=True)},
            values=Field(type="array"),
        ),
    },
)
"""A SWML document; what stands in its sections is not checked here."""
MAX_INT = 2**31 - 1
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
    """The answer to a command whose control_id is that of a live operation; None: it is free."""
    if find(turn.calls[call_id], kind, control_id) is None:
        return None
    return control_id_in_use(turn, call_id, control_id)


def control_id_in_use(turn: Turn, call_id: str, control_id: str) -> HttpAnswer:
    """What the platform says to it is not documented; that nothing starts twice is assumed."""
    if turn.options.repeat == "accept":
        return accepted(turn, call_id)
    return invalid("control_id_in_use", "params.control_id", f"{control_id} is the id of a live operation.")


def redundant(turn: Turn, call_id: str, message: str) -> HttpAnswer:
    """The answer to an order that has nothing to change."""
    if turn.options.redundant == "refuse":
        return conflict("nothing_to_change", "params.control_id", message)
    return accepted(turn, call_id)


def order(kind: type[T], act: Callable[[Turn, str, T, Params], HttpAnswer | None]) -> Run:
    """A command about a live operation: 404 when it is not there (or not any more).

    `act` may give an answer of its own; else the order is accepted.
    """

    def run(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
        operation = find(turn.calls[call_id], kind, params["control_id"])
        if operation is None:
            return not_found("params.control_id", "operation")
        return act(turn, call_id, operation, params) or accepted(turn, call_id)

    return run


def stopping(kind: type[T], stop: Callable[[Turn, str, T], None]) -> Run:
    """The command that stops a live operation."""

    def act(turn: Turn, call_id: str, operation: T, _: Params) -> None:
        stop(turn, call_id, operation)

    return order(kind, act)


def milliseconds(seconds: float) -> int:
    return round(seconds * 1_000)
