"""How something turns out, as text."""

import pytest

from engine.exchange.caller import Decides
from engine.exchange.decision_text import DecisionTextError, read_decision, write_decision
from engine.exchange.decisions import About, Verdict


@pytest.mark.parametrize(
    ("about", "text", "verdict"),
    [
        ("bridge", "talks", Verdict(word="talks")),
        ("bridge", "talks 60s", Verdict(word="talks", talk_ms=60_000)),
        ("queue", " talks 1.5s after 2m ", Verdict(word="talks", talk_ms=1_500, after_ms=120_000)),
        ("bridge", "no_answer after 500ms", Verdict(word="no_answer", after_ms=500)),
        ("pay", "payment-connector-error", Verdict(word="payment-connector-error")),
        ("peer", "hangs_up", Verdict(word="hangs_up")),
    ],
)
def test_decision_is_read_and_written(about: About, text: str, verdict: Verdict) -> None:
    assert read_decision(about, text) == Decides(about=about, verdict=verdict)
    assert read_decision(about, write_decision(verdict)) == Decides(about=about, verdict=verdict)


@pytest.mark.parametrize(
    ("about", "text", "why"),
    [
        ("bridge", "", "is not one of talks, busy"),
        ("bridge", "maybe", "'maybe' is not one of talks, busy"),
        ("bridge", "talks long", "is not one of"),
        ("queue", "busy", "is not one of talks, timeout, failed"),
        ("bridge", "busy 5s", "only `talks` lasts"),
    ],
)
def test_text_that_cannot_be_read_says_why(about: About, text: str, why: str) -> None:
    with pytest.raises(DecisionTextError, match=why):
        read_decision(about, text)
