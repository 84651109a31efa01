"""What every request has in common, and the table of commands."""

from typing import Any, get_args

import pytest

from engine.exchange.inputs import ApiRequest
from engine.exchange.live import AnyOperation
from engine.exchange.operations import FAMILIES
from engine.exchange.table import COMMANDS
from engine.model.verbs import COMMANDS as VERB_COMMANDS
from tests.unit.exchange.playbook import Playbook, code

NOBODY = "0e9c80d7-a149-4917-892d-420043709f45"


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ([], 400, "invalid_parameter"),
        (None, 400, "invalid_parameter"),
        ({}, 422, "missing_required_parameter"),
        ({"command": "calling.fly"}, 422, "invalid_parameter"),
        ({"command": ["calling.play"]}, 422, "invalid_parameter"),
        ({"command": "calling.end", "params": {}}, 422, "missing_required_parameter"),
        ({"command": "calling.end", "id": 5, "params": {}}, 422, "invalid_call_id_passed"),
        ({"command": "calling.end", "id": NOBODY, "params": {}}, 404, "not_found"),
        ({"command": "calling.end", "id": "nobody", "params": {}}, 422, "invalid_call_id_passed"),
        ({"command": "calling.end", "id": NOBODY}, 422, "missing_required_parameter"),
        ({"command": "calling.end", "id": NOBODY, "params": {}, "x": 1}, 422, "invalid_parameter"),
        ({"command": "dial", "id": NOBODY, "params": {}}, 422, "invalid_parameter"),
        ({"command": "calling.end", "id": "nobody", "params": []}, 422, "invalid_parameter"),
    ],
)
def test_request_that_means_nothing_is_refused(body: Any, status: int, expected: str) -> None:
    answer = Playbook().give(ApiRequest(at_ms=0, body=body))
    assert answer is not None
    assert (answer.status, code(answer)) == (status, expected)


def test_every_error_is_listed() -> None:
    answer = Playbook().parked().post("calling.play", volume=99, loop=-1)
    assert len(answer.body["errors"]) == 4


def test_unknown_params_can_be_ignored() -> None:
    book = Playbook(unknown_params="ignore").parked()
    assert book.say("hello", shiny=True).status == 200


def test_prompt_before_the_call_is_answered_is_refused() -> None:
    book = Playbook()
    book.call_id = str(book.post("dial", **{"from": "+1", "to": "+2", "url": "https://x.test"}).body["id"])
    assert code(book.say("hello")) == "call_not_answered"
    assert book.post("calling.end", reason="cancel").status == 200


@pytest.mark.parametrize(("null", "status"), [(True, None), (False, "answered")])
def test_answer_is_the_standard_leg_whose_status_may_be_null(null: bool, status: str | None) -> None:
    book = Playbook(status_null=null).parked()
    book.wait(2_500)
    leg = book.say("hello").body
    assert (leg["id"], leg["type"], leg["direction"]) == (book.call_id, "relay_pstn_call", "inbound")
    assert (leg["status"], leg["duration"], leg["duration_ms"]) == (status, 2, 2_500)
    assert leg["created_at"] == "1970-01-01T00:00:00.000Z"
    assert {"source", "url", "charge", "charge_details", "billing_ms", "parent_id", "from", "to"} < set(leg)


def test_every_command_that_the_engine_sends_is_known() -> None:
    assert set(VERB_COMMANDS) | {"dial", "update", "calling.end"} <= set(COMMANDS)


def test_every_operation_has_a_family() -> None:
    assert set(FAMILIES) == set(get_args(AnyOperation))
