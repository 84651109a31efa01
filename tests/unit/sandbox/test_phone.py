"""The text phone against a real sandbox, and its words."""

import os
from collections.abc import AsyncIterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from engine.sandbox import phone as phone_module
from engine.sandbox.phone import CALLER, Phone, PhoneError, Rung
from engine.sandbox.phone_text import echo, show, understand
from engine.sandbox.typed import typed_lines
from tests.unit.sandbox.desk import NUMBER, Desk, desk

CALLEE = "+15550177"
served = [pytest.mark.anyio, pytest.mark.asyncio_only]


async def typed(*lines: str, for_ever: bool = False) -> AsyncIterator[str]:
    for line in lines:
        yield line
    if for_ever:
        await anyio.sleep_forever()


async def flow(at: Desk, *prompts: str) -> None:
    """Collects on the first call that comes, and says the next prompt after each result; then hangs up."""
    call_id = await at.arrival()
    for number, prompt in enumerate(prompts, 1):
        await at.command(
            call_id, "calling.collect", control_id=f"c{number}", digits={"max": 2}, speech={}, status_url=at.hook
        )
        await at.say(call_id, prompt, f"p{number}")
        await at.receiver.until(lambda seen, wanted=number: len(results(seen.words)) == wanted)  # type: ignore[misc]
    await at.command(call_id, "calling.end")


def results(words: list[str]) -> list[str]:
    return [word for word in words if word in ("digit", "speech")]


async def ring(at: Desk, *lines: str, prompts: tuple[str, ...] = (), **more: Any) -> tuple[Rung, list[str]]:
    written: list[str] = []
    for_ever = more.pop("for_ever", False)
    phone = Phone(base_url=at.sandbox.url, write=written.append, lines=typed(*lines, for_ever=for_ever), **more)
    rung: Rung | None = None
    async with anyio.create_task_group() as tasks:
        if prompts:
            tasks.start_soon(flow, at, *prompts)
        with anyio.fail_after(10):
            rung = await phone.ring(NUMBER)
    assert rung is not None
    return rung, written


async def connected(*lines: str, **more: Any) -> list[str]:
    """What is written by a phone whose call is connected, from a pipe."""
    async with desk() as at:
        at.receiver.document = {"sections": {"main": ["answer", {"connect": {"to": "+15550142"}}]}}
        _, written = await ring(at, *lines, paced=True, **more)
    return written


