"""Where the exchange finds a simulated run: the same URLs, with the same proofs in them, as a live runner's."""

from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from engine.exchange.effects import Deliver
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent
from engine.model.ids import CALL_OP, CallId, ControlId, control_id, inbound_run_id
from engine.wire import requests, webhooks
from engine.wire.callback_url import callback_url, open_resume, open_token, resume_url

_URL = "http://127.0.0.1:8788"
ARRIVAL = f"{_URL}/calls/inbound"
_WAY_BACK = f"{_URL}/calls/resume/"
_WEBHOOKS = f"{_URL}/webhooks/"
_KEY = b"a key that guards nothing at all"


def of_call(call_id: CallId) -> str:
    """Where an inbound call reports its states."""
    return callback_url(_URL, _KEY, control_id(inbound_run_id(call_id), CALL_OP))


def request(command: SendCommand) -> dict[str, Any]:
    """The body of the command's request, through the same bytes as on the wire."""
    control, url = command.control_id, None
    if control is not None:
        command = requests.with_ways_back(command, partial(resume_url, _URL, _KEY, control))
        url = _callback(control) if command.reports else None
    body: dict[str, Any] = msgspec.json.decode(requests.encode(command, url))
    return body


def way_back(url: str) -> tuple[ControlId, str] | None:
    """The control_id and the outcome of the way back from SWML that this is; None: it is another address."""
    return open_resume(url.removeprefix(_WAY_BACK), _KEY) if url.startswith(_WAY_BACK) else None


def report(webhook: Deliver, at_ms: int) -> AnyEvent | None:
    """What a webhook says; None: it is not for us."""
    address, _, query = webhook.url.partition("?")
    control = _opened(address)
    if control is None:
        return None
    if webhook.method == "GET":
        return webhooks.decode_query(parse_qsl(query, keep_blank_values=True), control, at_ms)
    return webhooks.decode(msgspec.json.encode(webhook.body), control, at_ms)


# Simulated runs have the same id again and again, and so their operations have.


@lru_cache(maxsize=4096)
def _callback(control: ControlId) -> str:
    return callback_url(_URL, _KEY, control)


@lru_cache(maxsize=4096)
def _opened(address: str) -> ControlId | None:
    return open_token(address.rpartition("/")[2], _KEY) if address.startswith(_WEBHOOKS) else None
