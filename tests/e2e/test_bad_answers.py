"""Bad answers of the API, through the whole runner: the flow's outcome or handler, and the other calls go on."""

import logging
from typing import NamedTuple

import anyio
import pytest
from starlette.responses import Response

from engine.runner import sending
from tests.e2e.fake_platform import Answer, fake_platform, refusal
from tests.e2e.hosted import hosted
from tests.e2e.pair import OWN_FLOWS
from tests.e2e.ports import HOST, reserved

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
ROUTES = {NUMBER: "answers"}
FLOW = OWN_FLOWS / "answers.flow.yaml"
BAD, GOOD = "bad-call", "good-call"

FINISHED = ["calling.play 0.hello.1.1.play", "calling.end"]
NAMED = ["calling.play 0.hello.1.1.play", "calling.play 0.named.1.1.play", "calling.end"]
LOST = [
    "calling.play 0.hello.1.1.play",
    "calling.play.stop 0.hello.1.1.play",
    "calling.play 0.sorry.1.1.play",
    "calling.end",
]
SORRY = ["calling.play 0.hello.1.1.play", "calling.play 0.sorry.1.1.play", "calling.end"]


async def never() -> Response:
    await anyio.sleep_forever()
    raise AssertionError


def html() -> Response:
    return Response("<html><body>Welcome to the gateway</body></html>", media_type="text/html")


class Case(NamedTuple):
    """`said` is in the log, unless it is empty: then no line of the log is about it."""

    answer: Answer
    commands: list[str]
    end_reason: str
    said: str


CASES = {
    "401": Case(lambda n: refusal(401, "unauthorized"), NAMED, "hangup", "check SIGNALWIRE_PROJECT_ID"),
    "403": Case(lambda n: refusal(403, "forbidden"), NAMED, "hangup", "Voice scope"),
    "404": Case(lambda n: refusal(404, "not_found"), FINISHED[:1], "hangup", "gone (404 not_found)"),
    "422": Case(lambda n: refusal(422, "invalid_parameter"), NAMED, "hangup", "rejected (422 invalid_parameter)"),
    "422 too early": Case(lambda n: refusal(422, "call_not_answered") if n < 3 else None, FINISHED, "hangup", ""),
    "429 then ok": Case(lambda n: refusal(429, "rate_limited") if n < 3 else None, FINISHED, "hangup", ""),
    "500 then ok": Case(lambda n: Response("oops", 500) if n < 3 else None, FINISHED, "hangup", ""),
    "500 for ever": Case(lambda n: Response("oops", 500), SORRY, "hangup", "calling.play: unavailable ("),
    "timeout": Case(lambda n: never(), LOST, "hangup", "nobody knows whether it was carried out"),
    "HTML": Case(lambda n: html(), LOST, "hangup", "not the platform's answer"),
    "null": Case(lambda n: None, FINISHED, "hangup", ""),
    "an empty 200": Case(lambda n: Response(), LOST, "hangup", ""),
}


@pytest.mark.parametrize("name", CASES)
async def test_bad_answer_takes_the_flows_outcome_or_handler_and_other_calls_go_on(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case = CASES[name]
    caplog.set_level(logging.WARNING, "offhook")
    monkeypatch.setattr(sending, "_ARRIVAL_PAUSES_S", (0.01, 0.02, 0.04))
    async with fake_platform() as platform, hosted(monkeypatch, [FLOW], ROUTES, space=platform.space) as site:
        platform.bad[BAD, ".hello."] = case.answer
        await site.arrive(BAD, NUMBER)
        await site.arrive(GOOD, NUMBER)
        assert (await site.until_ended(GOOD)).end_reason == "hangup"
        row = await site.until_ended(BAD)
    assert platform.of(GOOD) == FINISHED
    assert platform.of(BAD) == case.commands
    assert row.end_reason == case.end_reason
    lines = [f"{record.levelname} {record.getMessage()}" for record in caplog.records]
    assert [line for line in lines if case.said in line] if case.said else lines == []
    assert "hush" not in caplog.text


async def test_no_platform_at_all_run_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with reserved() as nobody:
        async with hosted(monkeypatch, [FLOW], ROUTES, space=f"{HOST}:{nobody}") as site:
            await site.arrive(BAD, NUMBER)
            row = await site.until_ended(BAD)
    assert row.end_reason == "error"
    assert "unavailable (unreachable): no connection; check the environment's `space`" in caplog.text
