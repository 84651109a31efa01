"""What goes on beside a call: each row's life, the single ones, what outlives what."""

from typing import Any

import pytest

from engine.exchange.effects import Deliver
from engine.exchange.families.services import LIVES
from tests.unit.exchange.playbook import HOOK, Playbook, code, logged, marks

TAP: dict[str, Any] = {
    "tap": {"type": "audio", "params": {"direction": "both"}},
    "device": {"type": "ws", "params": {"uri": "wss://media.test/tap"}},
}
STREAM = {"url": "wss://media.test/stream"}
LIVE = {"action": {"start": {"lang": "en-US", "direction": ["remote-caller"], "webhook": HOOK}}}
TRANSLATE = {"action": {"start": {"from_lang": "en-US", "to_lang": "es-MX", "direction": ["remote-caller"]}}}
STARTS: dict[str, dict[str, Any]] = {
    "tap": {"control_id": "x", "status_url": HOOK, **TAP},
    "stream": {"control_id": "x", "status_url": HOOK, **STREAM},
    "transcribe": {"control_id": "x", "status_url": HOOK},
    "denoise": {},
    "live_transcribe": LIVE,
    "live_translate": TRANSLATE,
    "ai_sidecar": {"lang": "en-US", "url": HOOK},
}
STOPS: dict[str, tuple[str, dict[str, Any]]] = {
    "tap": ("calling.tap.stop", {"control_id": "x"}),
    "stream": ("calling.stream.stop", {"control_id": "x"}),
    "transcribe": ("calling.transcribe.stop", {"control_id": "x"}),
    "denoise": ("calling.denoise.stop", {}),
    "live_transcribe": ("calling.live_transcribe", {"action": "stop"}),
    "live_translate": ("calling.live_translate", {"action": "stop"}),
    "ai_sidecar": ("calling.ai_sidecar.stop", {}),
}
SINGLE = sorted(name for name in STARTS if LIVES[name].single)


def begin(book: Playbook, name: str) -> int:
    return book.post(f"calling.{name}", **STARTS[name]).status


def stop(book: Playbook, name: str) -> int:
    command, params = STOPS[name]
    return book.post(command, **params).status


def test_every_row_is_tried_here() -> None:
    assert set(STARTS) == {name for name, life in LIVES.items() if not life.of_swml}


@pytest.mark.parametrize("name", STARTS)
def test_life_of_a_service(name: str) -> None:
    book = Playbook(transcribe_states=True).parked()
    assert stop(book, name) == 404
    assert begin(book, name) == 200
    assert [operation.kind for operation in book.call.operations] == [name]
    assert stop(book, name) == 200
    assert book.call.operations == ()
    life = LIVES[name]
    assert marks(book, name) == [word for word in (life.begins, life.ends) if word]
    assert stop(book, name) == 404


@pytest.mark.parametrize("name", STARTS)
def test_call_that_ends_takes_its_services_along(name: str) -> None:
    book = Playbook().parked()
    begin(book, name)
    book.hangs_up()
    assert book.call.operations == ()
    assert [kind for kind in book.hooks if not kind.startswith("transcript.")] == []


@pytest.mark.parametrize("name", ["tap", "stream"])
def test_end_is_reported_where_that_is_chosen(name: str) -> None:
    book = Playbook(report_on_hangup=True).parked()
    begin(book, name)
    book.hangs_up()
    assert book.hooks == [f"{name}.finished"]


@pytest.mark.parametrize("name", STARTS)
def test_services_outlive_swml_that_takes_over(name: str) -> None:
    book = Playbook().parked()
    begin(book, name)
    book.redirect({"sleep": -1})
    assert [operation.kind for operation in book.call.operations] == [name]


@pytest.mark.parametrize(("second", "status"), [("conflict", 409), ("invalid", 422), ("accept", 200)])
@pytest.mark.parametrize("name", SINGLE)
def test_call_has_one_of_some_services_at_most(name: str, second: str, status: int) -> None:
    book = Playbook(second=second).parked()
    begin(book, name)
    again = {**STARTS[name], "control_id": "y"} if name == "transcribe" else STARTS[name]
    assert book.post(f"calling.{name}", **again).status == (409 if name == "transcribe" else status)
    assert len(book.call.operations) == 1


