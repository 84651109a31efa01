"""What a 404 is about, over real HTTP: an operation, another leg, or the call itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.model.verbs import VERB, VERBS, Verb
from tests.contract.capture import Body, capturing_platform
from tests.contract.sampled_flows import STARTERS
from tests.e2e.hosted import hosted

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER, CALL = "+15550100", "0e9c80d7-a149-4917-892d-420043709f45"
OTHER = "5f0c7d2e-3c5b-4e1f-9d57-1c2b3a495867"
ABOUT = [verb for verb in VERBS if verb.of]
STOPS: dict[str, Any] = {
    "ai.stop": {},
    "ai_sidecar.stop": {},
    "send_fax.stop": "fax-1",
    "receive_fax.stop": "fax-1",
    "denoise.stop": {},
}
END: dict[str, Any] = {"bye": {"end": "hangup"}}
PLAY: dict[str, Any] = {"more": {"play": "There is more.", "next": "bye"}}


async def played(
    folder: Path, monkeypatch: pytest.MonkeyPatch, steps: dict[str, Any], missing: Any
) -> tuple[list[str], str]:
    """The commands of a call through the steps, after those of its first prompt, and why its run ended.

    A call's very first command is another case: it may be too early, and is tried again.
    """
    hello = {"hello": {"play": "Hello.", "next": next(iter(steps))}}
    flow = {"flow": "one", "language": 1, "start": "hello", "steps": {**hello, **steps, **END}}
    file = folder / "one.flow.yaml"
    file.write_text(json.dumps(flow))
    async with (
        capturing_platform() as platform,
        hosted(monkeypatch, [file], {NUMBER: "one"}, space=platform.space, request_ms=5_000) as site,
    ):
        platform.missing = lambda body: bool(platform.requests[1:]) and missing(body)
        await site.arrive(CALL, NUMBER)
        row = await site.until_ended(CALL)
        return [request.body["command"] for request in platform.requests[1:]], row.end_reason


def is_command(command: str) -> Any:
    def asked(body: Body) -> bool:
        return bool(body["command"] == command)

    return asked


@pytest.mark.parametrize("verb", ABOUT, ids=lambda verb: verb.name)
async def test_404_to_an_order_about_an_operation_does_not_end_the_run(
    verb: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = VERB[verb.of].background == "always"
    value = {"handle": "held", "volume": 1} if verb.name == "play.volume" else "held"
    steps = {
        "held": {verb.of: STARTERS[verb.of], "next": "order", **({} if always else {"background": True})},
        "order": {verb.name: value, "next": "more"},
        **PLAY,
    }
    commands, reason = await played(tmp_path, monkeypatch, steps, is_command(verb.command))
    assert commands == [VERB[verb.of].command, verb.command, "calling.play", "calling.end"]
    assert reason == "hangup"


@pytest.mark.parametrize("name", STOPS)
async def test_404_to_the_stop_of_what_is_not_there_does_not_end_the_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {"order": {name: STOPS[name], "next": {"accepted": "more", "rejected": "more"}}, **PLAY}
    commands, reason = await played(tmp_path, monkeypatch, steps, is_command(VERB[name].command))
    assert commands == [VERB[name].command, "calling.play", "calling.end"]
    assert reason == "hangup"


async def test_404_to_an_update_of_another_leg_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = {"id": OTHER, "status": "canceled"}
    steps = {"order": {"update": update, "next": {"accepted": "bye", "rejected": "more"}}, **PLAY}
    commands, reason = await played(tmp_path, monkeypatch, steps, is_command("update"))
    assert commands == ["update", "calling.play", "calling.end"]
    assert reason == "hangup"


@pytest.mark.parametrize(
    "step",
    [
        {"play": "Hello.", "next": "more"},
        {"collect": {"digits": {"max": 1}}, "next": "more"},
        {"tap": STARTERS["tap"], "next": "more"},
        {"update": {"url": "https://example.com/queue"}, "next": "more"},
        {"update": {"id": CALL, "status": "completed"}, "next": "more"},
        {"transfer": {"dest": "+15550142"}},
        {"end": "busy"},
    ],
    ids=lambda step: next(iter(step)),
)
async def test_404_to_a_command_about_the_call_itself_ends_the_run(
    step: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = VERB[next(iter(step))].command
    commands, reason = await played(tmp_path, monkeypatch, {"first": step, **PLAY}, is_command(command))
    assert {*commands} == {command}
    assert reason == ("busy" if "end" in step else "hangup")
