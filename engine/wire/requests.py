"""Commands as the API takes them: `{"command", "id", "params"}`."""

from typing import Any

import msgspec

from engine.model.commands import SendCommand

PATH = "/api/calling/calls"
"""Where every command is POSTed, on the space's host."""

_BARE = ("dial", "update")
"""Commands without a top-level `id` and without a control_id."""

_encoder = msgspec.json.Encoder()


def body(command: SendCommand, status_url: str | None = None) -> dict[str, Any]:
    """The request as a dictionary; `command.params` are copied, never changed.

    `control_id` and `status_url` are added where given. `dial` has no id at all; `update` names
    its leg in `params.id`, by default the run's own call.
    """
    params = dict(command.params)
    if status_url is not None:
        params["status_url"] = status_url
    if command.command in _BARE:
        if command.command == "update":
            params.setdefault("id", command.call_id)
        return {"command": command.command, "params": params}
    if command.control_id is not None:
        params["control_id"] = command.control_id
    return {"command": command.command, "id": command.call_id, "params": params}


def encode(command: SendCommand, status_url: str | None = None) -> bytes:
    """The request as JSON (UTF-8)."""
    return _encoder.encode(body(command, status_url))
