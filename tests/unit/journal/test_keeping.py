"""Looking after a journal: what is wrong with it, copies, making it smaller, what is kept and what is not."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from engine.journal import backup, migrations, schema, wal
from engine.journal.check import check
from engine.journal.compact import compact
from engine.journal.reader import open_reader
from engine.journal.sealing import Sealing
from engine.journal.sqlite import SqliteJournal, open_journal
from engine.model.codec import ENGINE_SEMANTICS
from engine.model.errors import JournalError
from engine.model.ids import Digest, RunId
from tests.unit.journal.entries import ended_state, entry

pytestmark = pytest.mark.anyio
SECRET = b"4929-1234-5678-secret"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.journal"


def sql(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def size(path: Path) -> int:
    return path.stat().st_size


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def is_private(path: Path) -> bool:
    return path.stat().st_mode & 0o077 == 0


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 40 : 4096 * 44] = b"\xff" * 4096 * 4
    path.write_bytes(data)


def _state(run: str, status: str, size: int) -> bytes:
    said = b"s" * size + SECRET
    return ended_state(run, said=said.decode()) if status == "ended" else said


async def fill(journal: SqliteJournal, runs: int, *, status: str = "ended", size: int = 2_000, step: int = 50) -> None:
    """So many of them in one transaction."""
    ended = [
        entry(f"r{n:04}", 1, status=status, event=b"e" * size, state=_state(f"r{n:04}", status, size), at_ms=1_000 + n)
        for n in range(runs)
    ]
    for begin in range(0, runs, step):
        await journal.commit(ended[begin : begin + step])
    await journal.put_bundle(Digest("d1"), b"bundle")


async def test_sound_journal_has_no_problems_also_beside_its_runner(path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 3)
        found = check(path, Sealing())
        assert found.problems == ()
        assert (found.runs, found.live, found.events, found.version) == (3, 0, 3, schema.VERSION)
        assert found.wal_bytes > 0


WRONG = [
    ("DELETE FROM events WHERE run_id = 'r0001'", "r0001", "its row is at event 1, and 0 of its events are there"),
    ("UPDATE runs SET events = 3 WHERE run_id = 'r0000'", "r0000", "its row is at event 3, and 1 of its events"),
    ("UPDATE events SET follows = 1 WHERE run_id = 'r0002'", "r0002", "its events do not follow each other"),
    ("UPDATE runs SET last_event = NULL WHERE run_id = 'r0001'", "r0001", "its events do not follow each other"),
    ("DELETE FROM runs WHERE run_id = 'r0002'", "r0002", "there are events of it, and no run"),
    ("DELETE FROM bundles", "r0000", "the version of its flow (d1) is not in the journal"),
]


@pytest.mark.parametrize(("statement", "run", "what"), WRONG)
async def test_what_is_wrong_is_named_with_its_run_and_a_way_out(
    path: Path, statement: str, run: str, what: str
) -> None:
    with open_journal(path) as journal:
        await fill(journal, 3)
    sql(path, statement)
    (found,) = check(path, Sealing()).problems
    assert found.run == run
    assert what in found.what
    assert "offhook journal backup" in found.help


async def test_live_state_that_cannot_be_read_is_named(path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 1, status="running")
    (found,) = check(path, Sealing()).problems
    assert found.what == "the state of run r0000 is damaged, or of a newer Offhook"


async def test_damaged_page_is_found(path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 200)
    damage(path)
    problems = check(path, Sealing()).problems
    assert problems
    assert all("Restore" in one.help for one in problems)


async def test_backup_beside_a_runner_is_whole_and_of_one_moment(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    with open_journal(path) as journal:
        await fill(journal, 20)
        reader = open_reader(path)
        backup.copy(reader._read, path, target)
        reader.close()
        await journal.commit([entry("later", 1)])
    assert sorted(name for name in contents(tmp_path) if name.startswith("copy")) == ["copy"]
    assert is_private(target)
    with open_journal(target) as copied:
        assert len(copied.runs()) == 20
        assert check(target, Sealing()).problems == ()


async def test_backup_that_cannot_be_written_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 1)
        with pytest.raises(JournalError) as caught:
            backup.copy(journal._read, path, tmp_path / "nowhere" / "copy")
    assert "could not be copied" in caught.value.message
    assert "as much space as the journal" in caught.value.help


async def test_deleted_runs_leave_nothing_in_any_file(path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 50)
        assert [name for name, data in contents(path.parent).items() if SECRET in data] == ["a.journal-wal"]
        while await journal.forget_runs(before_ms=1_049):
            pass
        assert [row.run_id for row in journal.runs()] == ["r0049"]
        while await journal.forget_runs(before_ms=10_000):
            pass
        while await journal.give_back(before_ms=10_000):
            pass
        assert not [name for name, data in contents(path.parent).items() if SECRET in data]
        assert await journal.drop_unused_bundles() == 1


async def test_forgetting_takes_the_oldest_first_and_so_many(path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 10)
        assert await journal.forget_runs(before_ms=1_008, at_most=3) == 3
        assert {row.run_id for row in journal.runs()} == {f"r{n:04}" for n in range(3, 10)}
        assert await journal.forget_runs(before_ms=1_008, at_most=100) == 5


async def test_compacting_beside_a_runner_is_bounded_in_time_and_gives_the_space_back(path: Path) -> None:
    with open_journal(path) as journal:
        await fill(journal, 1_500)
        while await journal.forget_runs(before_ms=2_490):
            pass
        part = compact(path, longest_s=0)
        assert part.left_bytes > 0
        slept: list[float] = []
        found = compact(path, longest_s=60, sleep=slept.append)
        assert found.left_bytes == 0
        assert found.after_bytes < part.before_bytes / 10
        assert slept
        await journal.commit([entry("after", 1)])
    assert size(path) < 200_000
    assert check(path, Sealing()).problems[0].run == "after", "its state is no state; all else is sound"


def test_compacting_nothing_and_an_older_journal_is_refused(path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal"):
        compact(path, longest_s=1)
    older(path)
    with pytest.raises(JournalError) as caught:
        compact(path, longest_s=1)
    assert "has format 1" in caught.value.message
    assert "Start a runner" in caught.value.help


def older(path: Path) -> None:
    """A journal as the first version made it, with two runs that have ended."""
    tables = schema.TABLES.replace(",\n    last_event INTEGER", "")
    for late in ("CREATE INDEX runs_ended", "CREATE INDEX runs_digest", "CREATE TABLE engines", "CREATE TABLE events"):
        begins = tables.index(late)
        tables = tables[:begins] + tables[tables.index(";", begins) + 1 :]
    run = "INSERT INTO runs VALUES ({n}, 'r{n}', 'f', 'd1', 'ended', 1, 5, 'c', NULL, 'hangup', {events}, x'{state}')"
    sql(
        path,
        "PRAGMA journal_mode = WAL",
        *tables.split(";"),
        "INSERT INTO meta VALUES ('callback_key', zeroblob(32)), ('created_ms', 1000)",
        "CREATE TABLE events (run_id TEXT NOT NULL, n INTEGER NOT NULL, at_ms INTEGER NOT NULL, event BLOB NOT NULL,"
        " PRIMARY KEY (run_id, n))",
        run.format(n=1, events=3, state=ended_state("r1", started_ms=1, end_reason="hangup").hex()),
        run.format(n=2, events=2, state=ended_state("r2", started_ms=1, end_reason="hangup").hex()),
        "INSERT INTO events VALUES ('r1', 1, 5, x'01'), ('r2', 1, 5, x'04'), ('r1', 2, 5, x'02'), ('r1', 3, 6, x'03')",
        "INSERT INTO events VALUES ('r2', 2, 5, x'05')",
        "INSERT INTO bundles VALUES ('d1', x'00')",
        f"PRAGMA application_id = {schema.APPLICATION_ID}",
        "PRAGMA user_version = 1",
    )


async def test_journal_of_the_first_version_is_read_checked_copied_and_migrated(path: Path) -> None:
    older(path)
    reader = open_reader(path)
    assert (reader.run("r1").events, reader.semantics_at(1)) == (3, 1)
    assert [row.event for row in reader.events_of(RunId("r1"))] == [b"\1", b"\2", b"\3"]
    reader.close()
    assert check(path, Sealing()).version == 1
    with open_journal(path) as journal:
        assert journal.run("r1").events == 3
        assert [row.event for row in journal.events_of(RunId("r1"))] == [b"\1", b"\2", b"\3"]
        assert [row.event for row in journal.events_of(RunId("r2"))] == [b"\4", b"\5"]
        assert journal.callback_key == bytes(32)
        assert journal.semantics_at(10**14) == ENGINE_SEMANTICS
        assert journal.number("PRAGMA auto_vacuum") == 2
        assert check(path, Sealing()).problems == ()
        copied = schema.backup_of(path, 1)
        assert is_private(copied)
        before = open_reader(copied)
        assert before.number("PRAGMA user_version") == 1
        assert before.run("r1").events == 3
        before.close()
        # It holds personal data too.
        await journal.give_back(before_ms=1_000)
        assert copied.exists()
        await journal.give_back(before_ms=10**14)
        assert not copied.exists()


def test_migrated_tables_are_those_of_a_new_journal(path: Path, tmp_path: Path) -> None:
    older(path)
    open_journal(path).close()
    new = tmp_path / "new.journal"
    open_journal(new).close()
    assert tables(path) == tables(new)


def tables(path: Path) -> set[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    # A column that was added stands elsewhere on its line.
    return {
        (name, " ".join(text.replace(",", " , ").replace("(", " ( ").replace(")", " ) ").split()))
        for name, text in found
    }


def test_migration_without_room_for_its_copy_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older(path)
    blocked = schema.backup_of(path, 1)
    blocked.mkdir()
    with pytest.raises(JournalError, match="could not be copied"):
        open_journal(path)
    blocked.rmdir()
    reader = open_reader(path)
    assert reader.number("PRAGMA user_version") == 1
    reader.close()


def test_journal_of_a_newer_engine_is_refused(path: Path) -> None:
    open_journal(path).close()
    sql(path, "INSERT INTO engines VALUES (7, 5)")
    with pytest.raises(JournalError) as caught:
        open_journal(path)
    assert f"has runs of a newer version of Offhook (engine 7; this one is {ENGINE_SEMANTICS})" in caught.value.message
    assert "Install that version" in caught.value.help


async def test_log_stays_short_and_a_long_reader_is_told_of(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wal, "KEPT_BYTES", 5_000_000)
    monkeypatch.setattr(wal, "TOLD_BYTES", 6_000_000)
    monkeypatch.setattr(wal, "_LOOK", 8)
    log = Path(f"{path}-wal")
    with open_journal(path, synchronous="normal") as journal:
        await fill(journal, 600, size=6_000, step=1)
        assert size(log) < 5_500_000
        assert not caplog.records
        reader = open_reader(path)
        reading = reader.rows("SELECT * FROM events")
        next(reading)
        await fill(journal, 1_200, size=6_000, step=1)
        assert size(log) > 6_000_000
        assert "another program has been reading the journal for long" in caplog.text
        del reading
        reader.close()
        await fill(journal, 1_800, size=6_000, step=1)
        assert size(log) <= 5_500_000
        await journal.give_back(before_ms=0)
        assert size(log) == 0


def test_every_version_has_a_step() -> None:
    assert sorted(migrations.MIGRATIONS) == list(range(1, schema.VERSION))


async def test_run_is_asked_for_its_engine_by_the_time_it_began(path: Path) -> None:
    with open_journal(path) as journal:
        await journal.commit([entry("r1", 1)])
    sql(path, "UPDATE engines SET semantics = 1, since_ms = 500", "INSERT INTO engines VALUES (2, 2000)")
    reader = open_reader(path)
    assert [reader.semantics_at(at_ms) for at_ms in (100, 500, 1_999, 2_000)] == [1, 1, 1, 2]
    reader.close()
