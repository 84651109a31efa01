"""A new process takes over what it can, and one run that it cannot read stops nothing."""

import logging

import pytest
from msgspec.structs import replace

from engine.journal.base import Entry
from engine.journal.memory import MemoryJournal
from engine.model import codec
from engine.model.ids import CallId, Digest, RunId, inbound_run_id
from tests.e2e.polling import until
from tests.unit.runner.inside import inside

pytestmark = pytest.mark.anyio


def strange(run_id: str, state: bytes) -> Entry:
    return Entry(
        run_id=RunId(run_id),
        flow="short",
        digest=Digest("d" * 64),
        n=1,
        at_ms=1,
        event=b"{}",
        status="running",
        started_ms=1,
        call_id=CallId("x"),
        next_due_ms=None,
        end_reason="",
        state=state,
    )


async def test_run_that_cannot_be_read_is_named_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    journal = MemoryJournal()
    run_id = inbound_run_id("c1")
    async with inside(journal=journal) as at:
        await at.arrive()
        await at.report(f"{run_id}.0.hello.1.1.play", state="playing")
    state = journal.state_of(run_id)
    assert state is not None
    await journal.commit([strange("garbage", b"\x00{"), strange("shapeless", b"{}")])
    without_bundle = replace(codec.decode_state(state), run_id=RunId("nobundle"), digest=Digest("d" * 64))
    await journal.commit([strange("nobundle", codec.encode(without_bundle))])
    async with inside(journal=journal) as at:
        assert set(at.runner.supervisor.runs) == {run_id}
        assert (await at.report("nobundle.0.hello.1.1.play", state="playing")).status_code == 503
        await at.report(f"{run_id}.0.hello.1.1.play", state="finished")
        await until(lambda: journal.run(run_id).status == "ended")
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert [line.split(" ", 2)[1] for line in errors[:3]] == ["garbage", "shapeless", "nobundle"]
    assert "The bundle dddddddddddd of a run is not in the journal." in errors[2]


async def test_run_whose_flow_is_no_longer_served_goes_on_with_its_own_version() -> None:
    journal = MemoryJournal()
    run_id = inbound_run_id("c1")
    async with inside(journal=journal) as at:
        await at.arrive()
        await at.report(f"{run_id}.0.hello.1.1.play", state="playing")
    other = "flow: other\nlanguage: 1\nstart: bye\nsteps:\n  bye:\n    end: hangup\n"
    async with inside(journal=journal, text=other) as at:
        await at.report(f"{run_id}.0.hello.1.1.play", state="finished")
        await until(lambda: journal.run(run_id).status == "ended")
        assert [body["command"] for body in at.sent] == ["calling.end"]
    assert journal.run(run_id).end_reason == "hangup"