@pytest.mark.parametrize("name", ["tap", "stream"])
def test_several_taps_and_streams_with_ids_of_their_own(name: str) -> None:
    book = Playbook().parked()
    begin(book, name)
    assert book.post(f"calling.{name}", **{**STARTS[name], "control_id": "y"}).status == 200
    assert code(book.post(f"calling.{name}", **STARTS[name])) == "control_id_in_use"
    assert len(book.call.operations) == 2


def test_one_control_id_may_name_operations_of_two_kinds() -> None:
    book = Playbook().parked()
    begin(book, "tap")
    begin(book, "stream")
    stop(book, "tap")
    assert [operation.kind for operation in book.call.operations] == ["stream"]


def test_stream_reports_by_get() -> None:
    book = Playbook(webhook_shape="envelope").parked()
    book.post("calling.stream", **{**STARTS["stream"], "status_url": f"{HOOK}?a=1", "status_url_method": "GET"})
    (delivery,) = book.of(Deliver)
    assert delivery.method == "GET"
    assert delivery.url.startswith(f"{HOOK}?a=1&")
    assert "control_id=x" in delivery.url
    assert "state=streaming" in delivery.url


@pytest.mark.parametrize("transcript", ["completed", "failed"])
def test_transcript_comes_after_the_end(transcript: str) -> None:
    book = Playbook(transcript=transcript, transcript_ready_ms=3_000).parked()
    begin(book, "transcribe")
    book.says("Hello.")
    book.says("I have a question.")
    book.hangs_up()
    book.wait(2_999)
    assert book.hooks == []
    book.wait(1)
    assert book.hooks == [f"transcript.{transcript}"]
    params = book.bodies[0]["params"]
    assert "control_id" not in params
    assert params.get("text") == ("Hello. I have a question." if transcript == "completed" else None)


@pytest.mark.parametrize("shape", ["flat", "envelope"])
@pytest.mark.parametrize("transcript", ["completed", "failed"])
def test_transcript_has_its_own_event_type_in_either_shape(shape: str, transcript: str) -> None:
    book = Playbook(webhook_shape=shape, transcript=transcript).parked()
    begin(book, "transcribe")
    stop(book, "transcribe")
    assert book.bodies[0]["event_type"] == f"calling.transcript.{transcript}"


@pytest.mark.parametrize("name", ["live_transcribe", "live_translate"])
def test_summary_goes_to_the_webhook(name: str) -> None:
    book = Playbook().parked()
    ask = {"action": {"summarize": {"webhook": HOOK, "prompt": "Briefly."}}}
    assert book.post(f"calling.{name}", **ask).status == 404
    begin(book, name)
    assert book.post(f"calling.{name}", **ask).status == 200
    assert book.hooks == [f"{name}.summary"]


def test_message_is_injected_into_a_live_translation() -> None:
    book = Playbook().parked()
    inject = {"action": {"inject": {"message": "Hello.", "direction": "remote-caller"}}}
    assert book.post("calling.live_translate", **inject).status == 404
    begin(book, "live_translate")
    assert book.post("calling.live_translate", **inject).status == 200
    assert "live_translate.injected" in logged(book)


@pytest.mark.parametrize("name", ["send_fax", "receive_fax"])
def test_fax_is_stopped_and_its_swml_goes_on(name: str) -> None:
    book = Playbook().parked()
    book.redirect({name: {"control_id": "f"}}, {"play": {"url": "say:bye"}}, {"sleep": {"duration": -1}})
    assert [(each.kind, each.control_id) for each in book.call.operations] == [(name, "f")]
    assert book.post(f"calling.{name}.stop", control_id="g").status == 404
    assert book.post(f"calling.{name}.stop", control_id="f").status == 200
    assert book.heard == ["bye"]
    assert book.call.left is False
