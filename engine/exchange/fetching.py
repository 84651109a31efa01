"""SWML of a URL: asked for, or left for where this model does not ask."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.exchange import operations, script
from engine.exchange.effects import FetchSwml
from engine.exchange.turn import Turn


def fetch(turn: Turn, call_id: str, url: str, *, method: str = "POST", params: Mapping[str, Any] | None = None) -> None:
    """Ask `url` what to do with the call, telling it `params`. An earlier question that is still open is forgotten."""
    turn.drawn += 1
    call = turn.change(call_id, fetch=turn.drawn, url=url, params=dict(params or {}))
    turn.emit(
        FetchSwml(
            call_id=call_id,
            at_ms=turn.now_ms,
            fetch=turn.drawn,
            url=url,
            method=method,
            body=dict(script.scope(call, turn.options)),
        )
    )


def follow(
    turn: Turn, call_id: str, url: str, *, method: str = "POST", params: Mapping[str, Any] | None = None
) -> None:
    """The call goes on with the SWML of a URL, where this model may ask for it; else it leaves for there."""
    if turn.options.follow == "all" or _is_loopback(url):
        fetch(turn, call_id, url, method=method, params=params)
    else:
        leave(turn, call_id, f"the SWML of {url}", keep_document=True)


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def leave(turn: Turn, call_id: str, why: str, *, keep_document: bool = False) -> None:
    """The call goes elsewhere and does not come back to its SWML."""
    operations.make_way(turn, call_id)
    script.forget(turn, call_id)
    document = turn.calls[call_id].document if keep_document else None
    turn.change(call_id, left=True, away="transfer", document=document)
    turn.progress(call_id, "left", detail=why)
    turn.prompt_caller(call_id)
