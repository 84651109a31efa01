"""Does the space answer, and take our token? Known from the beginning, before any call."""

import logging

import anyio
import httpx
import pytest

from engine.calling.client import CallingClient
from engine.runner import reach
from engine.runner.reach import Reach
from tests.e2e.polling import until

pytestmark = pytest.mark.anyio


class Space:
    """Answers with its `status`; without one nobody is there."""

    def __init__(self, status: int | None) -> None:
        self.status = status

    def client(self) -> CallingClient:
        return CallingClient(project="p", token="t", space="platform.example", transport=httpx.MockTransport(self))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.status is None:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(self.status, json={})


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(200, ""), (404, ""), (403, ""), (500, ""), (401, "refuses the API token"), (None, "does not answer")],
)
async def test_one_question_tells_what_is_wrong_at_the_start(status: int | None, trouble: str) -> None:
    async with Space(status).client() as client:
        await client.probe()
        assert client.trouble == trouble


async def test_space_that_has_answered_is_given_three_tries() -> None:
    space = Space(200)
    async with space.client() as client:
        await client.probe()
        space.status = None
        told = []
        for _ in range(3):
            await client.probe()
            told.append(client.trouble)
        assert told == ["", "", "does not answer"]
        space.status = 200
        await client.probe()
        assert not client.trouble


async def test_trouble_is_told_with_what_to_do_and_its_end_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reach, "_TICK_S", 0.01)
    caplog.set_level(logging.INFO, "offhook.runner")
    space = Space(None)
    async with space.client() as client, anyio.create_task_group() as tasks:
        tasks.start_soon(Reach(client).run)
        await until(lambda: len(caplog.records) == 1)
        space.status = 401
        await until(lambda: len(caplog.records) == 2)
        space.status = 200
        await until(lambda: len(caplog.records) == 3)
        tasks.cancel_scope.cancel()
    gone, refused, back = [record.getMessage() for record in caplog.records]
    assert gone.startswith("the space does not answer: are its name and the way to it right?")
    assert refused.startswith("the space refuses the API token: are SIGNALWIRE_PROJECT_ID and")
    assert back == "the space answers again"
