"""A runner process that fetches: what is asked, what is heard meanwhile, and what a crash or a hang-up leaves of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import pytest

from tests.e2e.line import heard, heard_twice
from tests.e2e.pair import Pair, pair
from tests.e2e.polling import until
from tests.unit.calling.loopback import Does, Platform, http, platform

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
FLOW = """
flow: balance
language: 1
uses: {api: url}
vars: {elsewhere: "http://127.0.0.1:9"}
start: lookup
steps:
  lookup:
    fetch:
      method: POST
      url: "${{ URL }}/balance"
      headers: {X-Tenant: "${{ call.to }}"}
      json: {caller: "${{ call.from }}"}
      timeout: 10s
      retry: {times: 2, backoff: 100ms}
      returns: {balance: int}
      filler: {after: 200ms, play: "One moment, please."}
    next: {ok: tell, failed: sorry, otherwise: sorry}
  tell:
    play: "Your balance is ${{ steps.lookup.body.balance }}."
    next: bye
  sorry:
    play: "Sorry. ${{ steps.lookup.outcome }}."
    next: bye
  bye:
    end: hangup
finally:
  - fetch: {method: POST, url: "${{ uses.api }}/ended", json: {reason: "${{ run.end_reason }}"}}
"""
BALANCE = http(200, b'{"balance": 7, "more": [1, 2]}')
ENDED = http(204)


class Here(NamedTuple):
    pair: Pair
    api: Platform

    async def call(self) -> dict[str, Any]:
        """One call from its beginning to the end of its run."""
        call_id = await self.pair.platform.ring(NUMBER)
        call = await self.pair.platform.until_ended(call_id)
        await self.pair.runner.until_all_ended(1)
        return call


@asynccontextmanager
async def here(
    folder: Path, *script: Does, url: str = "uses.api", fetch: Mapping[str, Any] | None = None
) -> AsyncIterator[Here]:
    (folder / "balance.flow.yaml").write_text(FLOW.replace("URL", url))
    async with platform(*script) as api:
        base = f"http://{api.space}"
        given = {"private": [base]} if fetch is None else fetch
        routes = {NUMBER: "balance"}
        async with pair(folder, routes, flows=".", uses={"api": base}, fetch=given, presence="1s") as running:
            yield Here(running, api)


def keys(api: Platform) -> list[str]:
    lines = [line for request in api.requests for line in request.decode().split("\r\n")]
    return [line.partition(":")[2].strip() for line in lines if line.lower().startswith("idempotency-key:")]


async def test_fetch_reply_is_told_and_the_end_reported(tmp_path: Path) -> None:
    async with here(tmp_path, BALANCE, ENDED) as at:
        call = await at.call()
    assert heard(call)[-1] == "Your balance is 7."
    first, last = at.api.requests
    assert first.startswith(b"POST /balance HTTP/1.1\r\n")
    assert f"x-tenant: {NUMBER}\r\n".encode() in first.lower()
    assert first.endswith(b'{"caller":"+15550177"}')
    assert last.startswith(b"POST /ended HTTP/1.1\r\n")
    assert last.endswith(b'{"reason":"hangup"}')
    assert len(set(keys(at.api))) == 2


async def test_fetch_that_takes_long_is_passed_by_the_filler(tmp_path: Path) -> None:
    """The prompt is sent while the request is under way."""
    slow = Does(sends=BALANCE.sends, drips=20)
    async with here(tmp_path, slow, ENDED) as at:
        call = await at.call()
    assert heard(call) == ["One moment, please.", "Your balance is 7."]


async def test_fetch_is_tried_again_with_the_same_key(tmp_path: Path) -> None:
    async with here(tmp_path, http(503), Does(then="reset"), BALANCE, ENDED) as at:
        call = await at.call()
    assert heard(call)[-1] == "Your balance is 7."
    first, second, third, end = keys(at.api)
    assert first == second == third != end


async def test_fetch_under_way_at_a_crash_is_sent_again_with_the_same_key(tmp_path: Path) -> None:
    async with here(tmp_path, Does(then="silent"), BALANCE, ENDED) as at:
        call_id = await at.pair.platform.ring(NUMBER)
        await at.api.asked.wait()
        at.pair.runner.kill()
        await at.pair.runner.start()
        call = await at.pair.platform.until_ended(call_id)
        await at.pair.runner.until_all_ended(1)
    assert heard(call)[-1] == "Your balance is 7."
    assert heard_twice(call) == []
    first, second, end = keys(at.api)
    assert first == second != end


async def test_fetch_under_way_at_a_hangup_is_given_up_and_finally_runs(tmp_path: Path) -> None:
    async with here(tmp_path, Does(then="silent"), ENDED) as at:
        call_id = await at.pair.platform.ring(NUMBER)
        await at.api.asked.wait()
        await at.pair.platform.act(call_id, hangs_up=True)
        with anyio.fail_after(9):
            await until(lambda: len(at.api.requests) == 2)
        (row,) = await at.pair.runner.until_all_ended(1)
    assert at.api.requests[1].startswith(b"POST /ended ")
    assert row.end_reason == "hangup"


async def test_fetch_from_a_host_that_a_variable_names_is_refused(tmp_path: Path) -> None:
    async with here(tmp_path, ENDED, url="vars.elsewhere") as at:
        call = await at.call()
        said = at.pair.runner.log
    assert heard(call) == ["Sorry. failed."]
    assert "the environment does not allow http://127.0.0.1:9;" in said


async def test_flow_that_fetches_from_a_host_that_is_not_allowed_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "other.flow.yaml").write_text("flow: other\nlanguage: 1\nstart: bye\nsteps:\n  bye:\n    end: hangup\n")
    async with here(tmp_path, fetch={}) as at:
        # It is ready a moment before it says what it serves.
        await until(lambda: "serves other" in at.pair.runner.log)
        said = at.pair.runner.log
    assert "flow balance is not served: step lookup of flow balance: the environment does not allow http://127" in said
