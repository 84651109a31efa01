"""Every byte that is written during a run: journal and its log, output, answers, exports, tracebacks. None of them tells a
credential, a webhook's token, or what a caller has entered, not even when something of ours goes wrong meanwhile."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.journal.reader import open_reader
from engine.journal.sealing import new_key
from engine.model.ids import ControlId, inbound_run_id
from engine.sandbox.service import TOKEN
from engine.wire.callback_url import token
from engine.wire.signature import sign
from tests.e2e.accounts import accounts
from tests.e2e.pair import pair
from tests.e2e.test_secrets import NAME, NUMBER, PIN, document, show, written

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
SIGNING, BEARER, GUESS = "PSK_a1b2c3d4e5f6", "bearer-9f8e7d6c5b", "guessed-0011223344"
BROKEN = """
import sys
from engine.interpret import guard
whole = guard.advance
def broken(graph, state, event):
    if type(event).__name__ in ("OperationReported", "Fetched"):
        raise ZeroDivisionError(f"made up: {event!r} of {state!r}")
    return whole(graph, state, event)
from engine.wire import webhooks
decode = webhooks.decode
def failing(body, *rest):
    if b"break it" in body:
        raise ZeroDivisionError(f"made up: {body!r}")
    return decode(body, *rest)
if "broken" in sys.argv[2:]:
    guard.advance = broken
webhooks.decode = failing
from engine.cli import main
sys.argv = ["offhook", "run", "--log-level", "debug", sys.argv[1]]
main()
"""
"""A runner that is wrong: an exception of ours that quotes everything that it has, in a run and in the HTTP side."""


def told(data: bytes, secrets: Mapping[str, str]) -> list[str]:
    return [name for name, secret in secrets.items() if secret.lower().encode() in data.lower()]


async def test_no_byte_tells_a_credential_a_token_or_a_pin(tmp_path: Path) -> None:
    key = new_key()
    secrets = {
        "signing key": SIGNING,
        "bearer token": BEARER,
        "guessed bearer": GUESS,
        "secret key": key.rpartition(":")[2],
        "API token": TOKEN,
        "PIN": PIN,
        "name": NAME,
    }
    more = {"OFFHOOK_SECRET_KEY": key, "OFFHOOK_API_TOKEN": BEARER}
    with accounts(reply={"ok": True}) as (url, bodies):
        async with pair(
            tmp_path, {NUMBER: "account"}, signing_key=SIGNING, tries=5, more=more, **document(tmp_path, url)
        ) as (platform, runner):
            runner.kill()
            await runner.start([sys.executable, "-c", BROKEN, str(runner.environment_file)])
            caller = [{"hears": "your name"}, {"says": NAME}, {"hears": "Enter your PIN"}, {"presses": PIN}]
            call_id = await platform.ring(NUMBER, *caller)
            await platform.until_heard(call_id, "digits.")
            reader = open_reader(runner.journal)
            reader.close()
            path = "/webhooks/" + token(reader.callback_key, ControlId(f"{inbound_run_id(call_id)}.call"))
            secrets["webhook's token"] = path.rpartition(".")[2]
            breaks = b'{"break it": "' + PIN.encode() + b'"}'
            broke = await runner.client.post(path, content=breaks, headers=sign(SIGNING, runner.url + path, breaks))
            kept = {"while it lives": written(tmp_path)}
            runner.kill()
            await runner.start([sys.executable, "-c", BROKEN, str(runner.environment_file), "broken"])
            second = await platform.ring(NUMBER, *caller)
            await platform.until_heard(second, "your name")
            answers = [broke, await runner.client.get("/readyz"), await runner.client.get("/metrics")]
            for given in (GUESS, BEARER):
                answers.append(await runner.client.get("/runs", headers={"Authorization": f"Bearer {given}"}))
            answers.append(await runner.client.post("/calls/resume/" + path.rpartition("/")[2], json={"call": {}}))
            await platform.act(second, hangs_up=True)
            rows = runner.rows()
            shown = [await show("show", row.run_id, "-j", str(runner.journal), keys=key) for row in rows]
            runner.kill()
            kept["afterwards"] = written(tmp_path)
    assert bodies[0] == {"pin": PIN, "name": NAME}, "they did come in"
    assert "Traceback" in runner.log or "ZeroDivisionError" in runner.log
    assert "a fault of ours" in runner.log
    assert broke.status_code == 500
    for when, files in kept.items():
        assert {name: told(data, secrets) for name, data in files.items() if told(data, secrets)} == {}, when
    for answer in answers:
        assert told(answer.content + json.dumps(dict(answer.headers)).encode(), secrets) == []
    for one in shown:
        assert told((one.stdout + one.stderr).encode(), secrets) == []


async def test_status_page_tells_nobody_who_calls(tmp_path: Path) -> None:
    with accounts() as (url, _):
        async with pair(
            tmp_path, {NUMBER: "account"}, more={"OFFHOOK_SECRET_KEY": new_key()}, **document(tmp_path, url)
        ) as (platform, runner):
            call_id = await platform.ring(NUMBER, from_="+15550166")
            await platform.until_heard(call_id, "your name")
            pages = [await runner.client.get(path) for path in ("/readyz", "/healthz", "/metrics", "/runs", "/")]
            for page in pages:
                for personal in ("15550166", "15550100", call_id, inbound_run_id(call_id)):
                    assert personal not in page.text, page.url