class TestServed:
    pytestmark = served

    async def test_piped_lines_wait_for_the_flow_to_speak(self) -> None:
        async with desk() as at:
            rung, written = await ring(at, "12", "say my balance", prompts=("First?", "Second?"), paced=True)
        assert rung.heard == ("First?", "Second?")
        assert rung.end_reason == "hangup"
        assert [line.split("   ")[-1] for line in written] == [
            "(calling)",
            "(answered)",
            "First?",
            "> 12",
            "Second?",
            "> say my balance",
            "(ended: hangup)",
        ]
        assert results(at.receiver.words) == ["digit", "speech"]

    @pytest.mark.parametrize(("line", "expected"), [("12", "digit"), ("say hello", "speech")])
    async def test_piped_line_waits_until_the_flow_listens(self, line: str, expected: str) -> None:
        """The call's clock runs fast, and the flow's next step takes its time by the wall's."""

        async def slow(at: Desk) -> None:
            call_id = await at.arrival()
            await at.say(call_id, "Welcome.")
            await at.receiver.until(lambda seen: "finished" in seen.words)
            await anyio.sleep(0.3)
            digits, speech = {"max": 2}, dict[str, Any]()
            params = {"control_id": "c", "digits": digits, "speech": speech, "status_url": at.hook}
            await at.command(call_id, "calling.collect", **params)
            await at.receiver.until(lambda seen: bool(results(seen.words)))
            await at.command(call_id, "calling.end")

        async with desk(speed=100) as at, anyio.create_task_group() as tasks:
            tasks.start_soon(slow, at)
            await ring(at, line, paced=True)
        assert results(at.receiver.words) == [expected]

    async def test_piped_keys_wait_for_the_end_of_a_queue(self) -> None:
        wait = {"enter_queue": {"queue_name": "desk", "wait_time": 100}}
        ask = {"prompt": {"play": "say:Press one.", "max_digits": 1, "initial_timeout": 60}}
        async with desk() as at:
            at.receiver.document = {"sections": {"main": ["answer", {"play": "say:Please hold."}, wait, ask]}}
            _, written = await ring(at, "queue timeout", "1", paced=True)
        told = [line.split("   ")[-1] for line in written]
        assert told.index("> 1") == told.index("Press one.") + 1, told

    async def test_phone_hangs_up_when_the_lines_are_used_up_and_the_flow_is_silent(self) -> None:
        async with desk() as at:
            rung, _ = await ring(at, paced=True, silence_ms=1_000)
        assert rung.end_reason == "hangup"

    async def test_typed_lines_count_at_once(self) -> None:
        async with desk() as at:
            rung, written = await ring(at, "help", "nonsense", "wait 1", "hangup", for_ever=True)
        assert rung.end_reason == "hangup"
        assert any("press keys" in line for line in written)
        assert any("nonsense" in line for line in written)

    @pytest.mark.parametrize(("line", "kind"), [("12", "keys"), ("say hello", "words")])
    async def test_typed_line_that_nobody_listens_to_is_told(self, line: str, kind: str) -> None:
        async with desk() as at:
            _, written = await ring(at, line, "hangup", for_ever=True)
        assert [one.strip() for one in written if "listens" in one] == [f"(nobody listens to {kind} now)"]

    async def test_typed_line_that_is_listened_to_is_not_remarked_upon(self) -> None:
        async with desk() as at:
            _, written = await ring(at, "wait 2", "12", for_ever=True, prompts=("First?",))
        assert results(at.receiver.words) == ["digit"]
        assert not [one for one in written if "listens" in one]

    async def test_flow_that_hangs_up_ends_the_phone(self) -> None:
        async with desk() as at, anyio.create_task_group() as tasks:

            async def end() -> None:
                await at.command(await at.arrival(), "calling.end", reason="busy")

            tasks.start_soon(end)
            rung, written = await ring(at, for_ever=True)
        assert rung.end_reason == "busy"
        assert written[-1].endswith("(ended: busy)")

    async def test_piped_decision_waits_until_somebody_is_rung(self) -> None:
        written = await connected("bridge talks 2s")
        assert [line.split("   ")[-1] for line in written][2:] == [
            "(ringing +15550142)",
            "> bridge talks 2s",
            "(you are talking to +15550142)",
            "(+15550142 is gone)",
            "(ended: hangup)",
        ]

    async def test_typed_decision_about_nothing_says_so(self) -> None:
        async with desk() as at:
            _, written = await ring(at, "bridge busy", "hangup", for_ever=True)
        assert "bridge busy: nobody is being rung" in written

    async def test_piped_phone_stays_while_somebody_else_is_on_the_line(self) -> None:
        written = await connected(silence_ms=1_000)
        assert written[-2].endswith("(+15550142 is gone)")

    async def test_cancelled_phone_hangs_up(self) -> None:
        async with desk() as at:
            with anyio.move_on_after(0.15):
                await ring(at, for_ever=True)
            (call,) = at.sandbox.switch.state.calls.values()
        assert call.state == "ended"

    async def test_number_that_nobody_has_is_an_error(self) -> None:
        async with desk() as at:
            phone = Phone(base_url=at.sandbox.url, write=print, lines=typed())
            with pytest.raises(PhoneError, match="no such number"):
                await phone.ring("+1999")

    async def test_phone_picks_up_a_call_to_its_number(self) -> None:
        async with desk() as at:
            written: list[str] = []
            phone = Phone(base_url=at.sandbox.url, write=written.append, lines=typed("7"), paced=True)
            rung: Rung | None = None
            async with anyio.create_task_group() as tasks:

                async def dial() -> None:
                    await at.dial(CALLEE)
                    tasks.start_soon(flow, at, "Are you there?")

                with anyio.fail_after(10):
                    rung = await phone.pick_up(CALLEE, dial)
        assert rung is not None
        assert (rung.heard, rung.end_reason) == (("Are you there?",), "hangup")
        assert [line.split("   ")[-1] for line in written] == [
            "(calling)",
            "(ringing)",
            "(answered)",
            "Are you there?",
            "> 7",
            "(ended: hangup)",
        ]

    async def test_call_that_does_not_come_about_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(phone_module, "_DIALLED_S", 0.05)
        async with desk() as at:
            phone = Phone(base_url=at.sandbox.url, write=print, lines=typed())
            with pytest.raises(PhoneError, match=r"Nobody has called \+15550177"):
                await phone.pick_up(CALLEE, anyio.lowlevel.checkpoint)

    async def test_phone_has_a_number_of_its_own(self) -> None:
        async with desk() as at:
            await ring(at, "hangup", for_ever=True)
            (call,) = at.sandbox.switch.state.calls.values()
        assert (call.from_, call.to) == (CALLER, NUMBER)
        assert CALLER != NUMBER

    async def test_sandbox_that_is_not_there_is_an_error(self) -> None:
        phone = Phone(base_url="http://127.0.0.1:9", write=print, lines=typed())
        with pytest.raises(PhoneError, match="does not answer"):
            await phone.ring(NUMBER)


