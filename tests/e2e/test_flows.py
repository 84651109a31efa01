"""One call of every shipped flow, from its ring to its end, with a scripted caller over real HTTP."""

import json
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import anyio.to_thread
import httpx
import pytest

from engine.cli import shipped
from engine.journal.base import RunRow
from engine.model.state import RunState
from engine.project.environment import Fetching
from engine.runner.stage import API_TOKEN, Stage, stage
from engine.sandbox.service import PROJECT, TOKEN
from tests.e2e.accounts import accounts
from tests.e2e.line import Line, commands, heard, heard_twice
from tests.e2e.polling import until
from tests.e2e.runner_process import USES, offhook, variables
from tests.unit.calling.loopback import Platform, http, platform

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER, CALLEE = "+15550100", "+15550178"
INPUTS = {"name": "Kim", "date": "Tuesday", "time": "half past nine"}


SERVICES = "http://127.0.0.1:8790"
"""Where the flows' fetches go, as far as the environment `sandbox` knows."""


class Scene(NamedTuple):
    platform: Line
    stage: Stage
    services: Platform

    @property
    def fetched(self) -> list[tuple[str, Any]]:
        """The requests of the flow's fetches: path and body."""
        parts = (request.decode().partition("\r\n\r\n") for request in self.services.requests)
        return [(head.split(" ")[1], json.loads(body)) for head, _, body in parts]

    async def ended(self) -> tuple[RunRow, RunState]:
        """The only run, when it has ended."""
        await until(lambda: bool(self.stage.journal.runs(status="ended")), longest_s=20)
        (row,) = self.stage.journal.runs()
        state = self.stage.journal.state_of(row.run_id)
        assert row.status == "ended"
        assert state is not None
        return row, self.stage.runner.supervisor.sealing.open_state(state, row.run_id)

    async def start_run(self, **more: Any) -> httpx.Response:
        body = {"flow": "reminder", "to": CALLEE, "inputs": INPUTS, **more}
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(f"{self.stage.runner_url}/runs", json=body, headers=headers)


@asynccontextmanager
async def scene(
    flow: str, *replies: Any, speed: float = 10, uses: Mapping[str, Any] = USES, private: tuple[str, ...] = ()
) -> AsyncIterator[Scene]:
    """`replies` are the bodies that the flow's fetches are answered with."""
    async with platform(*[http(200, json.dumps(body).encode()) for body in replies]) as services:
        here = f"http://{services.space}"
        uses = {name: str(value).replace(SERVICES, here) for name, value in uses.items()}
        async with (
            stage(
                [shipped.flow(flow, uses)],
                routes={NUMBER: flow},
                uses=uses,
                speed=speed,
                fetch=Fetching(private=(here, *private)),
            ) as made,
            httpx.AsyncClient(base_url=made.sandbox.url, auth=(PROJECT, TOKEN), trust_env=False) as client,
        ):
            yield Scene(Line(made.sandbox, client), made, services)


async def test_reception_digits_during_the_prompt_choose_and_a_person_is_rung() -> None:
    async with scene("reception") as at:
        call_id = await at.platform.ring(
            NUMBER,
            {"hears": "For our opening hours"},
            {"presses": "1"},
            {"hears": "dentist on call"},
            {"hears": "For our opening hours"},
            {"presses": "0"},
            {"bridge": "talks 5s"},
        )
        call = await at.platform.until_ended(call_id)
        row, _ = await at.ended()
    assert row.end_reason == "hangup"
    assert "calling.play.stop" in commands(call)
    assert commands(call)[-2:] == ["update", "calling.end"]
    assert heard_twice(call) == []


async def test_voicemail_plays_the_recording_back_and_passes_it_on() -> None:
    async with scene("voicemail", {}) as at:
        call_id = await at.platform.ring(
            NUMBER,
            {"hears": "beep"},
            {"says": "This is Kim. Please call me back about my appointment on Friday."},
            {"silent_ms": 3000},
            {"presses": "#"},
            {"hears": "To listen to it"},
            {"presses": "2"},
            {"hears": "https://files.sandbox.invalid/"},
        )
        call = await at.platform.until_ended(call_id)
        row, _ = await at.ended()
    assert row.end_reason == "hangup"
    ((path, message),) = at.fetched
    assert path.endswith("/messages")
    assert message["recording"] in heard(call)
    assert heard(call)[-1].startswith("Thank you. We have your message")


async def test_voicemail_is_passed_on_when_the_caller_hangs_up_during_the_recording() -> None:
    async with scene("voicemail", {}) as at:
        await at.platform.ring(
            NUMBER,
            {"hears": "beep"},
            {"says": "Please call Kim back."},
            {"silent_ms": 3000},
            {"hangs_up": True},
        )
        row, _ = await at.ended()
    assert row.end_reason == "hangup"
    ((_, message),) = at.fetched
    assert message["recording"].startswith("https://files.sandbox.invalid/")


async def test_account_line_after_a_wrong_pin_tells_the_balance_and_closes_the_session() -> None:
    replies = [{"session": "s1", "name": "Kim"}, {"balance": 12.5, "available": 10}, {}]
    async with scene("account_line", *replies) as at:
        call_id = await at.platform.ring(
            NUMBER,
            {"hears": "four digit PIN"},
            {"presses": "12#"},
            {"hears": "has four digits"},
            {"presses": "1234"},
            {"hears": "For your balance"},
            {"presses": "1"},
            {"hears": "For your balance"},
            {"presses": "9"},
        )
        call = await at.platform.until_ended(call_id)
        row, _ = await at.ended()
    assert row.end_reason == "hangup"
    assert "Your balance is 12 dollars and 50 cents." in heard(call)
    asked = [(path.rpartition("/")[2], body) for path, body in at.fetched]
    assert asked == [
        ("sessions", {"caller": "+15550177", "pin": "1234"}),
        ("balance", {"session": "s1"}),
        ("call-ended", {"call": call_id, "session": "s1", "reason": "hangup"}),
    ]


