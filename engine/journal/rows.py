"""What a run's row says of it, held against its state: both are written at once, from the same state."""

from collections.abc import Sequence
from typing import Any

from engine.model.state import RunState

_TEXTS = ("status", "call_id", "end_reason", "digest")
_TIMES = ("started_ms", "next_due_ms")

# Texts as bytes, since one that is damaged would end the question for all runs.
QUESTION = (
    "SELECT run_id, events, CASE typeof(state) WHEN 'blob' THEN state END,"
    f" {', '.join([*(f'CAST({name} AS BLOB)' for name in _TEXTS), *_TIMES])} FROM runs ORDER BY number"
)
"""The run, the number of its last event, its state (NULL: it is of another type), and what its row says."""


def is_live(said: Sequence[Any]) -> bool:
    return bool(said[0] != b"ended")


def differences(said: Sequence[Any], state: RunState) -> list[str]:
    """In words; none in a row that a runner has written."""
    texts = (state.status, state.call.call_id, state.end_reason, state.digest)
    right = (*(text.encode() for text in texts), state.started_ms, state.next_due_ms)
    named = zip((*_TEXTS, *_TIMES), said, right, strict=True)
    return [
        f"its row has {_shown(one)} as its `{name}`, and its state {_shown(other)}"
        for name, one, other in named
        if one != other
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return "nothing" if value in (None, "") else f"`{value}`"
