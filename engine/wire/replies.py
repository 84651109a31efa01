"""Replies to fetches: what of them a run keeps.

2xx   what `returns` asks for; a body that does not fit is `invalid`
3xx   failed: a redirect is not followed
else  the status alone
"""

import json
from collections.abc import Mapping
from typing import Any

from engine.model.commands import Fetch
from engine.model.errors import WireError
from engine.model.events import Fetched
from engine.wire import parsing

_INT = 2**63
_ARTICLES = {"string": "a string", "int": "an int", "double": "a double", "bool": "a bool"}


def reply(command: Fetch, *, at_ms: int, status: int, body: bytes, content_type: str = "") -> Fetched:
    """The event for a reply, whatever its body is. Messages say where a body does not fit, and quote nothing of it."""
    if 300 <= status < 400:
        message = f"the reply is a redirect (status {status}), and redirects are not followed"
        return Fetched(at_ms=at_ms, seq=command.seq, kind="failed", status=status, code="redirected", message=message)
    if not keeps_body(command, status):
        return Fetched(at_ms=at_ms, seq=command.seq, kind="replied", status=status)
    try:
        kept = _fitted(_parsed(body, content_type), command.returns, "body")
    except WireError as error:
        return Fetched(
            at_ms=at_ms, seq=command.seq, kind="invalid", status=status, code="invalid-reply", message=error.message
        )
    return Fetched(at_ms=at_ms, seq=command.seq, kind="replied", status=status, body=kept)


def keeps_body(command: Fetch, status: int) -> bool:
    """Is anything kept of the body of a reply with this status?"""
    return command.returns is not None and 200 <= status < 300


def _parsed(body: bytes, content_type: str) -> Any:
    if not body or body.isspace():
        raise WireError("body: JSON is wanted, and it is empty")
    try:
        value = parsing.parse(body, "body")
    except WireError as error:
        raise WireError(error.message + _not_json(content_type)) from None
    # The quick decoder takes the last of two fields with one name, and says nothing.
    json.loads(body, object_pairs_hook=_unique)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise WireError("body is not sound JSON: an object has two fields of the same name")


def _not_json(content_type: str) -> str:
    """What a reply calls itself, where that is a known way of not being JSON."""
    said = content_type.partition(";")[0].strip().lower()
    return (
        f" (its content type is {said})" if said in ("text/html", "text/plain", "text/xml", "application/xml") else ""
    )


def _fitted(value: Any, wanted: Any, where: str) -> Any:
    """None: it is left out."""
    if isinstance(wanted, Mapping):
        return _object(value, wanted, where)
    if isinstance(wanted, list):
        return _list(value, wanted[0], where)
    return _scalar(value, wanted, where)


def _object(value: Any, wanted: Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _misfit(where, "an object", value)
    kept = {name: _field(value, name, inner, where) for name, inner in wanted.items()}
    return {name: one for name, one in kept.items() if one is not None}


def _field(value: dict[str, Any], name: str, wanted: Any, where: str) -> Any:
    if name not in value and not _may_be_missing(wanted):
        raise WireError(f"{where}.{name}: {_name(wanted)} is wanted, and it is missing")
    return _fitted(value.get(name), wanted, f"{where}.{name}")


def _list(value: Any, wanted: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _misfit(where, "a list", value)
    kept = [_fitted(one, wanted, f"{where}[{index}]") for index, one in enumerate(value)]
    return [one for one in kept if one is not None]


def _scalar(value: Any, wanted: str, where: str) -> Any:
    if value is None and _may_be_missing(wanted):
        return None
    match wanted.removesuffix("?"), value:
        case ("string", str()) | ("bool", bool()) | ("double", float()):
            return value
        case "double", int() if not isinstance(value, bool):
            return float(value)
        case "int", int() if not isinstance(value, bool) and -_INT <= value < _INT:
            return value
    raise _misfit(where, _name(wanted), value)


def _may_be_missing(wanted: Any) -> bool:
    return isinstance(wanted, str) and wanted.endswith("?")


def _name(wanted: Any) -> str:
    if isinstance(wanted, str):
        return _ARTICLES[wanted.removesuffix("?")]
    return "a list" if isinstance(wanted, list) else "an object"


def _misfit(where: str, wanted: str, value: Any) -> WireError:
    return WireError(f"{where}: {wanted} is wanted, and this is {_kind(value, wanted)}")


def _kind(value: Any, wanted: str) -> str:
    """Where a number is wanted, which sort of number."""
    if wanted == "an int" and isinstance(value, float):
        return "a number with a fraction or an exponent"
    if wanted == "an int" and isinstance(value, int) and not isinstance(value, bool):
        return "a number beyond 64 bits"
    return parsing.kind(value)
