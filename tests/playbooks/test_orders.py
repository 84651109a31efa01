"""Orders about a handle (stops, pauses, the timers, the volume): over when they are answered."""

from typing import Any

import pytest

from engine.model.verbs import VERBS
from tests.playbooks.playbook import Playbook, call

STARTS = {
    "play": 'play: "Music."',
    "collect": "collect: {digits: {max: 4}, start_input_timers: false}",
    "record": "record: {beep: true}",
    "detect": "detect: {type: machine}",
    "tap": "tap: {tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: wss://m.example.com}}}",
    "stream": "stream: {url: wss://media.example.com/audio}",
    "transcribe": "transcribe: {}",
}
ORDERS = {
    "play.stop": "play",
    "play.pause": "play",
    "play.resume": "play",
    "play.volume": "play",
    "collect.stop": "collect",
    "collect.start_input_timers": "collect",
    "record.stop": "record",
    "record.pause": "record",
    "record.resume": "record",
    "detect.stop": "detect",
    "tap.stop": "tap",
    "stream.stop": "stream",
    "transcribe.stop": "transcribe",
}
STOPS = [order for order in ORDERS if order.endswith(".stop")]
PARAMS: dict[str, dict[str, Any]] = {"play.volume": {"volume": -6}, "record.pause": {"behavior": "silence"}}
FLOW = """
start: begin
steps:
  begin:
    {start}
    background: true
    next: order
  order:
    {order}: {value}
    next: {{accepted: rest, rejected: refused, error: failed, lost: unknown}}
  rest:
    wait: 5s
    next: bye
  refused: {{end: busy}}
  failed: {{end: error}}
  unknown: {{end: decline}}
  bye: {{end: hangup}}
"""
ENDS = {
    "play": "finished",
    "collect": "no_input",
    "record": "finished",
    "detect": "human",
    "tap": "finished",
    "stream": "finished",
    "transcribe": "completed",
}
"""A mark with which each of them ends."""
STOPPED = {"collect": "no_input", "detect": "timeout"}
"""The outcome of what was stopped, where it is not `finished`."""
SETTLING = ("record", "transcribe")


def written(order: str) -> str:
    more = "".join(f", {name}: {value}" for name, value in PARAMS.get(order, {}).items())
    value = f"{{handle: begin{more}}}" if more else "begin"
    return FLOW.format(start=STARTS[ORDERS[order]], order=order, value=value)


def begun(order: str) -> Playbook:
    verb = ORDERS[order]
    p = call(written(order))
    p.sent(f"calling.{verb}").accepted()
    return p


@pytest.mark.parametrize("order", ORDERS)
def test_order_accepted_goes_on(order: str) -> None:
    p = begun(order)
    sent = p.sent(f"calling.{order}", **PARAMS.get(order, {}))
    assert sent.command.control_id == p.control_id("begin", ORDERS[order])
    p.at("order")
    sent.accepted()
    p.at("rest")
    p.report("begin", ORDERS[order], ENDS[ORDERS[order]]).at("rest")
    p.passes("5s").sent("calling.end").accepted()
    p.ended("hangup")


@pytest.mark.parametrize("order", ORDERS)
def test_order_that_finds_nothing_is_accepted(order: str) -> None:
    """404 to an order says that the operation is over, not that the call is."""
    p = begun(order)
    p.sent(f"calling.{order}").gone()
    p.at("rest")


@pytest.mark.parametrize("order", ORDERS)
def test_order_to_a_handle_that_is_over_sends_nothing(order: str) -> None:
    verb = ORDERS[order]
    p = call(written(order))
    begin = p.sent(f"calling.{verb}")
    p.report("begin", verb, ENDS[verb]).was("skipped").at("rest")
    begin.accepted().at("rest")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("answer", "reason"), [("rejected", "busy"), ("unavailable", "error"), ("unanswered", "decline")]
)
def test_order_not_accepted_is_told_apart(order: str, answer: str, reason: str) -> None:
    p = begun(order)
    getattr(p.sent(f"calling.{order}"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    if ORDERS[order] in SETTLING:
        p.passes("10s").looks_up().found("ended")  # its last report is waited for
    p.ended(reason)


@pytest.mark.parametrize("order", ORDERS)
def test_order_without_answer_is_lost(order: str) -> None:
    p = begun(order)
    p.sent(f"calling.{order}")
    p.passes("45s")
    assert p.path[-1] == "unknown"
    p.unnamed.clear()


@pytest.mark.parametrize("order", STOPS)
def test_stop_without_report_ends_the_operation_all_the_same(order: str) -> None:
    p = begun(order)
    p.sent(f"calling.{order}").accepted()
    p.passes("5s").sent("calling.end")
    p.passes("10s")
    assert p.result("begin")["outcome"] == STOPPED.get(ORDERS[order], "finished")


@pytest.mark.parametrize("order", STOPS)
def test_stop_of_what_is_being_stopped_sends_nothing(order: str) -> None:
    flow = written(order).replace("accepted: rest", "accepted: once_more")
    p = call(flow + f"  once_more: {{{order}: begin, next: rest}}\n")
    p.sent(f"calling.{ORDERS[order]}").accepted()
    p.sent(f"calling.{order}").accepted()
    p.was("skipped").at("rest")


def test_every_order_about_a_handle_is_played_here() -> None:
    assert set(ORDERS) == {verb.name for verb in VERBS if verb.of}


@pytest.mark.parametrize("order", ORDERS)
def test_order_to_an_operation_that_was_never_started_sends_nothing(order: str) -> None:
    p = call(written(order).replace("start: begin", "start: order"))
    p.was("skipped").at("rest")


@pytest.mark.parametrize("order", ["play.pause", "record.pause"])
def test_paused_operation_lives_on_and_resumes(order: str) -> None:
    verb = ORDERS[order]
    flow = written(order).replace("accepted: rest", "accepted: again")
    p = call(flow + f"  again: {{{verb}.resume: begin, next: rest}}\n")
    p.sent(f"calling.{verb}").accepted()
    p.sent(f"calling.{order}").accepted()
    resume = p.sent(f"calling.{verb}.resume")
    p.report("begin", verb, "paused").at("again")
    resume.accepted()
    p.report("begin", verb, "playing" if verb == "play" else "recording").at("rest")
    p.report("begin", verb, "finished").at("rest")
    assert p.result("begin")["outcome"] == "finished"
