"""A new process takes over what it can, and one run that it cannot read stops nothing."""

import logging
import time

import pytest
from msgspec.structs import replace

from engine.interpret import start
from engine.journal.base import Entry
from engine.journal.memory import MemoryJournal
from engine.model import codec
from engine.model.events import CallArrived
from engine.model.ids import CallId, Digest, RunId, inbound_run_id
from engine.runner import recovery
from tests.e2e.polling import until
from tests.unit.runner.inside import inside, library

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
    for name, bundle in (("torn", b"\x92\xa5sho"), ("deep", b"\x91" * 5_000)):
        await journal.put_bundle(Digest(name), bundle)
        told = replace(without_bundle, run_id=RunId(name), digest=Digest(name))
        await journal.commit([strange(name, codec.encode(told))])
    await journal.commit([strange("nested", b"\x91" * 5_000)])
    async with inside(journal=journal) as at:
        assert set(at.runner.supervisor.runs) == {run_id}
        assert (await at.report("nobundle.0.hello.1.1.play", state="playing")).status_code == 503
        await at.report(f"{run_id}.0.hello.1.1.play", state="finished")
        await until(lambda: journal.run(run_id).status == "ended")
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert [line.split(" ", 2)[1] for line in errors[:3]] == ["garbage", "shapeless", "nobundle"]
    assert [line.split(" ", 2)[1] for line in errors[3:6]] == ["torn", "deep", "nested"]
    assert "The flow version dddddddddddd, which a run was started with, is not in the journal." in errors[2]


@pytest.mark.parametrize(("reported", "sent"), [(True, []), (False, ["calling.play"])])
async def test_command_without_answer_that_is_reported_soon_is_not_repeated(
    reported: bool, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "_LISTEN_S", 0.05)
    journal = MemoryJournal()
    run_id = inbound_run_id("c1")
    served = library().named("short")
    assert served is not None
    arrived = CallArrived(at_ms=int(time.time() * 1000), call_id=CallId("c1"), to="+1", from_="+2")
    state = codec.encode(start(served.graph, arrived).state)
    await journal.commit([replace(strange(run_id, state), digest=served.graph.digest)])
    await journal.put_bundle(served.graph.digest, served.bundle.encode())
    async with inside(journal=journal) as at:
        if reported:
            await at.report(f"{run_id}.0.hello.1.1.play", state="playing")
        # The start, what was reported or answered, what was looked up, and that it goes on.
        await until(lambda: journal.run(run_id).events == 4)
        assert [body["command"] for body in at.sent] == sent


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
