"""More calls than a runner takes: those above hear that all lines are busy, those that live notice nothing, and it is over
when there is room again."""

from pathlib import Path
from typing import Any

import anyio
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.line import Line, heard, heard_twice
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.polling import until
from tests.e2e.runner_process import API_TOKEN, RunnerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
MOST = 5
TOO_MANY = 25
MESSAGE: list[dict[str, Any]] = [
    {"hears": "press 1"},
    {"presses": "2"},
    {"hears": "beep"},
    {"says": "Hi."},
    {"presses": "#"},
]


async def series(runner: RunnerProcess, name: str) -> dict[tuple[str, ...], float]:
    """By the values of its labels, sorted by their names."""
    answer = await runner.client.get("/metrics", headers={"Authorization": f"Bearer {API_TOKEN}"})
    assert answer.status_code == 200
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == name
    }


async def rung(platform: Line, count: int) -> list[str]:
    ids: list[str] = []

    async def ring() -> None:
        ids.append(await platform.ring(NUMBER, *MESSAGE))

    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(ring)
    return ids


async def test_calls_above_the_cap_are_told_so_and_counted_and_those_that_live_notice_nothing(tmp_path: Path) -> None:
    more: dict[str, Any] = {"flows": str(OWN_FLOWS), "capacity": {"runs": MOST}}
    async with pair(tmp_path, {NUMBER: "switchboard"}, speed=3, **more) as (platform, runner):
        taken = await rung(platform, MOST)
        for call_id in taken:
            await platform.until_heard(call_id, "press 1")
        refused = await rung(platform, TOO_MANY)
        for call_id in refused:
            call = await platform.until_ended(call_id)
            assert heard(call) == ["All lines are busy. Please call again later. Good bye."]
            assert call["commands"] == []
        for call_id in taken:
            call = await platform.until_ended(call_id)
            assert heard(call)[-1].startswith("Thank you. We listen"), heard(call)
            assert not heard_twice(call)
        # Nobody is lost from the account: who rang has a run, or is counted as turned away.
        assert await series(runner, "offhook_runs_started_total") == {("inbound",): MOST}
        assert await series(runner, "offhook_shed_total") == {("runs", "call"): TOO_MANY}
        assert len(await platform.calls()) == len(runner.rows()) + TOO_MANY == MOST + TOO_MANY

        async def ready() -> bool:
            return (await runner.client.get("/readyz")).status_code == 200

        await until(ready)
        later = await platform.ring(NUMBER, *MESSAGE)
        assert heard(await platform.until_ended(later))[-1].startswith("Thank you. We listen")
        await until(lambda: all(row.status == "ended" for row in runner.rows()))
        rows = runner.rows()
    assert {(row.status, row.end_reason) for row in rows} == {("ended", "hangup")}
    assert len(rows) == MOST + 1
    assert f"new calls are taken again; turned away meanwhile: {TOO_MANY}" in runner.log
