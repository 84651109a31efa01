"""What a runner tells Prometheus after a call."""

import pytest

from engine.model.ids import inbound_run_id
from engine.telemetry.metrics import CATALOGUE, Histogram
from tests.e2e.polling import until
from tests.unit.runner.inside import NUMBER, Inside, inside

pytestmark = pytest.mark.anyio


def measured(at: Inside) -> dict[str, dict[tuple[str, ...], float | Histogram]]:
    return {metric.name: dict(metric.values) for metric in at.runner.measured()}


async def call(at: Inside) -> None:
    control_id = f"{inbound_run_id('c1')}.0.hello.1.1.play"
    await at.arrive()
    await until(lambda: bool(at.sent))
    for state in ("playing", "finished", "finished"):
        await at.report(control_id, state=state)
    await until(lambda: not at.runner.supervisor.runs and at.runner.supervisor.idle)


async def test_every_metric_is_in_the_catalogue_and_every_one_of_the_catalogue_is_measured() -> None:
    async with inside() as at:
        assert measured(at).keys() == CATALOGUE.keys()


async def test_call_is_counted_from_its_beginning_to_its_end() -> None:
    async with inside() as at:
        await at.arrive()
        await until(lambda: bool(at.sent))
        found = measured(at)
        assert found["offhook_runs"] == {("memory",): 1, ("journal",): 0}
        assert found["offhook_runs_waiting"] == {("play",): 1}
        await call(at)
        await at.report("gone.0.hello.1.1.play", state="playing")
        body = {"call": {"call_id": "c2", "to": "+15550999"}}
        await at.client.post("/calls/inbound", json=body)
        found = measured(at)
    assert found["offhook_runs"] == {("memory",): 0, ("journal",): 0}
    assert {key: n for key, n in found["offhook_runs_waiting"].items() if n} == {}
    assert found["offhook_runs_started_total"] == {("inbound",): 1}
    assert found["offhook_runs_ended_total"] == {("hangup",): 1}
    assert found["offhook_steps_total"] == {("play",): 1, ("end",): 1}
    assert found["offhook_happened_total"]["late",] == 1
    assert found["offhook_commands_total"] == {("calling.play", "accepted"): 1, ("calling.end", "accepted"): 1}
    assert found["offhook_events_total"]["operation_reported",] == 3
    assert found["offhook_webhooks_total"] == {("200",): 3, ("404",): 1}
    assert found["offhook_shed_total"] == {("call", "no-route"): 1}
    for name in ("offhook_reaction_seconds", "offhook_journal_commit_seconds", "offhook_webhook_seconds"):
        histogram = found[name][()]
        assert isinstance(histogram, Histogram)
        assert sum(histogram.counts) >= 2, name
    step = found["offhook_step_seconds"]["play",]
    assert isinstance(step, Histogram)
    assert sum(step.counts) == 1


async def test_step_that_fails_is_counted_with_its_verb() -> None:
    import httpx

    def refusing(body: dict[str, object]) -> httpx.Response:
        return httpx.Response(422 if body["command"] == "calling.play" else 200, json={})

    async with inside(refusing) as at:
        await at.arrive()
        await until(lambda: not at.runner.supervisor.runs)
        found = measured(at)
    assert found["offhook_steps_failed_total"] == {("play", "rejected"): 1}
    assert found["offhook_commands_total"]["calling.play", "rejected"] == 1


async def test_metrics_say_nothing_of_a_caller() -> None:
    async with inside() as at:
        call_ = {"call_id": "c1", "to": NUMBER, "from": "+15557654321"}
        await at.client.post("/calls/inbound", json={"call": call_})
        text = (await at.client.get("/metrics", headers={"Authorization": "Bearer secret"})).text
    assert "offhook_ready 1.0" in text
    assert "5557654321" not in text
    assert "c1" not in text
