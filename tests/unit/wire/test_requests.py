import json
from pathlib import Path
from typing import Any

import pytest

from engine.model.commands import SendCommand
from engine.model.ids import CallId, ControlId
from engine.model.verbs import REPEAT
from engine.wire import requests

CONTROL = ControlId("r.0.menu.1.1.play")
URL = "https://us/webhooks/r.0.menu.1.1.play.mac"


def command(name: str, named: ControlId | None = None, **params: Any) -> SendCommand:
    return SendCommand(seq=1, command=name, call_id=CallId("c"), control_id=named, params=params)


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
        (
            command("calling.refer", CONTROL, device={"to": "sip:a@b"}),
            URL,
            {"command": "calling.refer", "id": "c", "params": {"device": {"to": "sip:a@b"}, "status_url": URL}},
        ),
        (
            command("calling.stream", CONTROL, url="wss://s", status_url_method="GET"),
            URL,
            {
                "command": "calling.stream",
                "id": "c",
                "params": {
                    "url": "wss://s",
                    "status_url_method": "GET",
                    "status_url": URL,
                    "control_id": CONTROL,
                },
            },
        ),
        (command("calling.denoise", CONTROL), URL, {"command": "calling.denoise", "id": "c", "params": {}}),
        (
            command("calling.ai.stop", CONTROL, control_id="agent-1"),
            None,
            {"command": "calling.ai.stop", "id": "c", "params": {"control_id": "agent-1"}},
        ),
        (
            command("calling.send_fax.stop", None, control_id="fax-1"),
            None,
            {"command": "calling.send_fax.stop", "id": "c", "params": {"control_id": "fax-1"}},
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


SCHEMAS = sorted((Path(__file__).parents[3] / "schemas" / "calling").glob("*.json"), key=lambda path: path.name)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_what_the_engine_adds_is_what_the_command_takes(path: Path) -> None:
    name = path.name.removesuffix(".schema.json")
    name = name if name in requests.WITHOUT_ID else f"calling.{name}"
    takes = json.loads(path.read_text()).get("properties", {})
    added = requests.body(command(name, CONTROL), URL)["params"]
    literal = name in ("calling.ai.stop", "calling.send_fax.stop", "calling.receive_fax.stop")
    assert ("control_id" in added) == ("control_id" in takes and not literal)
    assert ("status_url" in added) == ("status_url" in takes)
