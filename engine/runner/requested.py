"""What a request for a run gives: a number, and inputs that must be what the flow declares."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from engine.model.events import RunRequested
from engine.model.graph import FlowGraph
from engine.model.limits import MAX_GIVEN_BYTES
from engine.runner.library import fits, fitted
from engine.webhook.intake import Refused

_CALLABLE = re.compile(r"\+[1-9][0-9]{1,14}|sips?:\S+")
_BOOLS = {"true": True, "false": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def check_number(to: str) -> None:
    """`Refused` for what nobody can be called by."""
    if not _CALLABLE.fullmatch(to):
        raise Refused(400, "`to` must be a number with + and country code (+15550177) or a SIP address (sip:...).")


def inputs(graph: FlowGraph, given: Mapping[str, Any]) -> dict[str, Any]:
    """The run's inputs, of their declared types; a text that says a number, true or false counts as that."""
    found = {}
    for name, value in given.items():
        declared = graph.inputs.get(name)
        if declared is None:
            raise Refused(400, f"Flow {graph.flow} has no input `{name}`. Inputs: {', '.join(graph.inputs) or 'none'}.")
        meant = from_text(value, declared.type) if isinstance(value, str) else value
        if not fits(meant, declared.type):
            raise Refused(400, f"Input `{name}` wants {declared.type}{'' if declared.secrecy else _but(value)}.")
        found[name] = fitted(meant, declared.type)
    _check_size(found, "The inputs")
    missing = [name for name, one in graph.inputs.items() if one.required and name not in given]
    if missing:
        raise Refused(400, f"Missing inputs: {', '.join(missing)}.")
    return found


def check_same(
    known: FlowGraph, began: RunRequested, *, flow: str, to: str, from_: str, inputs: dict[str, Any]
) -> None:
    """An idempotency key stands for one request: what it began must be what is asked for now. `from_` may be empty."""
    asked = {"flow": flow, "to": to, "from": from_ or began.from_, "inputs": inputs}
    was = {"flow": known.flow, "to": began.to, "from": began.from_, "inputs": began.inputs}
    other = next((name for name, value in asked.items() if was[name] != value), "")
    if other:
        raise Refused(
            409, f"This Idempotency-Key began run {began.run_id}, with another `{other}`. Use a new key for a new call."
        )


def from_text(text: str, wanted: str) -> Any:
    """What the text says as a value of this type; None when it says no such thing."""
    return _READ[wanted](text) if wanted in _READ else text


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _number(text: str) -> float | None:
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


_READ: Mapping[str, Callable[[str], Any]] = {"int": _whole, "double": _number, "bool": _BOOLS.get}


def _but(value: Any) -> str:
    """The value is shown only where it is a short text: it may be long, and is the caller's."""
    return f", and {value!r} is none" if isinstance(value, str) and len(value) <= 40 else ""


def payload(declared: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a signal carries: every field that the flow declares, of its type, and nothing else."""
    unknown = sorted(set(given) - set(declared))
    missing = sorted(set(declared) - set(given))
    if unknown or missing:
        what = f"unknown: {', '.join(unknown)}" if unknown else f"missing: {', '.join(missing)}"
        raise Refused(400, f"The signal carries {', '.join(declared) or 'nothing'}; {what}.")
    for name, kind in declared.items():
        if not fits(given[name], kind):
            raise Refused(400, f"`{name}` must be {kind}.")
    found = {name: fitted(given[name], kind) for name, kind in declared.items()}
    _check_size(found, "The signal")
    return found


def _check_size(given: Mapping[str, Any], what: str) -> None:
    """The run keeps them, and is written to the journal with every event."""
    if len(msgspec.msgpack.encode(given)) > MAX_GIVEN_BYTES:
        raise Refused(413, f"{what} may have {MAX_GIVEN_BYTES:,} bytes at most.")
