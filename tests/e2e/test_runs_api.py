"""The runner's own HTTP API: POST /runs, GET /runs, and whether it is well."""

from pathlib import Path
from typing import Any

import pytest

from engine.cli import shipped
from tests.e2e.line import heard
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.runner_process import API_TOKEN

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
ROUTES = {"+15550100": "switchboard"}
CALLEE = "+15550178"
INPUTS = {"name": "Kim", "date": "Tuesday", "time": "half past nine"}
WANTED: dict[str, Any] = {"flow": "appointment", "to": CALLEE, "inputs": INPUTS}
OWN = sorted(path.name.partition(".")[0] for path in OWN_FLOWS.glob("*.flow.yaml"))
BEARER = {"Authorization": f"Bearer {API_TOKEN}"}


async def test_request_that_is_not_allowed_or_not_right_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS)) as (platform, runner):
        refused = {
            "no bearer": (WANTED, {}, 401, "OFFHOOK_API_TOKEN"),
            "wrong bearer": (WANTED, {"Authorization": "Bearer x"}, 401, "OFFHOOK_API_TOKEN"),
            "another scheme": (WANTED, {"Authorization": f"Basic {API_TOKEN}"}, 401, "Bearer"),
            "a list": ([WANTED], BEARER, 400, "object"),
            "unknown key": ({**WANTED, "fl": 1}, BEARER, 400, "Not known: fl"),
            "no flow": ({"to": CALLEE}, BEARER, 400, "`flow`"),
            "no number": ({"flow": "appointment", "inputs": INPUTS}, BEARER, 400, "`to`"),
            "no such number": ({**WANTED, "to": "kim"}, BEARER, 400, "country code"),
            "unknown flow": ({**WANTED, "flow": "x"}, BEARER, 404, f"Served: {', '.join(OWN)}"),
            "inbound flow": ({**WANTED, "flow": "switchboard", "inputs": {}}, BEARER, 404, "makes none"),
            "inputs a list": ({**WANTED, "inputs": []}, BEARER, 400, "`inputs`"),
            "unknown input": ({**WANTED, "inputs": {**INPUTS, "age": 3}}, BEARER, 400, "no input `age`"),
            "wrong input": ({**WANTED, "inputs": {**INPUTS, "name": 3}}, BEARER, 400, "`name` wants string"),
            "null input": ({**WANTED, "inputs": {**INPUTS, "name": None}}, BEARER, 400, "`name` wants string"),
            "huge input": ({**WANTED, "inputs": {**INPUTS, "name": 10**30}}, BEARER, 400, "`name` wants string"),
            "missing inputs": ({**WANTED, "inputs": {"name": "Kim"}}, BEARER, 400, "Missing inputs: date, time"),
        }
        for name, (body, headers, status, said) in refused.items():
            answer = await runner.client.post("/runs", json=body, headers=headers)
            assert (answer.status_code, said in answer.text) == (status, True), (name, answer.text)
        garbage = await runner.client.post("/runs", content=b"\xff{", headers=BEARER)
        assert garbage.status_code == 400
        assert await platform.calls() == []
        assert (await runner.client.get("/runs")).status_code == 401
        assert (await runner.client.get("/runs/x", headers=BEARER)).status_code == 404
        for limit in ("0", "x", "100000", "-1"):
            assert (await runner.client.get(f"/runs?limit={limit}", headers=BEARER)).status_code == 400


async def test_runner_without_a_token_takes_no_requests_for_runs(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS), more={"OFFHOOK_API_TOKEN": ""}) as (_, runner):
        for bearer in ({}, {"Authorization": "Bearer"}, BEARER):
            answer = await runner.client.post("/runs", json=WANTED, headers=bearer)
            assert answer.status_code == 403
            assert "OFFHOOK_API_TOKEN is not set" in answer.json()["error"]


async def test_same_idempotency_key_is_one_call_and_shows_up_in_the_lists(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS), speed=8) as (platform, runner):
        await platform.callee(CALLEE, {"hears": "To confirm"}, {"presses": "1"})
        asked = [
            await runner.client.post("/runs", json=WANTED, headers={**BEARER, "Idempotency-Key": "k1"}) for _ in "ab"
        ]
        assert [answer.status_code for answer in asked] == [202, 202]
        assert asked[0].json() == asked[1].json()
        run_id = asked[0].json()["run"]
        (live,) = (await runner.client.get("/runs", headers=BEARER)).json()["runs"]
        assert (live["run"], live["flow"]) == (run_id, "appointment")
        await runner.until_all_ended(1)
        (call,) = await platform.calls()
        assert heard(await platform.call(call["call_id"]))[-1].startswith("Thank you, Kim.")
        again = await runner.client.post("/runs", json=WANTED, headers={**BEARER, "Idempotency-Key": "k1"})
        assert (again.status_code, again.json()["run"]) == (202, run_id)
        shown = (await runner.client.get(f"/runs/{run_id}", headers=BEARER)).json()
        assert (shown["status"], shown["end_reason"], shown["flow"]) == ("ended", "hangup", "appointment")
        others = {"to": "+15550179", "from": "+15550101", "inputs": {**INPUTS, "name": "Pat"}}
        for name, value in others.items():
            other = {**WANTED, name: value}
            refused = await runner.client.post("/runs", json=other, headers={**BEARER, "Idempotency-Key": "k1"})
            assert (refused.status_code, f"another `{name}`" in refused.json()["error"]) == (409, True), refused.text
            assert run_id in refused.json()["error"]
        assert len(await platform.calls()) == 1


async def test_health_and_readiness_say_what_is_served(tmp_path: Path) -> None:
    """All the flows that are shipped can be."""
    async with pair(tmp_path, {"+15550100": "reception"}) as (_, runner):
        assert (await runner.client.get("/healthz")).json() == {"alive": True}
        ready = await runner.client.get("/readyz")
    assert ready.status_code == 200
    facts = ready.json()
    assert facts.pop("loop_lag_ms") < 500
    assert facts == {
        "ready": True,
        "environment": "test",
        "draining": False,
        "shedding": "",
        "space": "ok",
        "webhooks": "once_signed",
        "journal": "ok",
        "runs": 0,
        "flows": shipped.known(),
        "broken": [],
    }
