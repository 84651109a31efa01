"""Faults and options as they are typed."""

from typing import Any

import pytest

from engine.exchange.fault_text import FaultTextError, check_faults, read_fault, read_options
from engine.exchange.faults import ANSWER_FAULTS, WEBHOOK_FAULTS, Fault
from engine.exchange.options import ExchangeOptions, Rate


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("play.finished:drop", Fault(kind="play.finished", do="drop")),
        ("play.finished:drop:2", Fault(kind="play.finished", do="drop", nth=2)),
        ("play.*:duplicate:all", Fault(kind="play.*", do="duplicate", nth=0)),
        ("*:reorder:12.5%", Fault(kind="*", do="reorder", probability=0.125)),
        ("collect.digit:delay:1:500ms", Fault(kind="collect.digit", do="delay", delay_ms=500)),
        ("calling.play:late:all:3s", Fault(kind="calling.play", do="late", nth=0, delay_ms=3_000)),
        ("play:fail:all", Fault(kind="play", do="fail", nth=0)),
        ("dial:execute_500", Fault(kind="dial", do="execute_500")),
    ],
)
def test_fault_is_read(text: str, fault: Fault) -> None:
    assert read_fault(text) == fault


@pytest.mark.parametrize("do", WEBHOOK_FAULTS)
def test_every_fault_of_webhooks_can_be_typed(do: str) -> None:
    assert read_fault(f"play.finished:{do}").do == do


@pytest.mark.parametrize("do", ANSWER_FAULTS)
def test_every_fault_of_answers_can_be_typed(do: str) -> None:
    assert read_fault(f"calling.play:{do}").do == do


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("play.finished", "want KIND:DO"),
        (":drop", "want KIND:DO"),
        ("a:drop:1:1s:x", "want KIND:DO"),
        ("play.finished:explode", "want one of drop"),
        ("play.finished:late", "is none"),
        ("calling.play:drop", "happens to webhooks"),
        ("tap:fail", "which can fail"),
        ("play.finshed:drop", "one of play.playing, play.paused, play.finished, play.error, or a pattern"),
        ("plya.finished:drop", "one of call.created, .*, ai_sidecar.answered"),
        ("calling.ply:late", "want one of .*calling.play"),
        ("play.finished:drop:0", "a number from 1"),
        ("play.finished:drop:often", "a number from 1"),
        ("play.finished:delay:1:3", "a delay such as"),
    ],
)
def test_fault_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(FaultTextError, match=reason):
        read_fault(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("overlap=mix", {"overlap": "mix"}),
        ("status_null=false", {"status_null": False}),
        ("answer_after_ms=10", {"answer_after_ms": 10}),
        ('audio_lengths_ms={"https://a.test/x": 3}', {"audio_lengths_ms": {"https://a.test/x": 3}}),
        ('rate={"posts": 5}', {"rate": Rate(posts=5)}),
    ],
)
def test_option_is_read_with_its_type(text: str, expected: dict[str, Any]) -> None:
    assert read_options([text]) == expected
    assert ExchangeOptions(**read_options([text])) == ExchangeOptions(**expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("overlap", "want NAME=VALUE with one of"),
        ("shape=flat", "want NAME=VALUE with one of"),
        ("overlap=sing", "want one of queue, mix, refuse$"),
        ("status_null=maybe", "want true or false$"),
        ("answer_after_ms=soon", "want a whole number from 0$"),
        ("ending_ms=-5", "want a whole number from 0$"),
        ("tts_chars_per_s=0", "want a whole number from 1$"),
        ("rate={", "want a map as JSON, with posts"),
        ('rate={"posts": -1}', "want a map as JSON, with posts"),
        ("numbers=x", "want a map as JSON from texts to texts$"),
        ('audio_lengths_ms={"https://a.test/x": -3}', "to whole numbers from 0$"),
        ("faults=x", "want a list as JSON"),
        ('faults=[{"kind": "play.finshed", "do": "drop"}]', "no such webhook"),
    ],
)
def test_option_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(FaultTextError, match=reason):
        read_options([text])


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="play.finished", do="drop", nth=-1),
        Fault(kind="play.finished", do="delay", delay_ms=-1),
        Fault(kind="play.finished", do="drop", probability=1.5),
    ],
)
def test_numbers_of_a_fault_have_bounds(fault: Fault) -> None:
    with pytest.raises(FaultTextError, match="is a number from"):
        check_faults([fault])