@pytest.mark.anyio
async def test_lines_come_from_a_descriptor_until_its_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, "1234#\r\nsay gr\u00fcezi\nlast".encode())
    os.close(writing)
    async with typed_lines(reading) as lines:
        found = [line async for line in lines]
    os.close(reading)
    assert found == ["1234#", "say gr\u00fcezi", "last"]


@pytest.mark.anyio
async def test_lines_can_be_left_while_nothing_is_typed() -> None:
    reading, writing = os.pipe()
    with anyio.fail_after(2):
        async with typed_lines(reading) as lines:
            os.write(writing, b"one\n")
            async for line in lines:
                assert line == "one"
                break
    os.close(writing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("   ", None),
        ("1234#", {"presses": "1234#"}),
        ("12 34 *a", {"presses": "1234*A"}),
        ("1 2 3", {"presses": "123"}),
        ("say my balance", {"says": "my balance"}),
        ("SAY", {"says": ""}),
        ("hangup", {"hangs_up": True}),
        ("help", {"help": True}),
        ("wait 2.5", {"wait_s": 2.5}),
        ("bridge talks 60s", {"bridge": "talks 60s"}),
        ("peer hangs_up", {"peer": "hangs_up"}),
    ],
)
def test_typed_line_means_something(text: str, expected: dict[str, Any] | None) -> None:
    assert understand(text) == expected


@pytest.mark.parametrize(("text", "shown"), [("1 2 3", "> 123"), ("12#", "> 12#"), ("say my name", "> say my name")])
def test_piped_line_is_shown_as_what_it_does(text: str, shown: str) -> None:
    assert echo(understand(text) or {}, text).strip() == shown


@pytest.mark.parametrize("text", ["balance", "12x", "wait long", "wait", "bridge", "queue busy"])
def test_typed_line_that_means_nothing_says_so(text: str) -> None:
    assert "wrong" in (understand(text) or {})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"effect": "heard", "sound": "speech", "text": "Hello.", "duration_ms": 5}, "  1:05   Hello."),
        (
            {"effect": "heard", "sound": "audio", "text": "https://x/y", "duration_ms": 5_000},
            "  1:05   [audio https://x/y, 5 s]",
        ),
        ({"effect": "heard", "sound": "ringtone", "text": "us", "duration_ms": 0}, "  1:05   [ringtone us]"),
        ({"effect": "heard", "sound": "silence", "text": "", "duration_ms": 1_500}, "  1:05   [silence, 1.5 s]"),
        ({"effect": "heard", "sound": "beep", "text": "beep", "duration_ms": 400}, "  1:05   [beep]"),
        ({"effect": "progressed", "what": "ended", "detail": "hangup"}, "  1:05   (ended: hangup)"),
        (
            {"effect": "progressed", "what": "left", "detail": "connect"},
            "  1:05   (the call is handed over to SWML: connect)",
        ),
        ({"effect": "progressed", "what": "connecting", "detail": "+1"}, "  1:05   (ringing +1)"),
        ({"effect": "progressed", "what": "connected", "detail": "+1"}, "  1:05   (you are talking to +1)"),
        ({"effect": "progressed", "what": "disconnected", "detail": "+1"}, "  1:05   (+1 is gone)"),
        ({"effect": "progressed", "what": "not_connected", "detail": "busy"}, "  1:05   (not connected: busy)"),
        ({"effect": "progressed", "what": "queued", "detail": "desk"}, "  1:05   (waiting in the queue desk)"),
        ({"effect": "progressed", "what": "paying", "detail": "5"}, "  1:05   (you are to pay 5)"),
        ({"effect": "progressed", "what": "paid", "detail": "success"}, "  1:05   (paid: success)"),
        (
            {
                "effect": "caller_did",
                "act": {"act": "decides", "about": "bridge", "verdict": {"word": "talks", "talk_ms": 5_000}},
            },
            "  1:05   > bridge talks 5s",
        ),
        ({"effect": "progressed", "what": "cut_off"}, "  1:05   (the prompt is stopped)"),
        ({"effect": "caller_did", "act": {"act": "says", "text": "hi"}}, "  1:05   > say hi"),
        ({"effect": "caller_did", "act": {"act": "presses", "digits": "1"}}, "  1:05   > 1"),
        ({"effect": "caller_did", "act": {"act": "hangs_up"}}, "  1:05   > hangup"),
    ],
)
def test_line_of_a_call_as_text(line: dict[str, Any], expected: str) -> None:
    assert show({"at_ms": 66_000, **line}, began_ms=1_000) == expected


def test_long_prompt_is_wrapped_beside_the_time() -> None:
    line = {"effect": "heard", "sound": "speech", "text": "word " * 30, "duration_ms": 5, "at_ms": 0}
    first, *rest = show(line, began_ms=0, width=40).splitlines()
    assert first.startswith("  0:00   word")
    assert all(each.startswith(" " * 9 + "word") and len(each) <= 40 for each in rest)
