"""`offhook journal` on a journal that a runner has open."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner, Result

from engine.cli import offhook
from engine.journal.sqlite import open_journal
from engine.model.codec import ENGINE_SEMANTICS
from engine.model.errors import JournalError
from engine.model.ids import Digest, inbound_run_id
from tests.e2e.polling import until
from tests.unit.journal.entries import entry
from tests.unit.runner.inside import inside


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "a.journal"
    with open_journal(path) as opened:

        async def fill() -> None:
            await opened.commit([entry("r1", 1, status="ended")])
            await opened.put_bundle(Digest("d1"), b"bundle")

        anyio.run(fill)
        yield path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(offhook, ["journal", *map(str, words)])


def test_check_of_a_sound_journal_says_so(journal: Path) -> None:
    done = run("check", "-j", journal)
    assert done.exit_code == 0
    assert "1 runs, 0 of them live, 1 events" in done.output
    assert "No run is in it" not in done.output
    assert done.output.endswith("Nothing is wrong.\n")


def test_check_of_a_file_that_was_cut_to_nothing_is_no_sound_journal(tmp_path: Path) -> None:
    path = tmp_path / "cut.journal"
    path.touch()
    done = run("check", "-j", path)
    assert isinstance(done.exception, JournalError)
    assert "is an empty file, not a journal" in done.exception.message
    assert "`offhook journal backup`" in done.exception.help
    assert path.stat().st_size == 0


def test_check_says_of_a_journal_without_runs_that_it_has_none(tmp_path: Path) -> None:
    with open_journal(tmp_path / "new.journal"):
        done = run("check", "-j", tmp_path / "new.journal")
    assert done.exit_code == 0
    assert "No run is in it. If there should be some, its file was replaced" in done.output


def test_check_names_what_is_wrong_and_what_to_do(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as connection:
        connection.execute("DELETE FROM events")
        connection.commit()
    done = run("check", "-j", journal)
    assert done.exit_code == 1
    assert "run r1: its row is at event 1, and 0 of its events are there, up to 0\n  Two runners" in done.output
    assert done.output.endswith("Problems: 1.\n")
    found = json.loads(run("check", "-j", journal, "--format", "json").output)
    assert found["format"] == 1
    assert [one["run"] for one in found["problems"]] == ["r1"]


def test_backup_is_a_journal_and_replaces_nothing_unless_told(journal: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.journal"
    assert run("backup", target, "-j", journal).exit_code == 0
    again = run("backup", target, "-j", journal)
    assert isinstance(again.exception, JournalError)
    assert "is there already" in again.exception.message
    assert run("backup", target, "-j", journal, "--force").exit_code == 0
    assert "1 runs" in run("check", "-j", target).output


def broken_index(journal: Path, path: Path) -> Path:
    """A copy that opens and reads well, but for an index that lacks a row."""
    assert run("backup", path, "-j", journal).exit_code == 0
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("CREATE INDEX i ON t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX i ON t (a + 1)' WHERE name = 'i'")
        connection.commit()
    return path


def test_damaged_journal_is_not_copied_and_its_last_good_copy_stays(journal: Path, tmp_path: Path) -> None:
    broken = broken_index(journal, tmp_path / "broken.journal")
    target = tmp_path / "copy.journal"
    assert run("backup", target, "-j", journal).exit_code == 0
    good = target.read_bytes()
    done = run("backup", target, "-j", broken, "--force")
    assert done.exit_code == 1
    assert "is damaged, and was not copied" in done.output
    assert "restore the journal from it" in done.output
    assert target.read_bytes() == good
    assert not Path(f"{target}.part").exists()
    assert run("backup", tmp_path / "new.journal", "-j", broken).exit_code == 1
    assert not (tmp_path / "new.journal").exists()


def test_check_of_a_damaged_journal_does_not_say_what_it_does_not_know(journal: Path, tmp_path: Path) -> None:
    broken = broken_index(journal, tmp_path / "broken.journal")
    done = run("check", "-j", broken)
    assert done.exit_code == 1
    assert "unknown how many runs and events" in done.output
    assert json.loads(run("check", "-j", broken, "--format", "json").output)["runs"] is None


def test_compact_tells_sizes(journal: Path) -> None:
    done = run("compact", "-j", journal)
    assert done.exit_code == 0
    assert "bytes before" in done.output
    found = json.loads(run("compact", "-j", journal, "--format", "json").output)
    assert (found["format"], found["left_bytes"]) == (1, 0)


@pytest.mark.parametrize("words", [("check",), ("backup", "x"), ("compact",)])
def test_journal_that_is_not_there_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*words, "-j", tmp_path / "nothing")
    assert isinstance(done.exception, JournalError)
    assert "there is no journal" in done.exception.message
    assert not list(tmp_path.iterdir())


async def short_run(path: Path) -> None:
    run_id = inbound_run_id("c1")
    with open_journal(path) as kept:
        async with inside(journal=kept) as at:
            await at.arrive()
            await at.report(f"{run_id}.0.hello.1.1.play", state="finished")
            await until(lambda: kept.run(run_id).status == "ended")


@pytest.mark.parametrize(("engine", "told"), [(ENGINE_SEMANTICS, False), (0, True)])
def test_run_of_another_engine_is_shown_with_a_warning(tmp_path: Path, engine: int, told: bool) -> None:
    path = tmp_path / "b.journal"
    anyio.run(short_run, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE engines SET semantics = {engine}")
        connection.commit()
    done = CliRunner().invoke(offhook, ["runs", "show", "i", "-j", str(path)])
    assert done.exit_code == 0
    assert "call arrived" in done.stdout
    assert (f"began under engine 0, and engine {ENGINE_SEMANTICS} replays it here" in done.stderr) == told
