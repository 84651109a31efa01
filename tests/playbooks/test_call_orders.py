"""Orders about the call, one by one: sent as they are written, over when they are answered."""

from typing import Any

import pytest

from engine.model.verbs import VERB, VERBS
from tests.playbooks.playbook import Playbook, call

ORDERS: dict[str, tuple[str, dict[str, Any]]] = {
    "denoise": ("{}", {}),
    "denoise.stop": ("{}", {}),
    "disconnect": ("{}", {}),
    "live_transcribe": ("{action: stop}", {"action": "stop"}),
    "live_translate": (
        "{action: {inject: {message: One moment., direction: remote-caller}}}",
        {"action": {"inject": {"message": "One moment.", "direction": "remote-caller"}}},
    ),
    "user_event": ('{event: {caller: "${{ call.from }}"}}', {"event": {"caller": "+15550177"}}),
    "ai_hold": ('{timeout: "300"}', {"timeout": "300"}),
    "ai_unhold": ("{}", {}),
    "ai_message": ("{role: system, message_text: Be brief.}", {"role": "system", "message_text": "Be brief."}),
    "ai_sidecar": ("{lang: en-US, prompt: Advise.}", {"lang": "en-US", "prompt": "Advise."}),
    "ai_sidecar.poke": ('{text: "It is ${{ call.from }}."}', {"text": "It is +15550177."}),
    "ai_sidecar.ask": ("{text: What now?}", {"text": "What now?"}),
    "ai_sidecar.status": ("{}", {}),
    "ai_sidecar.stop": ("{}", {}),
    "ai.stop": ("ai-1", {"control_id": "ai-1"}),
    "send_fax.stop": ("fax-1", {"control_id": "fax-1"}),
    "receive_fax.stop": ('{control_id: "fax-${{ call.from }}"}', {"control_id": "fax-+15550177"}),
}
"""Name: the value as it is written, and the params that are sent."""
FLOW = """
start: order
steps:
  order:
    VERB: VALUE
    next: {accepted: rest, rejected: refused, error: failed, lost: unknown}
  rest:
    wait: 5s
    next: bye
  refused: {end: busy}
  failed: {end: error}
  unknown: {end: decline}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone}
"""
LITERAL = [order for order in ORDERS if VERB[order].literal]
every = pytest.mark.parametrize("order", ORDERS)


def ordering(order: str) -> Playbook:
    return call(FLOW.replace("VERB", order).replace("VALUE", ORDERS[order][0]))


def test_every_order_about_the_call_is_played_here() -> None:
    alone = {"dial", "update"}
    assert set(ORDERS) == {verb.name for verb in VERBS if verb.shape == "order" and not verb.of} - alone


@every
def test_order_is_sent_as_it_is_written(order: str) -> None:
    p = ordering(order)
    sent = p.sent(f"calling.{order}")
    assert sent.command.params == ORDERS[order][1]
    assert sent.command.control_id is None
    assert not sent.command.reports
    p.at("order")
    sent.accepted()
    p.at("rest").passes("5s").sent("calling.end").accepted()
    p.ended("hangup")


