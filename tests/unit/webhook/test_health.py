"""Health and metrics over a pretended runner, and tokens that are replaced."""

import httpx
import pytest

from engine.webhook.app import WebhookApp
from tests.unit.webhook.test_app import PLAYING, URL, Pretended, served

pytestmark = pytest.mark.anyio


async def test_health_is_whether_it_makes_headway() -> None:
    async with served() as (intake, client):
        assert ((found := await client.get("/healthz")).status_code, found.json()) == (200, {"alive": True})
        intake.known = False
        assert ((found := await client.get("/healthz")).status_code, found.json()) == (503, {"alive": False})


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("Bearer wrong", 401), ("Bearer m1", 200), ("Bearer m2", 200), ("Bearer a", 200)]
)
async def test_metrics_want_a_token_of_theirs_or_of_the_api(token: str, status: int) -> None:
    app = WebhookApp(Pretended(), public_url=URL, api_token="a", metrics_token="m1 m2")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://runner.internal") as client:
        found = await client.get("/metrics", headers={"Authorization": token})
        assert found.status_code == status
        assert (b"offhook_ready" in found.content) == (status == 200)
        assert (await client.get("/runs", headers={"Authorization": "Bearer m1"})).status_code == 401


async def test_metrics_are_nobodys_without_a_token() -> None:
    app = WebhookApp(Pretended(), public_url=URL)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://runner.internal") as client:
        assert (await client.get("/metrics", headers={"Authorization": "Bearer "})).status_code == 401


async def test_token_is_replaced_while_it_serves() -> None:
    app = WebhookApp(Pretended(), public_url=URL, api_token="old")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://runner.internal") as client:
        for tokens, old, new in (("old new", 200, 200), ("new", 401, 200)):
            app.keys.replace("", tokens, "")
            found = [
                (await client.get("/runs", headers={"Authorization": f"Bearer {one}"})).status_code
                for one in ("old", "new")
            ]
            assert found == [old, new]


async def test_every_webhook_is_counted_by_its_status() -> None:
    async with served() as (intake, client):
        await client.post("/webhooks/good", json=PLAYING)
        await client.post("/webhooks/bad", json=PLAYING)
        await client.post("/webhooks/good", content=b"{")
        assert intake.statuses == [200, 404, 400]
