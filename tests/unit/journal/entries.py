"""Entries made of little, for the journal's tests."""

from engine.journal.base import Entry
from engine.model import codec
from engine.model.ids import CallId, Digest, RunId, StepName
from engine.model.state import Call, Frame, RunState


def entry(run: str, n: int, **changes: object) -> Entry:
    """Event `n` of a run: its bytes, state and time follow from its number. The state of a run that has ended is a real one."""
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
    if changes.get("status") == "ended":
        fields["state"] = ended_state(run, said=f"state {n} of {run}")
    return Entry(**(fields | changes))  # type: ignore[arg-type]


def ended_state(run: str, *, said: str = "", started_ms: int = 1_000, end_reason: str = "") -> bytes:
    """Of a run whose other fields are as in `entry`; `said` is among its variables."""
    state = RunState(
        run_id=RunId(run),
        digest=Digest("d1"),
        at_ms=started_ms,
        started_ms=started_ms,
        status="ended",
        call=Call(call_id=CallId("c"), from_="", to="", direction="inbound"),
        frame=Frame(number=0, flow="reception", step=StepName("bye"), visits={}, vars={"said": said}, inputs={}),
        end_reason=end_reason,
    )
    return codec.encode(state)
