import json
from typing import Any

import pytest

from engine.model.commands import SendCommand
from engine.model.ids import CallId, ControlId
from engine.model.verbs import REPEAT
from engine.wire import requests

CONTROL = ControlId("r.0.menu.1.1.play")
URL = "https://us/webhooks/r.0.menu.1.1.play.mac"


def command(name: str, control_id: ControlId | None = None, **params: Any) -> SendCommand:
    return SendCommand(seq=1, command=name, call_id=CallId("c"), control_id=control_id, params=params)


@pytest.mark.parametrize(
    ("given", "status_url", "body"),
    [
        (
            command("calling.play", CONTROL, play=[1]),
            URL,
            {"command": "calling.play", "id": "c", "params": {"play": [1], "status_url": URL, "control_id": CONTROL}},
        ),
        (
            command("calling.play.stop", CONTROL),
            None,
            {"command": "calling.play.stop", "id": "c", "params": {"control_id": CONTROL}},
        ),
        (
            command("calling.record", CONTROL, record={"audio": {"beep": True}}),
            None,
            {
                "command": "calling.record",
                "id": "c",
                "params": {"record": {"audio": {"beep": True}}, "control_id": CONTROL},
            },
        ),
        (
            command("calling.end", reason="busy"),
            None,
            {"command": "calling.end", "id": "c", "params": {"reason": "busy"}},
        ),
        (
            command("dial", ControlId("r.call"), to="+1", swml={}),
            URL,
            {"command": "dial", "params": {"to": "+1", "swml": {}, "status_url": URL}},
        ),
        (command("update", url="https://x"), None, {"command": "update", "params": {"url": "https://x", "id": "c"}}),
        (command("update", id="other"), URL, {"command": "update", "params": {"id": "other", "status_url": URL}}),
    ],
    ids=lambda value: value.command if isinstance(value, SendCommand) else "",
)
def test_a_command_is_encoded_as_the_platform_takes_it(
    given: SendCommand, status_url: str | None, body: dict[str, Any]
) -> None:
    before = dict(given.params)
    assert requests.body(given, status_url) == body
    assert json.loads(requests.encode(given, status_url)) == body
    assert given.params == before


@pytest.mark.parametrize("name", sorted(REPEAT))
def test_every_command_of_the_model_names_its_call_once(name: str) -> None:
    body = requests.body(command(name, CONTROL))
    named = [name for name, where in (("top", body), ("params", body["params"])) if "id" in where]
    assert named == {"dial": [], "update": ["params"]}.get(name, ["top"])
