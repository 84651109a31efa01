"""Shapes, delays and faults of webhooks."""

import pytest

from engine.exchange.apply import next_due_ms
from engine.exchange.effects import Deliver
from engine.exchange.options import Fault
from tests.unit.exchange.playbook import HOOK, Playbook


def test_flat_shape() -> None:
    book = Playbook().parked()
    book.say("hello")
    (delivery,) = book.of(Deliver)
    assert (delivery.url, delivery.method, delivery.control_id) == (HOOK, "POST", "p")
    assert delivery.body == {
        "control_id": "p",
        "call_id": book.call_id,
        "node_id": book.call.node_id,
        "segment_id": book.call.segment_id,
        "state": "playing",
    }


def test_envelope_shape() -> None:
    book = Playbook(webhook_shape="envelope").parked()
    book.wait(1_500)
    book.say("hello")
    (body,) = book.bodies
    assert (body["event_type"], body["timestamp"]) == ("calling.call.play", 1.5)
    assert {"event_channel", "project_id", "space_id"} < set(body)
    assert body["params"]["state"] == "playing"


def test_event_type_can_be_the_short_one() -> None:
    book = Playbook(webhook_shape="envelope", event_types="short", inbound_call_state=True, inbound_status_url=HOOK)
    book.parked()
    book.say("hello")
    book.hangs_up()
    types = [effect.body["event_type"] for effect in book.all_effects if isinstance(effect, Deliver)]
    assert set(types) == {"calling.call.state", "calling.play"}


def test_delayed_webhooks_are_due_in_their_order() -> None:
    book = Playbook(webhook_delay_ms=300).parked()
    book.say("x")
    assert book.hooks == []
    assert next_due_ms(book.state) is not None
    book.wait(299)
    assert book.hooks == []
    book.wait(500)
    assert book.hooks == ["play.playing", "play.finished"]


def test_delayed_webhook_outlives_its_call() -> None:
    book = Playbook(webhook_delay_ms=300).parked()
    book.say("a long prompt")
    book.hangs_up()
    book.wait(300)
    assert book.hooks == ["play.playing"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(kind="play.finished", do="drop"), ["play.playing", "play.playing", "play.finished"]),
        (Fault(kind="play.finished", do="drop", nth=2), ["play.playing", "play.finished", "play.playing"]),
        (Fault(kind="play.finished", do="drop", nth=0), ["play.playing", "play.playing"]),
        (
            Fault(kind="play.playing", do="duplicate"),
            ["play.playing", "play.playing", "play.finished", "play.playing", "play.finished"],
        ),
        (
            Fault(kind="play.playing", do="delay", delay_ms=60_000),
            ["play.finished", "play.playing", "play.finished", "play.playing"],
        ),
    ],
)
def test_fault_happens_to_the_nth_of_its_kind(fault: Fault, expected: list[str]) -> None:
    book = Playbook(faults=(fault,)).parked()
    book.say("one", "p1")
    book.wait(1_000)
    book.say("two", "p2")
    book.run()
    assert book.all_hooks == expected


def test_doubled_webhook_has_the_same_body_twice() -> None:
    book = Playbook(faults=(Fault(kind="play.playing", do="duplicate"),)).parked()
    book.say("one")
    first, second = book.of(Deliver)
    assert first.body == second.body
    assert first.n != second.n
