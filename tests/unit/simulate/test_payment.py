"""The shipped flow `payment`: what a run knows, and a journal keeps, has nothing of the caller's card."""

from engine.cli import shipped
from engine.compile import compile_bundle
from engine.exchange.caller import Decides, Hears, Presses
from engine.exchange.decisions import Verdict
from engine.model.codec import encode
from engine.model.events import CallReturned
from engine.simulate import simulate
from engine.simulate.scenario import Replies, Reply, Scenario

CARD = (b"1111", b"visa", b"1230", b"payment_card")
"""What the platform's variables hold of the card after a payment."""


def test_nothing_of_the_card_comes_back_to_the_run() -> None:
    graph = compile_bundle(shipped.flow("payment").bundle).graph
    assert graph is not None
    script = (
        *(Hears(text="six digits"), Presses(digits="204722"), Hears(text="is open with"), Presses(digits="1")),
        *(Decides(about="pay", verdict=Verdict(word="success")), Hears(text="Your receipt number")),
    )
    due = Replies(each=(Reply(body={"amount": "20.50", "paid": False}),))
    uses = {"billing_api": "https://b.test", "payment_connector": "https://c.test", "front_desk": "+15550142"}
    uses |= {"messages_api": "https://m.test"}
    told = Replies(each=(Reply(body={"receipt": "R42"}),))
    found = simulate(graph, Scenario(script=script, uses=uses, replies={"lookup": due, "tell_billing": told}))
    events = [one[0] for one in found.happened if isinstance(one, tuple)]
    (back,) = (event for event in events if isinstance(event, CallReturned))
    assert (back.outcome, back.vars["pay_result"]) == ("paid", "success")
    assert back.params["confirmation"]
    assert any("20 dollars and 50 cents for invoice" in text for text in found.heard)
    kept = b"".join(encode(event) for event in events)
    assert not [word for word in CARD if word in kept]
