"""A dial of which nobody knows whether it was carried out is never sent again: nobody is rung twice."""

from pathlib import Path

import pytest

from engine.exchange.faults import AnswerFault, Fault
from engine.exchange.options import ExchangeOptions
from engine.journal.base import RunRow
from tests.e2e.hosted import API_TOKEN, Hosted, hosted
from tests.e2e.line import Line, commands, line
from tests.e2e.polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
CALLEE = "+15550178"
FLOW = """
flow: ring
language: 1
outbound: {from: "+15550100", timeout: 1}
start: hello
steps:
  hello: {play: "Hello.", next: bye}
  bye: {end: hangup}
"""
SPEED = 4
EXECUTED: list[AnswerFault] = ["reset", "execute_hang", "execute_500"]
NOT_EXECUTED: list[AnswerFault] = ["hang", "500", "html"]


async def rung(folder: Path, monkeypatch: pytest.MonkeyPatch, *do: AnswerFault) -> tuple[RunRow, list[list[str]]]:
    """The run of one POST /runs, and the commands of each leg that there has been, long after it."""
    file = folder / "ring.flow.yaml"
    file.write_text(FLOW)
    # A second dial would be carried out.
    faults = tuple(Fault(kind="dial", do=one, nth=number) for number, one in enumerate(do, 1))
    options = ExchangeOptions(faults=faults)
    async with (
        line(project="p", token="t", options=options, speed=SPEED) as platform,
        hosted(monkeypatch, [file], {}, space=platform.space, speed=SPEED * 5, request_ms=300) as site,
    ):
        await platform.callee(CALLEE)
        asked = {"flow": "ring", "to": CALLEE}
        answer = await site.client.post("/runs", json=asked, headers={"Authorization": f"Bearer {API_TOKEN}"})
        assert answer.status_code == 202, answer.text
        row = await ended(site)
        return row, await legs(platform)


async def ended(site: Hosted) -> RunRow:
    await until(lambda: bool(site.journal.runs(status="ended")), longest_s=15)
    (row,) = site.journal.runs()
    return row


async def legs(platform: Line) -> list[list[str]]:
    return [commands(await platform.call(call["call_id"])) for call in await platform.calls()]


@pytest.mark.parametrize("do", EXECUTED)
async def test_dial_that_was_carried_out_and_not_answered_for_rings_once_and_the_run_goes_on(
    do: AnswerFault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, rang = await rung(tmp_path, monkeypatch, do)
    assert [leg[-2:] for leg in rang] == [["calling.play", "calling.end"]]
    assert row.end_reason == "hangup"


@pytest.mark.parametrize("do", NOT_EXECUTED)
async def test_dial_that_was_not_carried_out_as_far_as_anybody_knows_is_given_up(
    do: AnswerFault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, rang = await rung(tmp_path, monkeypatch, do)
    assert (row.end_reason, rang) == ("lost", [])


async def test_dial_that_was_held_back_by_the_rate_is_sent_again_and_rings_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, rang = await rung(tmp_path, monkeypatch, "429", "429")
    assert [leg[-2:] for leg in rang] == [["calling.play", "calling.end"]]
    assert row.end_reason == "hangup"
