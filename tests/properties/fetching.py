"""A service that says no to every request, where it is reached."""

from engine.model.commands import Fetch
from engine.model.events import Fetched


def fetched(command: Fetch, at_ms: int, *, reached: bool) -> Fetched:
    if reached:
        return Fetched(at_ms=at_ms, seq=command.seq, kind="replied", status=403)
    return Fetched(at_ms=at_ms, seq=command.seq, kind="failed", code="unreachable")
