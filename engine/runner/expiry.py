"""How long the URL of an operation is good for: as long as it lives, and a while longer.

Webhooks are late and doubled, so what comes after the end is kept in the journal and changes nothing. But a URL that
somebody has got hold of must not be good for ever, nor fill the disk.
"""

from engine.model.ids import ControlId, op_of
from engine.model.limits import EXPIRY_MS, MAX_EVENTS, MAX_LATE
from engine.model.state import RunState
from engine.runner.live import Live
from engine.webhook.intake import Refused

_REMEMBERED = 10_000
_CALL = "call"
"""The URL of the call itself is good until the run has ended."""


class Expiry:
    """Of operations that are over it remembers when a report first came too late, and how many did."""

    def __init__(self) -> None:
        self._late: dict[ControlId, tuple[int, int]] = {}

    def check(self, live: Live, control_id: ControlId, now_ms: int) -> None:
        """`Refused` (410) when the URL of the operation has expired. What is let pass too late is counted."""
        if live.events >= MAX_EVENTS:
            raise _expired("its run has had too many events")
        if live.state.status == "ended" and now_ms - live.state.at_ms > EXPIRY_MS:
            raise _expired("its run ended long ago")
        if not _may_report(live.state, control_id):
            self._too_late(control_id, now_ms)

    def _too_late(self, control_id: ControlId, now_ms: int) -> None:
        first_ms, count = self._late.get(control_id, (now_ms, 0))
        if count >= MAX_LATE or now_ms - first_ms > EXPIRY_MS:
            raise _expired("its operation ended long ago")
        if count == 0 and len(self._late) >= _REMEMBERED:
            del self._late[next(iter(self._late))]
        self._late[control_id] = (first_ms, count + 1)


def _may_report(state: RunState, control_id: ControlId) -> bool:
    if state.status == "ended":
        return False
    if op_of(control_id) == _CALL:
        return True
    op = state.operations.get(control_id)
    return op is not None and op.phase != "over"


def _expired(why: str) -> Refused:
    return Refused(410, f"this URL has expired: {why}")
