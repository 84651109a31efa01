"""A journal that cannot be written for a while: nobody is promised anything, and nothing acknowledged is lost."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from engine.journal.base import Entry
from engine.journal.sqlite import SqliteJournal, open_journal
from engine.model import codec
from engine.model.errors import JournalError
from engine.model.ids import ControlId, RunId, inbound_run_id
from engine.runner import batches
from engine.wire import swml
from engine.wire.callback_url import token
from tests.e2e.fake_platform import fake_platform
from tests.e2e.hosted import Hosted, hosted
from tests.e2e.pair import OWN_FLOWS
from tests.e2e.polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
BEARER = {"Authorization": "Bearer runs-please", "Idempotency-Key": "k"}
WANTED = {"flow": "appointment", "to": "+15550178", "inputs": {"name": "a", "date": "b", "time": "c"}}


class Disk:
    """Full while `down`."""

    def __init__(self, journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
        self.down = False
        self._commit, self._prove = journal.commit, journal.prove
        monkeypatch.setattr(journal, "commit", self.commit)
        monkeypatch.setattr(journal, "prove", self.prove)
        monkeypatch.setattr(batches, "_RETRY_S", 0.02)

    async def commit(self, entries: Sequence[Entry]) -> None:
        if self.down:
            raise JournalError("the disk is full")
        await self._commit(entries)

    async def prove(self) -> None:
        if self.down:
            raise JournalError("the disk is full")
        await self._prove()


async def is_ready(site: Hosted) -> bool:
    return (await site.client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("first", ["webhook", "call", "request"])
async def test_journal_down_nothing_is_promised_and_all_goes_on_when_it_is_back(
    first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`first` is what meets the full disk before anybody knows of it."""
    files = [OWN_FLOWS / "quiet.flow.yaml", OWN_FLOWS / "appointment.flow.yaml"]
    with open_journal(tmp_path / "a.journal") as journal:
        disk = Disk(journal, monkeypatch)
        async with (
            fake_platform() as platform,
            hosted(monkeypatch, files, {NUMBER: "quiet"}, space=platform.space, speed=1, journal=journal) as site,
        ):
            await site.arrive("live", NUMBER)
            run_id = inbound_run_id("live")
            await until(lambda: journal.run(run_id).events == 4)
            path = _path(journal, run_id)
            disk.down = True

            async def webhook() -> int:
                body = {"call_id": "live", "state": "playing"}
                return (await site.client.post(path, json=body)).status_code

            async def call() -> bytes:
                return (await site.arrive("turned-away", NUMBER)).content

            async def request() -> int:
                return (await site.client.post("/runs", json=WANTED, headers=BEARER)).status_code

            if first == "call":
                assert await call() == swml.BUSY_BYTES
            elif first == "request":
                assert await request() == 503
            assert await webhook() == 503
            assert not await is_ready(site)
            assert await webhook() == 503
            assert await call() == swml.BUSY_BYTES
            assert await request() == 503
            assert (await site.client.get("/healthz")).status_code == 200
            assert journal.run(run_id).events == 4

            disk.down = False

            async def ready() -> bool:
                return await is_ready(site)

            await until(ready)
            # What happened meanwhile has happened.
            await until(lambda: journal.run(run_id).events == 6)
            assert [row.run_id for row in journal.runs()] == [run_id]
            assert await webhook() == 200
            assert (await site.arrive("taken", NUMBER)).content == swml.PARKING_BYTES
            assert await request() == 202
            await until(lambda: any(name == "dial" for _, name, _ in platform.commands))
            assert platform.of("turned-away") == []
            assert [name for _, name, _ in platform.commands].count("dial") == 1
            events = [codec.decode_event(row.event) for row in journal.events_of(run_id)]
            assert len(events) == 7
    assert "the journal cannot be written, trying again: the disk is full" in caplog.text


async def test_new_calls_alone_find_the_journal_down_and_it_is_ready_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They leave nothing behind that would be tried until it can be written, and nobody rings a runner that is not ready."""
    with open_journal(tmp_path / "a.journal") as journal:
        disk = Disk(journal, monkeypatch)
        files = [OWN_FLOWS / "quiet.flow.yaml"]
        async with (
            fake_platform() as platform,
            hosted(monkeypatch, files, {NUMBER: "quiet"}, space=platform.space, speed=1, journal=journal) as site,
        ):

            async def ready() -> bool:
                return await is_ready(site)

            await until(ready)
            disk.down = True
            for number in range(5):
                assert (await site.arrive(f"turned-away-{number}", NUMBER)).content == swml.BUSY_BYTES
                for _ in range(5):
                    assert not await is_ready(site)
                    await anyio.sleep(0.03)
            disk.down = False
            await until(ready)
            assert (await site.arrive("taken", NUMBER)).content == swml.PARKING_BYTES


def _path(journal: SqliteJournal, run_id: RunId) -> str:
    return "/webhooks/" + token(journal.callback_key, ControlId(f"{run_id}.0.hello.1.1.play"))
