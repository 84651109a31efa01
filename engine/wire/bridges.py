"""How a SWML `connect` went, by the variables that it leaves behind."""

from collections.abc import Mapping
from typing import Any

_REASONS = {
    "busy": "busy",
    "user_busy": "busy",
    "no_answer": "no_answer",
    "noanswer": "no_answer",
    "timeout": "no_answer",
    "no_user_response": "no_answer",
    "decline": "declined",
    "declined": "declined",
    "rejected": "declined",
    "call_rejected": "declined",
}


def outcome(variables: Mapping[str, Any]) -> str:
    """`bridge_ended` after a talk; else busy, no_answer, declined, or failed for any other reason."""
    if str(variables.get("connect_result", "")).lower() == "connected":
        return "bridge_ended"
    reason = str(variables.get("connect_failed_reason", "")).lower().replace("-", "_").replace(" ", "_")
    return _REASONS.get(reason, "failed")
