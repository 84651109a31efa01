"""A call that leaves for SWML and comes back, and signals to its run, over real HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.journal.reader import open_reader
from engine.model.ids import ControlId, inbound_run_id
from engine.wire.callback_url import resume_url, token
from tests.e2e.line import heard
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.runner_process import API_TOKEN, RunnerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
ROUTES = {NUMBER: "elsewhere"}
BEARER = {"Authorization": f"Bearer {API_TOKEN}"}


async def test_call_comes_back_with_what_swml_brought_and_each_way_once(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS), signing_key="key") as (platform, _):
        call_id = await platform.ring(NUMBER)
        call = await platform.until_heard(call_id, "You are back with 42.")
        assert any("You are elsewhere." in line for line in heard(call))
        await platform.act(call_id, hangs_up=True)
        await platform.until_ended(call_id)


async def test_way_back_that_is_forged_used_or_anothers_is_refused(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS)) as (platform, runner):
        call_id = await platform.ring(NUMBER)
        await platform.until_heard(call_id, "You are back with 42.")
        way, body = ways(runner, call_id)
        asked: list[tuple[str, Any, int]] = [
            (way("back"), body(), 410),
            (way("other"), body(), 410),
            (way("back")[:-3] + "xyz", body(), 404),
            ("/calls/resume/" + webhook_token(runner, call_id), body(), 404),
            (way("back"), body(call_id="5d9b2ad4-0000-4000-8000-000000000001"), 403),
            (way("back", run="i" + "a" * 20), body(), 404),
            (way("back"), b"{", 400),
            (way("back"), {"call": {}}, 400),
        ]
        for path, given, status in asked:
            content = given if isinstance(given, bytes) else json.dumps(given).encode()
            answer = await runner.client.post(path, content=content)
            assert answer.status_code == status, (path, answer.text)
        assert (await platform.call(call_id))["state"] == "answered"


def ways(runner: RunnerProcess, call_id: str) -> tuple[Any, Any]:
    key = key_of(runner)

    def way(outcome: str, *, run: str = "") -> str:
        control = ControlId(f"{run or inbound_run_id(call_id)}.0.away.1.1.excursion")
        return resume_url("", key, control, outcome)

    def body(**call: str) -> dict[str, Any]:
        return {"call": {"call_id": call_id, **call}, "vars": {}, "params": {"answer": "43"}}

    return way, body


def key_of(runner: RunnerProcess) -> bytes:
    reader = open_reader(runner.journal)
    reader.close()
    return reader.callback_key


def webhook_token(runner: RunnerProcess, call_id: str) -> str:
    """A token for webhooks is no way back, even if it bears an outcome."""
    return token(key_of(runner), ControlId(f"{inbound_run_id(call_id)}.0.away.1.1.excursion.back"))


async def test_signal_reaches_the_run_that_waits_for_it(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS)) as (platform, runner):
        call_id = await platform.ring(NUMBER)
        await platform.until_heard(call_id, "You are back with 42.")
        url = f"/runs/{inbound_run_id(call_id)}/signals"
        good = {"text": "The doctor comes", "minutes": 5}
        refused: list[tuple[str, Any, dict[str, str], int, str]] = [
            (f"{url}/note", good, {}, 401, "Bearer"),
            (f"{url}/noet", good, BEARER, 404, "declares no signal `noet`. Declared: note."),
            (f"/runs/{'i' + 'a' * 20}/signals/note", good, BEARER, 404, "no run"),
            (f"{url}/note", {"text": "x"}, BEARER, 400, "missing: minutes"),
            (f"{url}/note", {**good, "more": 1}, BEARER, 400, "unknown: more"),
            (f"{url}/note", {**good, "minutes": "5"}, BEARER, 400, "`minutes` must be int"),
            (f"{url}/note", [1], BEARER, 400, "object"),
        ]
        for path, given, headers, status, said in refused:
            answer = await runner.client.post(path, json=given, headers=headers)
            assert (answer.status_code, said in answer.text) == (status, True), answer.text
        assert (await runner.client.post(f"{url}/note", json=good, headers=BEARER)).status_code == 202
        await platform.until_heard(call_id, "The doctor comes in 5 minutes.")
        await platform.act(call_id, hangs_up=True)
        await platform.until_ended(call_id)
