"""Entries made of little, for the journal's tests."""

from engine.journal.base import Entry
from engine.model.ids import CallId, Digest, RunId


def entry(run: str, n: int, **changes: object) -> Entry:
    """Event `n` of a run: its bytes, state and time follow from its number."""
    fields: dict[str, object] = {
        "run_id": RunId(run),
        "flow": "reception",
        "digest": Digest("d1"),
        "n": n,
        "at_ms": 1_000 + n,
        "event": f"event {n} of {run}".encode(),
        "status": "running",
        "started_ms": 1_000,
        "call_id": CallId("c"),
        "next_due_ms": None,
        "end_reason": "",
        "state": f"state {n} of {run}".encode(),
    }
    return Entry(**(fields | changes))  # type: ignore[arg-type]