async def test_survey_tells_all_at_the_end() -> None:
    async with scene("satisfaction_survey", {}) as at:
        await at.platform.callee(
            CALLEE,
            {"hears": "To begin"},
            {"says": "Yes"},
            {"hears": "First,"},
            {"presses": "5"},
            {"hears": "Second,"},
            {"says": "four"},
            {"hears": "And last,"},
            {"presses": "0"},
            {"hears": "beep"},
            {"says": "Everybody was very kind."},
        )
        assert (
            await at.start_run(flow="satisfaction_survey", inputs={"name": "Kim", "visit": "today"})
        ).status_code == 202
        await at.ended()
    ((_, told),) = at.fetched
    assert (told["state"], told["reception"], told["treatment"], told["again"]) == ("answered", 5, 4, 0)
    assert told["comment"].startswith("https://files.sandbox.invalid/")


async def test_pin_entry_right_pin_is_judged_by_the_account_service() -> None:
    with accounts("4711", {"appointment": "Monday"}) as (url, bodies):
        async with scene("pin_entry", uses={**USES, "account_service": url}, private=(url,)) as at:
            call_id = await at.platform.ring(NUMBER, {"hears": "four digit PIN"}, {"presses": "4711"})
            call = await at.platform.until_ended(call_id)
            row, _ = await at.ended()
    assert row.end_reason == "hangup"
    assert heard(call)[-1] == "Your next appointment is on Monday. Goodbye."
    assert bodies == [{"caller": "+15550177", "pin": "4711"}]


async def test_pin_entry_three_wrong_ones_go_to_the_desk() -> None:
    with accounts("4711") as (url, bodies):
        async with scene("pin_entry", uses={**USES, "account_service": url}, private=(url,)) as at:
            call_id = await at.platform.ring(
                NUMBER,
                {"hears": "four digit PIN"},
                {"presses": "1234"},
                {"hears": "not the right one"},
                {"hears": "four digit PIN"},
                {"presses": "12#"},
                {"hears": "has four digits"},
                {"presses": "2345"},
                {"hears": "not the right one"},
                {"hears": "four digit PIN"},
                {"presses": "3456"},
            )
            call = await at.platform.until_handed_over(call_id)
            row, _ = await at.ended()
    assert row.end_reason == "redirected"
    assert [body["pin"] for body in bodies] == ["1234", "2345", "3456"]
    assert "Let me find somebody who can help you." in heard(call)
    assert [next(iter(step)) for step in call["document"]["sections"]["main"]] == ["play", "connect", "switch"]


async def test_reminder_by_post_runs_is_answered_and_confirmed() -> None:
    async with scene("reminder", {}, {}) as at:
        await at.platform.callee(CALLEE, {"hears": "To confirm"}, {"presses": "1"})
        assert (await at.start_run()).status_code == 202
        row, state = await at.ended()
        (call,) = await at.platform.calls()
        call = await at.platform.call(call["call_id"])
    assert row.end_reason == "hangup"
    assert state.frame.vars == {"answer": "confirmed"}
    assert [body["answer"] for _, body in at.fetched] == ["confirmed", "confirmed"]
    assert (call["direction"], call["from"], call["to"]) == ("outbound", "+15550100", CALLEE)
    assert heard(call)[0] == "Hello. This is Riverside Dental with a reminder for Kim."


async def test_reminder_by_dial_prints_the_run_and_calls_once() -> None:
    async with scene("reminder", {}, {}) as at:
        await at.platform.callee(CALLEE, {"hears": "To confirm"}, {"presses": "3"})
        given = [word for name, value in INPUTS.items() for word in ("--input", f"{name}={value}")]
        command = offhook("dial", "reminder", "--to", CALLEE, "--runner", at.stage.runner_url, "--key", "k", *given)
        environment = variables(
            OFFHOOK_API_TOKEN=API_TOKEN, HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9"
        )

        def dial() -> subprocess.CompletedProcess[str]:
            return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)

        done = [await anyio.to_thread.run_sync(dial) for _ in range(2)]
        assert [one.returncode for one in done] == [0, 0], done
        row, state = await at.ended()
        refused = await anyio.to_thread.run_sync(
            lambda: subprocess.run(
                command[:-2], env=environment, capture_output=True, text=True, timeout=20, check=False
            )
        )
    assert [one.stdout.strip() for one in done] == [row.run_id] * 2
    assert state.frame.vars == {"answer": "cancelled"}
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Missing inputs: time" in refused.stderr


@pytest.mark.parametrize(("outcome", "reason"), [("busy", "busy"), ("no_answer", "no_answer"), ("declines", "decline")])
async def test_reminder_that_nobody_answers_ends_with_the_reason(outcome: str, reason: str) -> None:
    async with scene("reminder", {}, speed=50) as at:
        await at.platform.callee(CALLEE, outcome=outcome)
        assert (await at.start_run()).status_code == 202
        row, state = await at.ended()
    assert (row.end_reason, state.frame.vars) == (reason, {"answer": "none"})
    assert [body["reason"] for _, body in at.fetched] == [reason]


def test_dial_without_a_token_or_a_runner_status_2() -> None:
    command = offhook("dial", "reminder", "--to", CALLEE, "--runner", "http://127.0.0.1:9")
    for token, said in (("", "OFFHOOK_API_TOKEN is not set"), ("t", "No runner answers at http://127.0.0.1:9")):
        done = subprocess.run(
            command, env=variables(OFFHOOK_API_TOKEN=token), capture_output=True, text=True, timeout=20, check=False
        )
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
