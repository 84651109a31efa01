"""What goes out, in the imperative. A command is journalled before it is tried."""

from typing import Any

from msgspec import Struct

from engine.model.ids import CallId, ControlId


class SendCommand(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do", tag="send"):
    """Send one command of the calling API and report its answer as `CommandAnswered`.

    `seq` is unique within the run. `params` are the API's, less what the engine owns
    (`id`, `control_id`, `status_url`), which `engine.wire.requests` adds. `control_id` is set on
    commands that start or address an operation. A command is not sent after `not_after_ms`.
    `reports`: the platform is to send webhooks about it (a status_url is added).
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


Command = SendCommand | LookUpCall
