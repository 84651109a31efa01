"""What goes out, in the imperative. A command is journalled before it is tried."""

from typing import Any

from msgspec import Struct

from engine.model.ids import CallId, ControlId


class SendCommand(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do", tag="send"):
    """Send one command of the calling API and report its answer as `CommandAnswered`.

    `seq` is unique within the run. `params` are the API's, less what the engine owns
    (`id`, `control_id`, `status_url`), which `engine.wire.requests` adds. `control_id` is set on
    commands that start or address an operation. A command is not sent after `not_after_ms`.
    `reports`: the platform is to send webhooks about it (a status_url is added). Texts in `params` that are
    `model.ids.way_back(control_id, outcome)` become URLs that lead back to the run.
    """

    seq: int
    command: str
    call_id: CallId = CallId("")
    control_id: ControlId | None = None
    params: dict[str, Any] = {}
    reports: bool = False
    not_after_ms: int = 0
    repeated: bool = False


class LookUpCall(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do", tag="look_up"):
    """Ask the voice log how the call stands, and how the `operations` did (each with the Unix time of its
    start), and report it as `CallLookedUp`."""

    seq: int
    call_id: CallId
    segment_id: str = ""
    operations: dict[str, int] = {}


class Fetch(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do", tag="fetch"):
    """Do one HTTP request and report it as `Fetched`.

    `json` is sent as JSON where `body` is None; both None: no body. `key` is the `Idempotency-Key`, the same
    for each attempt. `returns` says what of a 2xx's body is kept (`FetchValue.returns`).
    """

    seq: int
    method: str
    url: str
    headers: dict[str, str] = {}
    json: Any = None
    body: str | None = None
    timeout_ms: int
    key: str
    returns: Any = None


Command = SendCommand | LookUpCall | Fetch
