"""What a batch hands to the journal."""

from collections.abc import Sequence

import pytest

from engine.journal.base import Entry
from engine.journal.memory import MemoryJournal
from engine.model import codec
from engine.model.events import TimePassed
from engine.model.ids import inbound_run_id
from tests.e2e.polling import until
from tests.unit.runner.inside import inside

pytestmark = pytest.mark.anyio
RUNS = tuple(inbound_run_id(call) for call in ("c1", "c2"))


class Seen(MemoryJournal):
    def __init__(self) -> None:
        super().__init__()
        self.batches: list[Sequence[Entry]] = []

    async def commit(self, batch: Sequence[Entry]) -> None:
        self.batches.append(batch)
        await super().commit(batch)


async def test_of_several_events_of_a_run_the_last_one_s_state_alone_is_written() -> None:
    journal = Seen()
    async with inside(journal=journal) as at:
        for call in ("c1", "c2"):
            await at.arrive(call)
        runs = at.runner.supervisor
        await until(lambda: runs.idle)
        lives = [runs.runs[run] for run in RUNS]
        journal.batches.clear()
        for moment in (1, 2, 3):
            for live in lives:
                batch = runs.take(live, TimePassed(at_ms=live.state.at_ms + moment))
        await batch.written.wait()
        (entries,) = journal.batches
        for live in lives:
            own = [entry for entry in entries if entry.run_id == live.state.run_id]
            assert [entry.n for entry in own] == [live.events - 2, live.events - 1, live.events]
            assert [entry.state for entry in own] == [b"", b"", codec.encode(live.state)]
