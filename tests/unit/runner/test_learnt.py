"""That webhooks are signed is known over a restart: a stolen URL is no better after it."""

from pathlib import Path

import msgspec
import pytest

from engine.journal.base import Journal
from engine.journal.memory import MemoryJournal
from engine.journal.sqlite import open_journal
from engine.model.errors import JournalError
from engine.model.ids import ControlId
from engine.project.environment import Guarding
from engine.runner import learnt
from engine.wire.callback_url import token
from engine.wire.signature import Demand, sign
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside

pytestmark = pytest.mark.anyio
NOTED = learnt._NAME
DEMANDS: tuple[Demand, ...] = ("once_signed", "any", "once_signed")


async def status(at: Inside, verb: str, key: str = "") -> int:
    """Of a webhook to a run that is not there: 404 where its signature is no problem."""
    path = f"/webhooks/{token(at.journal.callback_key, ControlId(f'igone.0.menu.1.1.{verb}'))}"
    body = msgspec.json.encode({"state": "finished"})
    headers = sign(key, f"http://runner.example{path}", body) if key else {}
    return (await at.client.post(path, content=body, headers=headers)).status_code


async def signed_once(journal: Journal) -> None:
    async with inside(journal=journal, signing_key="key") as at:
        assert await status(at, "collect") == 404
        assert await status(at, "play", "key") == 404
        assert await status(at, "collect") == 403
        await until(lambda: journal.noted(NOTED) == "yes")


async def unsigned(journal: Journal, demand: Demand = "once_signed") -> int:
    async with inside(journal=journal, signing_key="key", guard=Guarding(webhooks=demand)) as at:
        found = await status(at, "collect")
        await until(lambda: demand != "any" or journal.noted(NOTED) == "")
        return found


async def test_stolen_url_is_no_better_after_a_restart(tmp_path: Path) -> None:
    with open_journal(tmp_path / "a.journal") as journal:
        await signed_once(journal)
    with open_journal(tmp_path / "a.journal") as journal:
        assert await unsigned(journal) == 403


async def test_what_is_known_is_found_out_anew_after_a_start_that_wants_no_signatures() -> None:
    journal = MemoryJournal()
    await signed_once(journal)
    assert [await unsigned(journal, demand) for demand in DEMANDS] == [403, 404, 404]


async def test_journal_that_cannot_be_written_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learnt, "_RETRY_S", 0.01)

    class Full(MemoryJournal):
        tries = 0

        async def note(self, name: str, text: str) -> None:
            self.tries += 1
            if self.tries < 3:
                raise JournalError("the disk is full")
            await super().note(name, text)

    journal = Full()
    await signed_once(journal)
    assert journal.tries == 3
