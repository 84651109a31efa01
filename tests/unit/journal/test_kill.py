"""A process that is killed while it commits has lost nothing that it was told is durable."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.journal.reader import open_reader
from engine.journal.sqlite import open_journal
from engine.model.errors import JournalError
from engine.model.ids import RunId

CHILD = """
import os, sys
import anyio
from engine.journal.sqlite import open_journal
from tests.unit.journal.entries import entry

async def run(journal, name):
    n = 0
    while True:
        n += 1
        await journal.commit([entry(name, n)])
        os.write(1, f"{name} {n}\\n".encode())

async def main():
    with open_journal(sys.argv[1]) as journal:
        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(run, journal, f"r{number:02}")

anyio.run(main)
"""


@pytest.mark.parametrize("acknowledged", [1, 50, 500])
def test_a_killed_process_loses_nothing_that_was_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "a.journal"
    last = kill_after(path, acknowledged)
    # As the CLI finds it, with the WAL still there, and as the next runner does.
    reader = open_reader(path)
    found = {row.run_id: row.events for row in reader.runs()}
    reader.close()
    with open_journal(path) as journal:
        assert {row.run_id: row.events for row in journal.runs()} == found
        for run, n in last.items():
            assert n <= found[RunId(run)] <= n + 1
            assert [row.n for row in journal.events_of(RunId(run))] == list(range(1, found[RunId(run)] + 1))
            assert journal.state_of(RunId(run)) == f"state {found[RunId(run)]} of {run}".encode()


def kill_after(path: Path, count: int) -> dict[str, int]:
    """Run the child until it has said so often that something is durable; what it said last of each run."""
    last: dict[str, int] = {}
    with start(path) as child:
        assert child.stdout
        for _ in range(count):
            note(last, child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        for line in child.stdout:
            note(last, line)
    assert child.returncode == -signal.SIGKILL
    return last


def note(last: dict[str, int], line: bytes) -> None:
    run, _, n = line.decode().partition(" ")
    last[run] = int(n)


def start(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )


def test_a_second_runner_is_told_who_has_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    with start(path) as child:
        assert child.stdout
        child.stdout.readline()
        with pytest.raises(JournalError) as caught:
            open_journal(path)
        reader = open_reader(path)
        assert reader.runs()
        reader.close()
        child.kill()
        child.stdout.read()
    assert caught.value.message == f"the journal {path} is in use by process {child.pid}"
    assert "One journal has one runner" in caught.value.help
    open_journal(path).close()
