"""Past what it can do a runner turns new calls away, politely; those that live go on, and it takes calls again by itself."""

import logging

import anyio
import pytest

from engine.journal.memory import MemoryJournal
from engine.model.ids import inbound_run_id
from engine.runner import capacity
from engine.wire import swml
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside

pytestmark = pytest.mark.anyio
BEARER = {"Authorization": "Bearer secret"}
WANTED = {"flow": "short", "to": "+15550177", "from": "+15550100"}


async def metric(at: Inside, name: str) -> float:
    """The value of a series, as Prometheus would read it; 0 when it is not there."""
    text = (await at.client.get("/metrics", headers=BEARER)).text
    return next((float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)), 0.0)


async def shed(at: Inside) -> dict[str, float]:
    names = {"call": "runs", "request": "runs", "webhook": "journal"}
    return {
        what: await metric(at, f'offhook_shed_total{{reason="{reason}",what="{what}"}}')
        for what, reason in names.items()
    }


async def finish(at: Inside, call_id: str) -> None:
    control_id = f"{inbound_run_id(call_id)}.0.hello.1.1.play"
    assert (await at.report(control_id, state="playing")).status_code == 200
    assert (await at.report(control_id, state="finished")).status_code == 200


async def test_above_the_cap_new_calls_hear_a_polite_document_and_those_that_live_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "offhook")
    async with inside(most_runs=2) as at:
        for call_id in ("c1", "c2"):
            assert (await at.arrive(call_id)).content == swml.PARKING_BYTES
        for call_id in ("c3", "c4", "c3"):
            assert (await at.arrive(call_id)).content == swml.BUSY_BYTES
        refused = await at.client.post("/runs", json=WANTED, headers=BEARER)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        ready = await at.client.get("/readyz")
        assert (ready.status_code, ready.json()["shedding"]) == (503, "runs")
        assert await shed(at) == {"call": 3, "request": 1, "webhook": 0}
        # The document of a call that lives is fetched again: it is not a new one.
        assert (await at.arrive("c1")).content == swml.PARKING_BYTES
        await finish(at, "c1")
        await until(lambda: at.journal.run(inbound_run_id("c1")).status == "ended")
        assert (await at.client.get("/readyz")).status_code == 200
        await until(lambda: "new calls are taken again; turned away meanwhile: 4" in caplog.text)
        assert (await at.arrive("c5")).content == swml.PARKING_BYTES
        assert len(at.journal.runs()) == 3
    assert caplog.text.count("new calls are turned away until there is room") == 1


class Stopped(MemoryJournal):
    """Writes nothing until `gate` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = anyio.Event()
        self.gate.set()

    async def commit(self, batch) -> None:
        await self.gate.wait()
        await super().commit(batch)


async def test_journal_that_falls_behind_turns_new_calls_away_long_before_webhooks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capacity, "QUEUE", 2)
    monkeypatch.setattr(capacity, "WEBHOOK_QUEUE", 4)
    journal = Stopped()
    async with inside(journal=journal) as at:
        await at.arrive()
        control_id = f"{inbound_run_id('c1')}.0.hello.1.1.play"
        await until(lambda: bool(at.sent) and at.runner.supervisor.idle)
        journal.gate = anyio.Event()
        statuses: list[int] = []

        async def report() -> None:
            statuses.append((await at.report(control_id, state="playing")).status_code)

        async with anyio.create_task_group() as tasks:
            for n in range(1, 5):
                tasks.start_soon(report)
                await until(lambda n=n: at.runner.supervisor.journal_waiting == n)  # type: ignore[misc]
            assert (await at.arrive("c2")).content == swml.BUSY_BYTES
            await report()
            assert statuses == [503]
            journal.gate.set()
        assert statuses == [503, 200, 200, 200, 200]
        assert (await shed(at))["webhook"] == 1
        assert await metric(at, 'offhook_shed_total{reason="journal",what="call"}') == 1
        assert (await at.arrive("c2")).content == swml.PARKING_BYTES


@pytest.mark.asyncio_only
async def test_event_loop_that_is_late_turns_calls_away_until_it_is_not() -> None:
    import time

    async with inside(most_lag_ms=200) as at:
        await anyio.sleep(0.6)
        time.sleep(1.2)  # noqa: ASYNC251 - that is the point
        await until(lambda: not at.runner.measured.ready())
        ready = (await at.client.get("/readyz")).json()
        assert (ready["shedding"], ready["loop_lag_ms"] >= 200) == ("loop", True), ready
        assert (await at.arrive()).content == swml.BUSY_BYTES
        await until(lambda: at.runner.measured.ready())
        assert (await at.arrive()).content == swml.PARKING_BYTES
