"""The SWML documents that the runner answers a call with."""

from collections.abc import Mapping
from typing import Any

import msgspec


def _document(*main: Mapping[str, Any]) -> dict[str, Any]:
    return {"version": "1.0.0", "sections": {"main": list(main)}}


def _apology(text: str) -> dict[str, Any]:
    return _document({"answer": {}}, {"play": {"url": f"say:{text}"}}, {"hangup": {}})


PARKING: Mapping[str, Any] = _document({"answer": {}}, {"sleep": {"duration": -1}})
"""Answers and then does nothing for ever, so that commands drive the call."""


def parked_for(most_ms: int) -> Mapping[str, Any]:
    """`dial`'s `swml`: parked, but not for ever. A dial whose answer and webhooks are all lost is nobody's call, and no
    request of the platform's would ask us what to do with it. (A call whose document is over is hung up.)"""
    return _document({"answer": {}}, {"sleep": {"duration": most_ms}})


def parks(document: Mapping[str, Any] | None) -> bool:
    """Is it one of these two? Then commands drive the call."""
    match document:
        case {"sections": {"main": [{"answer": _}, {"sleep": {"duration": int()}}]}}:
            return True
    return False


NO_ROUTE: Mapping[str, Any] = _apology("We are sorry. This number is not in service. Good bye.")
"""For a number that no route names."""

UNSERVED: Mapping[str, Any] = _apology("We are sorry, we cannot take your call right now. Please call again later.")
"""For a number whose flow is not there, does not compile, or lacks a binding: the number is right, and will be back."""

BUSY: Mapping[str, Any] = _apology("All lines are busy. Please call again later. Good bye.")
"""For a call that came while the runner is overloaded or shutting down."""

GOOD_BYE: Mapping[str, Any] = _document({"hangup": {}})
"""For a call that comes back to a run that is over: nobody is left to speak to it."""

CONTENT_TYPE = "application/json"
PARKING_BYTES = msgspec.json.encode(PARKING)
NO_ROUTE_BYTES = msgspec.json.encode(NO_ROUTE)
UNSERVED_BYTES = msgspec.json.encode(UNSERVED)
BUSY_BYTES = msgspec.json.encode(BUSY)
GOOD_BYE_BYTES = msgspec.json.encode(GOOD_BYE)
"""The same documents as HTTP answers."""
