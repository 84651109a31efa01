"""A real runner process, a PIN and a name: what it writes anywhere says neither, and a change of keys loses nothing."""

import subprocess
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest

from engine.journal.sealing import new_key
from tests.e2e.accounts import accounts
from tests.e2e.line import commands, heard
from tests.e2e.pair import pair
from tests.e2e.runner_process import RunnerProcess, offhook, variables

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER, PLAIN = "+15550100", "+15550101"
PIN, SPOKEN, NAME = "7351902846", "sevenfiftythree oh nine", "Quirina Zweifelhofer"
FLOW = """
flow: account
language: 1
uses: {accounts: url}
start: tape
steps:
  tape:
    record: {initial_timeout: 0, end_silence_timeout: 0}
    background: true
    next: name
  name:
    ask: {prompt: "What is your name?", speech: {}, private: true}
    next: {speech: pin, otherwise: bye}
  pin:
    ask:
      prompt: "Hello ${{ steps.name.value }}. Enter your PIN."
      digits: {max: 10}
      speech: {}
      secret: true
      accept: {digits: '^[0-9]{10}$', speech: '^nothing$'}
    next: {digits: lookup, otherwise: bye}
  lookup:
    fetch:
      method: POST
      url: "${{ uses.accounts }}/pin"
      json: {pin: "${{ steps.pin.value }}", name: "${{ steps.name.value }}"}
    next: {ok: thanks, otherwise: bye}
  thanks:
    play: ["Thank you, ${{ steps.name.value }}.", "That were ${{ size(steps.pin.value) }} digits."]
    next: bye
  bye: {end: hangup}
"""
OTHER = """
flow: plain
language: 1
start: bye
steps:
  bye: {end: hangup}
"""
OLD, NEW = new_key("1"), new_key("2")


def flows(folder: Path) -> str:
    there = folder / "flows"
    there.mkdir()
    (there / "account.flow.yaml").write_text(FLOW)
    (there / "plain.flow.yaml").write_text(OTHER)
    return str(there)


def document(folder: Path, url: str) -> dict[str, Any]:
    return {"flows": flows(folder), "uses": {"accounts": url}, "fetch": {"private": [url]}, "presence": "1s"}


async def run_again(runner: RunnerProcess, keys: str) -> None:
    runner.more = {**runner.more, "OFFHOOK_SECRET_KEY": keys}
    await runner.start(offhook("run", "--log-level", "debug", runner.environment_file))


async def show(*arguments: str, keys: str = "") -> subprocess.CompletedProcess[str]:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            offhook("runs", *arguments),
            capture_output=True,
            text=True,
            env=variables(OFFHOOK_SECRET_KEY=keys),
            check=False,
        )

    return await anyio.to_thread.run_sync(run)


def written(folder: Path) -> dict[str, bytes]:
    """Every byte of the runner's files: journal, its log of writes, the process's output."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "flows" not in path.parts}


def told(data: bytes) -> list[str]:
    """What of the secrets stands in there, in whichever case; also a part of the name."""
    return [one for one in (PIN, SPOKEN, NAME, "Zweifel", "sevenfifty") if one.lower().encode() in data.lower()]


async def test_nothing_that_is_written_tells_a_pin_or_a_name_over_a_crash_and_a_change_of_keys(tmp_path: Path) -> None:
    with accounts() as (url, bodies):
        async with pair(
            tmp_path, {NUMBER: "account"}, tries=20, more={"OFFHOOK_SECRET_KEY": OLD}, **document(tmp_path, url)
        ) as (platform, runner):
            call_id = await platform.ring(NUMBER, {"hears": "your name"}, {"says": NAME})
            await platform.until_heard(call_id, "Enter your PIN")
            await platform.act(call_id, says=SPOKEN)
            await platform.until(call_id, lambda call: sum("PIN" in line for line in heard(call)) == 2)
            runner.kill()
            kept = [written(tmp_path)]
            await run_again(runner, f"{NEW},{OLD}")
            await platform.act(call_id, presses=PIN)
            call = await platform.until_ended(call_id)
            (row,) = await runner.until_all_ended(1)
            kept.append(written(tmp_path))
            shown = await show("show", row.run_id, "--journal", str(runner.journal), keys=f"{OLD},{NEW}")
            as_json = await show("show", row.run_id, "-j", str(runner.journal), "--format", "json", keys=f"{NEW},{OLD}")
            answer = await runner.client.get(f"/runs/{row.run_id}", headers={"Authorization": "Bearer runs-please"})
    assert bodies == [{"pin": PIN, "name": NAME}]
    assert f"Thank you, {NAME}." in heard(call), "what is spoken is the name, without marks"
    assert [one for one in commands(call) if one.startswith("calling.record")] == [
        "calling.record",
        "calling.record.pause",
        "calling.record.resume",
    ]
    for files in kept:
        assert "test.journal" in files
        assert {name: told(data) for name, data in files.items() if told(data)} == {}
    for text in (shown.stdout, shown.stderr, as_json.stdout, as_json.stderr, answer.text, runner.log):
        assert told(text.encode()) == []
    assert "“Thank you, •••.”" in shown.stdout
    assert "digits=•••" in shown.stdout
    assert shown.returncode == as_json.returncode == answer.status_code // 100 - 2 == 0


async def test_without_its_key_a_run_is_listed_and_named_and_its_flow_is_not_served(tmp_path: Path) -> None:
    with accounts() as (url, _):
        async with pair(
            tmp_path,
            {NUMBER: "account", PLAIN: "plain"},
            tries=3,
            more={"OFFHOOK_SECRET_KEY": OLD},
            **document(tmp_path, url),
        ) as (platform, runner):
            call_id = await platform.ring(NUMBER)
            await platform.until_heard(call_id, "your name")
            runner.kill()
            (row,) = runner.rows()
            listed = await show("list", "--journal", str(runner.journal))
            shown = await show("show", row.run_id, "--journal", str(runner.journal))
            await run_again(runner, "")
            other = await platform.ring(PLAIN)
            await platform.until_ended(other)
            unserved = await platform.ring(NUMBER)
            await platform.until_ended(unserved)
            found = await runner.client.get(f"/runs/{row.run_id}", headers={"Authorization": "Bearer runs-please"})
            runner.kill()
            await run_again(runner, f"{NEW},{OLD}")
            await platform.act(call_id, hangs_up=True)
            # At the latest when it is asked whether the call is still there.
            await runner.until_all_ended(2, longest_s=60)
    assert row.run_id in listed.stdout
    assert "sealed with the key `1`, and OFFHOOK_SECRET_KEY is not set" in shown.stderr
    assert shown.returncode == 2
    assert "flow account takes secret or private values, and OFFHOOK_SECRET_KEY is not set" in runner.log
    assert f"run {row.run_id} cannot go on" in runner.log
    assert found.json()["status"] == "running"
