"""A log that was torn while it was written: whole transactions are there or not, and none that was there before is gone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import anyio
import pytest

from engine.journal.check import check
from engine.journal.reader import open_reader
from engine.journal.sealing import Sealing
from engine.journal.sqlite import open_journal
from engine.model.ids import Digest, RunId
from tests.unit.journal.entries import entry

HEADER, FRAME = 32, 24 + 4096
"""Bytes of the log's header, and of a frame: its header and a page."""
COMMITS = 6


class Torn(NamedTuple):
    """A journal's file, and its log after each commit."""

    file: bytes
    logs: tuple[bytes, ...]


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Torn:
    path = tmp_path_factory.mktemp("torn") / "a.journal"
    open_journal(path).close()
    logs: list[bytes] = []

    async def fill() -> None:
        with open_journal(path) as journal:
            await journal.put_bundle(Digest("d1"), b"bundle")
            for n in range(1, COMMITS + 1):
                await journal.commit([entry("r1", n, status="ended"), entry(f"s{n}", 1, status="ended")])
                # As it is on the disk when the commit has returned.
                logs.append(_read(Path(f"{path}-wal")))
            files.append(_read(path))

    files: list[bytes] = []
    anyio.run(fill)
    return Torn(files[0], tuple(logs))


def _read(path: Path) -> bytes:
    return path.read_bytes()


def events_after(torn: Torn, log: bytes, folder: Path) -> int:
    """How many of the run's events a new process finds, which finds all else whole, and can go on."""
    path = folder / "a.journal"
    for old in folder.iterdir():
        old.unlink()
    path.write_bytes(torn.file)
    Path(f"{path}-wal").write_bytes(log)
    reader = open_reader(path)
    found = reader.run("r1").events
    assert [row.n for row in reader.events_of(RunId("r1"))] == list(range(1, found + 1))
    assert reader.state_of(RunId("r1")) == entry("r1", found, status="ended").state
    assert {row.run_id for row in reader.runs()} == {"r1", *(f"s{n}" for n in range(1, found + 1))}
    reader.close()
    return found


def cuts(before: int, after: int) -> Iterator[int]:
    """Every byte of the frames' headers, and of the pages a sample that has both ends."""
    for at in range(before, after):
        within = (at - HEADER) % FRAME
        if within < 32 or within > FRAME - 8 or within % 251 == 0:
            yield at


def test_log_cut_in_the_last_transaction_is_as_before_it_at_every_place(torn: Torn, tmp_path: Path) -> None:
    whole, before = torn.logs[-1], torn.logs[-2]
    places = list(cuts(len(before), len(whole)))
    assert len(places) > 200
    for at in places:
        assert events_after(torn, whole[:at], tmp_path) == COMMITS - 1, at
    assert events_after(torn, whole, tmp_path) == COMMITS


@pytest.mark.parametrize("garbage", [b"\x00", b"\xff"], ids=["zeros", "ones"])
def test_log_whose_last_transaction_is_part_garbage_is_as_before_it(torn: Torn, tmp_path: Path, garbage: bytes) -> None:
    """As a disk leaves it that had the file's length before its data."""
    whole, before = torn.logs[-1], torn.logs[-2]
    for at in list(cuts(len(before), len(whole)))[::10]:
        log = whole[:at] + garbage * (len(whole) - at)
        expected = COMMITS if log == whole else COMMITS - 1
        assert events_after(torn, log, tmp_path) == expected, at


def test_log_cut_at_every_transaction_has_what_was_acknowledged_until_then(torn: Torn, tmp_path: Path) -> None:
    for n, log in enumerate(torn.logs, 1):
        assert events_after(torn, log, tmp_path) == n


def test_journal_with_a_torn_log_is_opened_checked_and_written_on(torn: Torn, tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    assert events_after(torn, torn.logs[-1][:-100], tmp_path) == COMMITS - 1

    async def go_on() -> None:
        with open_journal(path) as journal:
            assert journal.run("r1").events == COMMITS - 1
            await journal.commit([entry("r1", COMMITS, status="ended", event=b"another")])

    anyio.run(go_on)
    assert check(path, Sealing()).problems == ()
    copied = shutil.copy(path, tmp_path / "copy")
    reader = open_reader(copied)
    assert reader.run("r1").events == COMMITS
    reader.close()
