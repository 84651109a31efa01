"""Commands as the API takes them: `{"command", "id", "params"}`."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.model import ids, marks
from engine.model.commands import SendCommand

PATH = "/api/calling/calls"
"""Where every command is POSTed, on the space's host."""

WITHOUT_ID = frozenset(("dial", "update"))
"""Commands without a top-level `id`: the one makes a call, the other names its leg in `params.id`."""

WITH_CONTROL_ID = frozenset(
    f"calling.{name}"
    for name in (
        *("play", "play.pause", "play.resume", "play.stop", "play.volume"),
        *("record", "record.pause", "record.resume", "record.stop"),
        *("collect", "collect.stop", "collect.start_input_timers"),
        *("detect", "detect.stop", "tap", "tap.stop", "stream", "stream.stop"),
        *("transcribe", "transcribe.stop"),
    )
)
"""Commands that carry the control_id of the operation that they start or are about. Where any other
has one (`refer`), it only names the status_url. A literal one among the params (`ai.stop`,
`send_fax.stop`, `receive_fax.stop`) is the author's, about an operation that SWML began, and stays."""

WITH_STATUS_URL = frozenset(
    (
        *("dial", "update", "calling.refer", "calling.live_translate"),
        *("calling.play", "calling.record", "calling.collect", "calling.detect"),
        *("calling.tap", "calling.stream", "calling.transcribe"),
    )
)
"""Commands that have somewhere to report to; any other would be refused for the unknown parameter."""

_encoder = msgspec.json.Encoder()


WayBack = Callable[[str], str]
"""The URL by which a call comes back from SWML with an outcome."""


def body(command: SendCommand, status_url: str | None = None) -> dict[str, Any]:
    """The request as a dictionary; `command.params` are copied, never changed.

    `control_id` and `status_url` are added where given and where the command takes them. `update`
    names its leg in `params.id`, by default the run's own call. How webhooks of a stream are sent
    (`status_url_method`) is among its params.
    """
    # Only what is spoken has marks of what is private.
    params = marks.sent(command.params) if command.command == "calling.play" else command.params
    return _body(command, params, status_url)


def _body(command: SendCommand, params: dict[str, Any], status_url: str | None) -> dict[str, Any]:
    name, params = command.command, params.copy()
    if status_url is not None and name in WITH_STATUS_URL:
        params["status_url"] = status_url
    if command.control_id is not None and name in WITH_CONTROL_ID:
        params["control_id"] = command.control_id
    if name not in WITHOUT_ID:
        return {"command": name, "id": command.call_id, "params": params}
    if name == "update":
        params.setdefault("id", command.call_id)
    return {"command": name, "params": params}


def encode(command: SendCommand, status_url: str | None = None) -> bytes:
    """The request as JSON (UTF-8)."""
    data = _encoder.encode(_body(command, command.params, status_url))
    # Looking for marks in bytes is cheaper than going through a tree that has none.
    return _encoder.encode(body(command, status_url)) if marks.may_be_in(data) else data


def with_ways_back(command: SendCommand, url: WayBack) -> SendCommand:
    """The command with URLs in its SWML where `model.ids.way_back` stands for them."""
    if command.control_id is None or "swml" not in command.params:
        return command
    swml = _with_urls(command.params["swml"], ids.way_back(command.control_id, ""), url)
    return replace(command, params={**command.params, "swml": swml})


def _with_urls(tree: Any, prefix: str, url: WayBack) -> Any:
    if isinstance(tree, dict):
        return {key: _with_urls(value, prefix, url) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_with_urls(value, prefix, url) for value in tree]
    if isinstance(tree, str) and prefix in tree:
        return re.sub(re.escape(prefix) + r"([a-z][a-z0-9_]*)", lambda found: url(found[1]), tree)
    return tree
