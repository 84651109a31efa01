"""What a journal in a file does besides: reopening, readers, the lock, and everything that can be wrong."""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.journal import migrations, schema, writer
from engine.journal.reader import open_reader
from engine.journal.sqlite import SqliteJournal, open_journal
from engine.model.errors import EntryRefused, JournalError
from engine.model.ids import RunId
from tests.unit.journal.entries import entry

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.journal"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    with open_journal(path) as made:
        yield made


def sql(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


async def test_everything_is_there_after_reopening(path: Path) -> None:
    with open_journal(path) as journal:
        key = journal.callback_key
        await journal.commit([entry("r1", 1)])
    assert [p.name for p in sorted(path.parent.iterdir())] == ["a.journal", "a.journal.lock"]
    with open_journal(path, synchronous="normal") as journal:
        assert journal.callback_key == key
        assert journal.run("r1").events == 1
        await journal.commit([entry("r1", 2)])
        assert journal.run("r1").events == 2


def test_two_journals_have_two_keys(tmp_path: Path) -> None:
    with open_journal(tmp_path / "a") as one, open_journal(tmp_path / "b") as other:
        assert one.callback_key != other.callback_key


async def test_a_reader_sees_what_a_runner_commits_meanwhile(journal: SqliteJournal, path: Path) -> None:
    reader = open_reader(path)
    await journal.commit([entry("r1", 1)])
    assert reader.run("r1").events == 1
    events = reader.events_of(RunId("r1"))
    next(events)
    await journal.commit([entry("r1", 2)])
    assert reader.run("r1").events == 2
    assert reader.callback_key == journal.callback_key
    reader.close()
    reader.close()


def test_a_reader_cannot_write(journal: SqliteJournal, path: Path) -> None:
    reader = open_reader(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._read.execute("DELETE FROM runs")
    reader.close()


async def test_names_with_signs_of_urls_are_names(tmp_path: Path) -> None:
    path = tmp_path / "a?b#c%20d e.journal"
    with open_journal(path) as journal:
        await journal.commit([entry("r1", 1)])
    assert path.exists()
    reader = open_reader(path)
    assert reader.run("r1").events == 1
    reader.close()


def test_a_journal_is_for_its_user_alone(journal: SqliteJournal, path: Path) -> None:
    # While it is open there is a write-ahead log, made like the file.
    modes = {p.name.removeprefix(path.name): p.stat().st_mode & 0o077 for p in path.parent.iterdir()}
    assert modes == {"": 0, "-shm": 0, "-wal": 0, ".lock": 0}


async def test_the_last_folder_is_made(tmp_path: Path) -> None:
    with open_journal(tmp_path / "new" / "a.journal") as journal:
        await journal.commit([entry("r1", 1)])


def test_the_lock_holds_the_pid_and_is_let_go(journal: SqliteJournal, path: Path) -> None:
    lock = Path(f"{path}.lock")
    assert lock.read_text() == f"{os.getpid()}\n"
    with pytest.raises(JournalError) as caught:
        open_journal(path)
    assert caught.value.message == f"the journal {path} is in use by this process"
    other = path.with_name("other.journal")
    other.symlink_to(path)
    with pytest.raises(JournalError, match="is in use by this process"):
        open_journal(other)
    journal.close()
    assert lock.read_text() == ""
    open_journal(path).close()


def not_sqlite(path: Path) -> None:
    path.write_bytes(b"# my shopping list, which is long enough to be no SQLite header\n" * 20)


def of_another_program(path: Path) -> None:
    sql(path, "CREATE TABLE recipes (name TEXT)")


def newer(path: Path) -> None:
    open_journal(path).close()
    sql(path, f"PRAGMA user_version = {schema.VERSION + 1}")


def truncated(path: Path) -> None:
    open_journal(path).close()
    path.write_bytes(path.read_bytes()[:5_000])


BROKEN = [
    pytest.param(not_sqlite, "file is not a database", "name another one", id="not-sqlite"),
    pytest.param(of_another_program, "is a database of another program", "Name another file", id="foreign"),
    pytest.param(
        newer, "was written by a newer version of Offhook (format 4; this one knows 3)", "Install", id="newer"
    ),
    pytest.param(truncated, "malformed", "restore it from a copy", id="truncated"),
]


@pytest.mark.parametrize("opener", [open_journal, open_reader])
@pytest.mark.parametrize(("breaks", "message", "help_"), BROKEN)
def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(
    path: Path, opener: Callable[[Path], object], breaks: Callable[[Path], None], message: str, help_: str
) -> None:
    breaks(path)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(JournalError) as caught:
            opener(path)
        assert message in caught.value.message
        assert str(path) in caught.value.message
        assert help_ in caught.value.help
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()
    open_journal(path).close()
    open_reader(path).close()


def test_a_reader_of_nothing_is_refused(path: Path) -> None:
    with pytest.raises(JournalError) as caught:
        open_reader(path)
    assert caught.value.message == f"there is no journal at {path}"
    assert not path.exists()


@pytest.mark.parametrize(("name", "kept_out"), [(".offhook", True), ("journals", False)])
def test_a_hidden_folder_that_is_made_is_kept_out_of_git(tmp_path: Path, name: str, kept_out: bool) -> None:
    open_journal(tmp_path / name / "a.journal").close()
    assert (tmp_path / name / ".gitignore").is_file() == kept_out


def test_a_hidden_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".mine").mkdir()
    open_journal(tmp_path / ".mine" / "a.journal").close()
    assert not (tmp_path / ".mine" / ".gitignore").exists()


def test_a_folder_too_many_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(JournalError) as caught:
        open_journal(tmp_path / "one" / "two" / "a.journal")
    assert f"there is no folder {tmp_path / 'one'}" in caught.value.message
    assert "only the last one is made" in caught.value.help


def test_a_folder_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="is a folder, not a journal"):
        open_journal(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot be made") as caught:
        open_journal(tmp_path / "file" / "a.journal")
    assert "may write to" in caught.value.help


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(JournalError, match="Permission denied"):
        open_journal(tmp_path / "a.journal")


async def test_a_commit_while_another_program_holds_the_file_fails_and_can_be_repeated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.journal.reader._BUSY_S", 0.005)
    batch = [entry("r1", 1), entry("r2", 1)]
    with open_journal(path) as journal, contextlib.closing(sqlite3.connect(path)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError) as caught:
            await journal.commit(batch)
        assert caught.value.message == f"the journal {path} could not be written: database is locked"
        assert "close it" in caught.value.help
        shell.execute("ROLLBACK")
        await journal.commit(batch)
        assert len(journal.runs()) == 2


async def test_a_full_disk_fails_the_commit_and_can_be_repeated(journal: SqliteJournal) -> None:
    def pages(count: int) -> None:
        journal._writer._connection.execute(f"PRAGMA max_page_count = {count}")

    pages(1)
    batch = [entry("r1", 1, state=b"x" * 100_000)]
    for _ in range(2):
        with pytest.raises(JournalError) as caught:
            await journal.commit(batch)
        assert "database or disk is full" in caught.value.message
        assert "Free space" in caught.value.help
    assert journal.runs() == []
    pages(1_000_000)
    await journal.commit(batch)
    assert journal.run("r1").events == 1


async def test_a_value_that_cannot_be_written_fails_its_own_commit(journal: SqliteJournal) -> None:
    with pytest.raises(EntryRefused, match="cannot hold that"):
        await journal.commit([entry("r1", 1, at_ms=2**70)])
    await journal.commit([entry("r1", 1)])


async def test_a_closed_journal_says_so(path: Path) -> None:
    journal = open_journal(path)
    journal.close()
    with pytest.raises(JournalError, match="is closed"):
        await journal.commit([entry("r1", 1)])
    with pytest.raises(JournalError, match="could not be read"):
        journal.run("r1")


async def test_groups_have_a_largest_size(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_GROUP", 2)
    await journal.commit([entry(f"r{n}", 1) for n in range(5)])
    assert len(journal.runs()) == 5


def test_an_older_version_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_journal(path).close()
    version = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", version + 2)
    steps = {
        version: lambda connection: connection.execute("CREATE TABLE one (x)"),
        version + 1: lambda connection: connection.execute("ALTER TABLE one RENAME TO two"),
    }
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    for _ in range(2):
        with open_journal(path) as journal:
            assert journal._read.execute("PRAGMA user_version").fetchone() == (version + 2,)
            assert journal._read.execute("SELECT * FROM two").fetchall() == []


def test_a_failed_migration_leaves_the_old_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_journal(path).close()
    step = {schema.VERSION: lambda connection: connection.execute("CREATE TABLE runs (x)")}
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(schema, "MIGRATIONS", step)
    with pytest.raises(JournalError, match="already exists"):
        open_journal(path)
    monkeypatch.undo()
    open_journal(path).close()


def test_every_version_can_be_brought_to_this_one() -> None:
    assert sorted(migrations.MIGRATIONS) == list(range(1, schema.VERSION))


def test_new_journal_is_told_and_one_in_an_empty_file_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "offhook.journal")
    path = tmp_path / "a.journal"
    for _ in range(2):
        with open_journal(path):
            pass
    assert [record.getMessage() for record in caplog.records] == [f"a new journal was made: {path}"]
    caplog.clear()
    path.write_bytes(b"")
    with open_journal(path):
        pass
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith(f"the file {path} was empty, and a new journal was made in it")
