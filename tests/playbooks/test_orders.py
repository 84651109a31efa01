"""Orders: play.stop, collect.stop, record.stop, collect.start_input_timers, update: over when they are answered."""

import pytest

from tests.playbooks.playbook import Playbook, call

STARTS = {
    "play": 'play: "Music."',
    "collect": "collect: {digits: {max: 4}, start_input_timers: false}",
    "record": "record: {beep: true}",
}
ORDERS = {
    "play.stop": "play",
    "collect.stop": "collect",
    "record.stop": "record",
    "collect.start_input_timers": "collect",
}
FLOW = """
start: begin
steps:
  begin:
    {start}
    background: true
    next: order
  order:
    {order}: begin
    next: {{accepted: rest, rejected: refused, error: failed, lost: unknown}}
  rest:
    wait: 5s
    next: bye
  refused: {{end: busy}}
  failed: {{end: error}}
  unknown: {{end: decline}}
  bye: {{end: hangup}}
"""
ENDS = {"play": "finished", "collect": "no_input", "record": "finished"}


def begun(order: str) -> Playbook:
    verb = ORDERS[order]
    p = call(FLOW.format(start=STARTS[verb], order=order))
    p.sent(f"calling.{verb}").accepted()
    return p


@pytest.mark.parametrize("order", ORDERS)
def test_order_accepted_goes_on(order: str) -> None:
    p = begun(order)
    sent = p.sent(f"calling.{order}")
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
    p = call(FLOW.format(start=STARTS[verb], order=order))
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
    if order == "record.stop":
        p.passes("10s").looks_up().found("ended")  # the recording's last report is waited for
    p.ended(reason)


@pytest.mark.parametrize("order", ORDERS)
def test_order_without_answer_is_lost(order: str) -> None:
    p = begun(order)
    p.sent(f"calling.{order}")
    p.passes("45s")
    assert p.path[-1] == "unknown"
    p.unnamed.clear()


@pytest.mark.parametrize(("order", "outcome"), [("play.stop", "finished"), ("collect.stop", "no_input")])
def test_stop_without_report_ends_the_operation_all_the_same(order: str, outcome: str) -> None:
    p = begun(order)
    p.sent(f"calling.{order}").accepted()
    p.passes("5s").sent("calling.end")
    p.passes("10s")
    assert p.result("begin")["outcome"] == outcome


@pytest.mark.parametrize("order", ["play.stop", "collect.stop", "record.stop"])
def test_stop_of_what_is_being_stopped_sends_nothing(order: str) -> None:
    flow = FLOW.format(start=STARTS[ORDERS[order]], order=order).replace("accepted: rest", "accepted: once_more")
    p = call(flow + f"  once_more: {{{order}: begin, next: rest}}\n")
    p.sent(f"calling.{ORDERS[order]}").accepted()
    p.sent(f"calling.{order}").accepted()
    p.was("skipped").at("rest")


UPDATE = """
start: other
steps:
  other:
    update: {id: 0e9c80d7-a149-4917-892d-420043709f46, status: completed}
    next: {accepted: bye, rejected: refused, lost: unknown}
  own:
    update: {status: completed}
    next: bye
  bye: {end: hangup}
  refused: {end: busy}
  unknown: {end: decline}
"""


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("accepted", "hangup"), ("rejected", "busy"), ("gone", "busy"), ("unanswered", "decline")],
)
def test_update_of_another_leg_says_nothing_of_this_call(answer: str, reason: str) -> None:
    p = call(UPDATE)
    sent = p.sent("update", id="0e9c80d7-a149-4917-892d-420043709f46", status="completed")
    getattr(sent, answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)


def test_update_of_the_own_call_that_is_gone_is_a_hangup() -> None:
    p = call(UPDATE.replace("start: other", "start: own"))
    p.sent("update", status="completed").gone()
    p.ended("hangup")
