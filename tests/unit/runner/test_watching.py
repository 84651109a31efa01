"""What the watch makes of a folder, one look at a time."""

import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.journal.memory import MemoryJournal
from engine.model.errors import JournalError
from engine.model.ids import Digest
from engine.project import snapshot
from engine.runner import watching
from engine.runner.intake import RunnerIntake
from engine.runner.reading import library_in
from engine.runner.watching import Watch
from tests.unit.runner.inside import FLOW, NUMBER, Inside, inside

pytestmark = pytest.mark.anyio


class Failing(MemoryJournal):
    """Takes no bundle while it `fails`."""

    fails = False

    async def put_bundle(self, digest: Digest, data: bytes) -> None:
        if self.fails:
            raise JournalError("the disk is full")
        await super().put_bundle(digest, data)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Path:
    monkeypatch.setattr(snapshot, "_SETTLE_S", 0)
    caplog.set_level(logging.INFO, "offhook")
    (tmp_path / "short.flow.yaml").write_text(FLOW)
    return tmp_path


@asynccontextmanager
async def watched(folder: Path, journal: MemoryJournal | None = None) -> AsyncIterator[tuple[Inside, Watch]]:
    kept = journal or MemoryJournal()
    async with inside(journal=kept) as at:
        environment = replace(at.runner.current.environment, flows=folder, file=folder / "x.env.yaml")
        at.runner.versions.replace(library_in(environment))
        at.runner.current.environment = environment
        yield at, Watch(at.runner.current, at.runner.versions, kept, at.runner.supervisor.meters, at.runner.app.keys)


def status(at: Inside) -> tuple[list[str], list[str]]:
    intake: RunnerIntake = at.runner.intake
    facts = intake.status()[1]
    return facts["flows"], facts["broken"]


async def test_new_version_is_in_the_journal_before_it_is_served(folder: Path) -> None:
    journal = Failing()
    async with watched(folder, journal) as (at, watch):
        (folder / "short.flow.yaml").write_text(FLOW.replace("Hello.", "Good evening."))
        journal.fails = True
        before = at.runner.versions.library
        await watch.look()
        assert at.runner.versions.library is before
        journal.fails = False
        await watch.look()
        (served,) = at.runner.versions.library.served.values()
        assert served is not before.served["short"]
        assert journal.get_bundle(served.graph.digest) == served.bundle.encode()


async def test_run_of_an_earlier_version_finds_its_graph(folder: Path) -> None:
    async with watched(folder) as (at, watch):
        before = at.runner.versions.library.served["short"].graph
        (folder / "short.flow.yaml").unlink()
        await watch.look()
        assert at.runner.versions.library.names == []
        assert at.runner.versions.of(before.digest, lambda digest: None) is before


async def test_files_come_go_break_and_are_mended(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = folder / "short.flow.yaml"
    async with watched(folder) as (at, watch):
        path.write_text(FLOW.replace("next: bye", "next: by"))
        await watch.look()
        assert status(at) == (["short"], ["short"])
        assert f"flow short is broken, its last good version stays: {path}:8:11 FLW001" in caplog.text
        (folder / "long.flow.yaml").write_text(FLOW.replace("flow: short", "flow: long"))
        path.write_text(FLOW)
        await watch.look()
        assert status(at) == (["long", "short"], [])
        assert "flow long is served from now on" in caplog.text
        assert "flow short: its file is the version that is served again" in caplog.text
        path.unlink()
        await watch.look()
        assert status(at) == (["long"], [])
        assert "flow short was removed" in caplog.text
        assert f"route {NUMBER}: there is no flow short" in caplog.text


async def test_folder_that_is_gone_changes_nothing_and_is_told_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with watched(folder) as (at, watch):
        shutil.move(folder, folder.with_name("elsewhere"))
        await watch.look()
        await watch.look()
        assert status(at) == (["short"], [])
        assert caplog.text.count("There is no folder of flows") == 1
        shutil.move(folder.with_name("elsewhere"), folder)
        (folder / "short.flow.yaml").write_text(FLOW.replace("Hello.", "Back."))
        await watch.look()
        assert "new calls get the new version" in caplog.text


async def test_fault_of_ours_stops_neither_the_runner_nor_the_watch(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RecursionError

    async with watched(folder) as (at, watch):
        with monkeypatch.context() as patched:
            patched.setattr(watching, "library_of", fault)
            (folder / "short.flow.yaml").write_text(FLOW.replace("Hello.", "One."))
            await watch.look()
        assert "a fault of ours" in caplog.text
        assert status(at) == (["short"], [])
        (folder / "short.flow.yaml").write_text(FLOW.replace("Hello.", "Two, three."))
        await watch.look()
        assert "new calls get the new version" in caplog.text
