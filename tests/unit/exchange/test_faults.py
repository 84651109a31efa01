"""Faults as data: of webhooks and of answers, by place and by chance, of the exchange and of one call."""

from typing import Any

import pytest

from engine.exchange.apply import next_due_ms
from engine.exchange.faults import Fault, chance, happens
from tests.unit.exchange.playbook import HOOK, Playbook, code, marks


def test_chance_is_a_function_of_seed_and_count() -> None:
    draws = [chance("a", count) for count in range(1_000)]
    assert draws == [chance("a", count) for count in range(1_000)]
    assert draws != [chance("b", count) for count in range(1_000)]
    assert all(0 <= draw < 1 for draw in draws)
    assert 0.45 < sum(draws) / len(draws) < 0.55


def test_each_fault_counts_for_itself() -> None:
    faults = (Fault(kind="play.*", do="drop", nth=3), Fault(kind="play.finished", do="duplicate", nth=1))
    counts: tuple[int, ...] = ()
    done = []
    for kind in ("play.playing", "play.finished", "play.playing", "play.finished"):
        found = happens(faults, counts, kind=kind, of=("drop", "duplicate"), seed="s", rolled=0)
        counts = found.counts
        done.append(found.fault and found.fault.do)
    assert done == [None, "duplicate", "drop", None]
    assert counts == (4, 2)


def test_reordered_webhook_leaves_after_the_next_of_its_call() -> None:
    book = Playbook(faults=(Fault(kind="play.playing", do="reorder"),)).parked()
    book.say("hello")
    assert book.hooks == []
    book.run()
    assert book.all_hooks == ["play.finished", "play.playing"]
    assert next_due_ms(book.state) is None


def test_reordered_webhook_without_a_next_one_leaves_when_its_delay_is_over() -> None:
    book = Playbook(faults=(Fault(kind="play.finished", do="reorder", delay_ms=700),)).parked()
    book.say("hello there fish")
    book.run()
    assert book.all_hooks == ["play.playing", "play.finished"]
    assert book.now_ms == 1_142 + 700


def test_probability_drops_about_as_many_and_always_the_same() -> None:
    def survivors() -> list[str]:
        book = Playbook(faults=(Fault(kind="play.*", do="drop", probability=0.3),)).parked()
        for n in range(50):
            book.say("x", f"p{n}")
        book.run(steps=500)
        return book.all_hooks

    assert 50 < len(survivors()) < 90
    assert survivors() == survivors()


def test_fault_of_one_call_spares_the_others() -> None:
    book = Playbook().parked(faults=(Fault(kind="play.finished", do="drop"),))
    book.say("one", "p1")
    book.run()
    book.say("two", "p2")
    book.run()
    assert marks(book, "play") == ["playing", "playing", "finished"]
    other = Playbook().parked()
    other.say("one")
    other.run()
    assert marks(other, "play") == ["playing", "finished"]


def test_fault_of_a_number_is_that_of_the_dialled_call() -> None:
    book = Playbook().set_callee("+15557777", faults=(Fault(kind="call.answered", do="drop"),))
    book.dial()
    book.run()
    assert marks(book, "call") == ["created", "ringing"]


@pytest.mark.parametrize(
    ("do", "status", "send", "carried_out"),
    [
        ("429", 429, "answer", False),
        ("500", 500, "answer", False),
        ("html", 502, "answer", False),
        ("hang", 0, "hang", False),
        ("execute_hang", 0, "hang", True),
        ("execute_500", 500, "answer", True),
        ("reset", 0, "reset", True),
        ("late", 200, "answer", True),
    ],
)
def test_fault_of_an_answer(do: str, status: int, send: str, carried_out: bool) -> None:
    book = Playbook(faults=(Fault(kind="calling.play", do=do, delay_ms=3_000),)).parked()  # type: ignore[arg-type]
    answer = book.say("hello")
    assert (answer.status, answer.send) == (status, send)
    assert answer.late_ms == (3_000 if do == "late" else 0)
    assert bool(book.call.operations) is carried_out
    assert book.hooks == (["play.playing"] if carried_out else [])
    again = book.say("hello", "p2")
    assert (again.status, again.send, again.late_ms) == (200, "answer", 0)


def test_page_of_a_proxy_is_no_json() -> None:
    book = Playbook(faults=(Fault(kind="calling.*", do="html"),)).parked()
    answer = book.say("hello")
    assert answer.text.startswith("<!doctype html>")
    assert answer.content_type.startswith("text/html")


def test_429_says_when_to_come_back() -> None:
    answer = Playbook(faults=(Fault(kind="*", do="429"),)).parked().say("hello")
    assert (code(answer), answer.headers["Retry-After"]) == ("rate_limit_exceeded", "1")


def test_answers_to_one_call_and_to_one_number() -> None:
    faults = (Fault(kind="calling.play", do="500"), Fault(kind="dial", do="execute_500"))
    book = Playbook().set_callee("+15557777", faults=faults)
    assert book.dial().status == 500
    (call_id,) = book.state.calls
    book.call_id = call_id
    book.wait(2_100)
    assert book.say("hello").status == 500
    assert book.say("hello").status == 200


def test_update_meets_the_faults_of_its_call() -> None:
    book = Playbook().parked(faults=(Fault(kind="update", do="reset"),))
    answer = book.post("update", id=book.call_id, status="completed")
    assert (answer.send, book.call.state) == ("reset", "ended")


def test_webhook_faults_leave_answers_alone_and_the_other_way_round() -> None:
    book = Playbook(faults=(Fault(kind="*", do="drop", nth=0), Fault(kind="*", do="500", nth=2))).parked()
    assert book.say("one", "p1").status == 200
    assert book.say("two", "p2").status == 500
    assert book.all_hooks == []


def test_fault_outlives_nothing() -> None:
    book = Playbook(faults=(Fault(kind="play.playing", do="reorder"),)).parked()
    book.say("hello")
    book.hangs_up()
    book.run()
    assert book.all_hooks == ["play.playing"]
    assert book.post("calling.play", control_id="p", play=[], status_url=HOOK).status == 404


@pytest.mark.parametrize(
    ("command", "params", "said"),
    [
        ("play", {"play": [{"type": "tts", "params": {"text": "x"}}]}, {"state": "error"}),
        ("record", {"record": {"audio": {}}}, {"state": "error"}),
        ("collect", {"digits": {"max": 1}}, {"result": {"type": "error"}}),
        ("collect", {"digits": {"max": 1}, "continuous": True}, {"state": "error"}),
    ],
)
def test_operation_that_fails_was_accepted_and_is_over(
    command: str, params: dict[str, Any], said: dict[str, Any]
) -> None:
    book = Playbook(faults=(Fault(kind=command, do="fail"),)).parked()
    assert book.post(f"calling.{command}", control_id="x", status_url=HOOK, **params).status == 200
    assert book.hooks == [f"{command}.error"]
    assert said.items() <= book.bodies[0].items()
    assert book.call.operations == ()
    assert book.post(f"calling.{command}", control_id="y", status_url=HOOK, **params).status == 200
    assert len(book.call.operations) == 1


def test_playback_that_fails_lets_the_next_one_begin() -> None:
    book = Playbook(faults=(Fault(kind="play", do="fail", nth=2),)).parked()
    for n in range(3):
        book.say(f"text {n}", f"p{n}")
    book.run()
    assert marks(book, "play") == ["playing", "finished", "error", "playing", "finished"]
    assert book.heard == ["text 0", "text 2"]
