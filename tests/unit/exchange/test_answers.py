"""The call leg of an answer, and the error body."""

from typing import Any

import pytest

from tests.unit.exchange.playbook import Playbook

DURATIONS = ("duration", "duration_ms", "billing_ms", "parent_id")


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("+15557777", "relay_pstn_call"),
        ("sip:desk@example.test", "relay_sip_call"),
        ("/private/kim", "relay_webrtc_call"),
    ],
)
def test_leg_is_of_the_type_of_its_address(to: str, kind: str) -> None:
    leg = Playbook().dial(to).body
    assert leg["type"] == kind
    assert set(DURATIONS) < set(leg)


def test_leg_type_can_be_chosen() -> None:
    assert Playbook(leg="relay_webrtc_call").dial().body["type"] == "relay_webrtc_call"


@pytest.mark.parametrize("status_null", [True, False])
def test_fabric_leg_never_says_how_the_call_stands(status_null: bool) -> None:
    leg = Playbook(leg="fabric_subscriber_device_leg", status_null=status_null).parked().say("hello").body
    assert leg["type"] == "fabric_subscriber_device_leg"
    assert leg["status"] is None
    assert not set(DURATIONS) & set(leg)


@pytest.mark.parametrize(("wait_ms", "status"), [(0, "created"), (100, "ringing"), (2_100, "answered")])
def test_status_of_a_standard_leg_is_the_resource_s(wait_ms: int, status: str) -> None:
    book = Playbook(status_null=False)
    book.dial()
    book.wait(wait_ms)
    ended = book.post("calling.end", reason="hangup").body
    assert ended["status"] == ("completed" if status == "answered" else "canceled")
    book = Playbook(status_null=False)
    leg: dict[str, Any] = book.dial().body
    assert leg["status"] == "created"


def test_error_body_has_an_entry_for_each_problem() -> None:
    answer = Playbook().parked().post("calling.play", play=[{"type": "tts", "params": {}}], volume=41, x=1)
    assert answer.status == 422
    assert [(entry["code"], entry["attribute"]) for entry in answer.body["errors"]] == [
        ("missing_required_parameter", "params.control_id"),
        ("missing_required_parameter", "params.play[0].params.text"),
        ("invalid_parameter", "params.volume"),
        ("invalid_parameter", "params.x"),
    ]
    assert all(set(entry) == {"type", "code", "message", "attribute", "url"} for entry in answer.body["errors"])
