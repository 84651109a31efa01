"""A journal whose values are not of the types that we write is said to be damaged; nothing else is raised."""

import sqlite3
from pathlib import Path

import pytest

from engine.journal.reader import open_reader
from engine.journal.sealing import Sealing
from engine.journal.sqlite import open_journal
from engine.model.errors import JournalError
from engine.model.ids import RunId


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_journal(tmp_path / "j.journal"):
        return tmp_path / "j.journal"


@pytest.mark.parametrize(
    "change", ["DELETE FROM meta WHERE key = 'callback_key'", "UPDATE meta SET value = 'x' WHERE key = 'callback_key'"]
)
def test_key_that_is_no_key_is_damage(path: Path, change: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(JournalError, match="damaged"):
        open_reader(path)
    with pytest.raises(JournalError, match="damaged"), open_journal(path):
        pass


@pytest.mark.parametrize("state", ["text", 5, None, b"", b"\xc1"])
def test_state_of_another_type_is_damage(state: object) -> None:
    with pytest.raises(JournalError):
        Sealing.of("").open_state(state, RunId("irun"))  # type: ignore[arg-type]