@every
@pytest.mark.parametrize(
    ("answer", "reason"), [("rejected", "busy"), ("unavailable", "error"), ("unanswered", "decline")]
)
def test_order_not_accepted_is_told_apart(order: str, answer: str, reason: str) -> None:
    p = ordering(order)
    getattr(p.sent(f"calling.{order}"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)
    assert p.result("order")["code"]


@every
def test_order_without_answer_is_lost(order: str) -> None:
    p = ordering(order)
    p.sent(f"calling.{order}")
    p.passes("30s").looks_up().found("answered")  # the call is quiet
    p.passes("15s").sent("calling.end", reason="decline").accepted()
    p.ended("decline")


@pytest.mark.parametrize("order", LITERAL)
def test_stop_of_what_swml_has_started_that_finds_nothing_is_accepted(order: str) -> None:
    p = ordering(order)
    p.sent(f"calling.{order}").gone()
    p.at("rest")


ABOUT_THE_CALL = ("denoise", "user_event", "ai_sidecar")
"""These name nothing else, so a 404 to them is the call's."""


@pytest.mark.parametrize("order", ABOUT_THE_CALL)
def test_order_that_names_only_the_call_and_finds_nothing_is_a_hangup(order: str) -> None:
    p = ordering(order)
    p.sent(f"calling.{order}").gone()
    p.ended("hangup")
    assert p.path == ["order", "gone"]


@pytest.mark.parametrize("order", [order for order in ORDERS if order not in (*LITERAL, *ABOUT_THE_CALL)])
@pytest.mark.parametrize("found", ["answered", "ended"])
def test_order_that_finds_nothing_is_rejected_and_the_call_looked_up(order: str, found: str) -> None:
    """The 404 may be about a sidecar that is not there, or about the call."""
    flow = FLOW.replace("rejected: refused", "rejected: rest")
    p = call(flow.replace("VERB", order).replace("VALUE", ORDERS[order][0]))
    p.sent(f"calling.{order}").gone()
    asked = p.looks_up()
    p.at("rest")
    assert p.result("order") == {"outcome": "rejected", "code": "http_404", "message": ""}
    asked.found(found)
    if found == "ended":
        p.ended("hangup")
        assert p.path == ["order", "rest", "gone"]
    else:
        p.at("rest")


@every
def test_order_unanswered_by_a_crash_is_repeated_only_where_twice_is_once(order: str) -> None:
    p = ordering(order)
    p.sent(f"calling.{order}")
    p.resumes()
    if VERB[order].repeat == "safe":
        again = p.sent(f"calling.{order}")
        assert again.command.repeated
        again.accepted()
        p.at("rest")
    else:
        p.was("skipped").sent("calling.end", reason="decline").accepted()
        p.ended("decline")


SIDECAR = """
start: attach
steps:
  attach:
    ai_sidecar: {lang: en-US, prompt: Advise., url: "https://ivr.example.com/sidecar"}
    next: {accepted: question, rejected: alone}
  question:
    ai_sidecar.ask: {text: What now?}
    next: {accepted: state, rejected: alone}
  state:
    ai_sidecar.status: {}
    next: look
  look:
    branch:
      - if: steps.state.status.contains('state=listening') && steps.question.ask_id != ''
        next: detach
      - else: alone
  detach:
    ai_sidecar.stop: {}
    next: bye
  alone: {end: busy}
  bye: {end: hangup}
"""


def attached() -> Playbook:
    return call(SIDECAR).sent("calling.ai_sidecar").accepted()


def test_sidecar_is_asked_and_says_how_it_stands() -> None:
    p = attached()
    p.sent("calling.ai_sidecar.ask", text="What now?").accepted(ask_id="ask-7")
    p.sent("calling.ai_sidecar.status").accepted(status="+OK state=listening turns=3")
    assert p.result("question") == {"outcome": "accepted", "ask_id": "ask-7"}
    assert p.result("state") == {"outcome": "accepted", "status": "+OK state=listening turns=3"}
    p.sent("calling.ai_sidecar.stop").accepted()
    p.sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")


def test_answer_without_the_field_leaves_it_empty() -> None:
    p = attached()
    p.sent("calling.ai_sidecar.ask").accepted()
    assert p.result("question") == {"outcome": "accepted", "ask_id": ""}
    p.sent("calling.ai_sidecar.status").accepted(status="+OK state=listening")
    p.sent("calling.end", reason="busy").accepted()


def test_second_sidecar_is_rejected() -> None:
    p = call(SIDECAR)
    p.sent("calling.ai_sidecar").rejected("sidecar_exists")
    p.sent("calling.end", reason="busy").accepted()
    assert p.result("attach")["code"] == "sidecar_exists"
