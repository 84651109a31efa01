"""What is shown of secret and private values, and what is sent."""

from typing import Any

import pytest

from engine.model import marks
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, CommandAnswered, OperationReported, RunRequested
from engine.model.ids import ControlId, RunId
from engine.simulate.transcript import lines, replay
from engine.wire import requests
from tests.playbooks.machine import arrived, compiled

FLOW = """
start: sub
steps:
  sub: {subflow: {flow: ask_it}, next: pin}
  pin:
    ask: {prompt: "PIN?", digits: {max: 4}, speech: {}, secret: true}
    next: bye
  other:
    ask: {prompt: "Which?", digits: {max: 4}}
    next: bye
  bye: {end: hangup}
"""
ASKS = """
start: name
steps:
  name:
    ask: {prompt: "Name?", speech: {}, private: true}
    next: told
  told:
    play: "Hello ${{ steps.name.value }}, ${{ 'and ' + steps.name.value }}!"
    next: back
  back: {return: done_it}
"""


def graph() -> Any:
    return compiled(FLOW.replace("next: bye\n  other", "next: other\n  other"), ask_it=ASKS)


@pytest.mark.parametrize(
    ("op", "hidden"),
    [
        ("0.pin.1.1.collect", True),
        ("1.name.3.2.collect", True),
        ("0.other.1.1.collect", False),
        ("0.name.1.1.collect", False),
    ],
)
@pytest.mark.parametrize("mark", ["partial", "digit", "speech"])
def test_report_of_a_marked_ask_shows_only_that_something_came(op: str, hidden: bool, mark: str) -> None:
    begun = arrived()
    run_id = next(iter(replay(graph(), [begun], uses={}, presence_ms=1)))[1].state.run_id
    fields = {"value": "73519", "digits": "73519", "text": "73519", "confidence": 88.0}
    event = OperationReported(
        at_ms=begun.at_ms, control_id=ControlId(f"{run_id}.{op}"), verb="collect", mark=mark, fields=fields
    )
    told = "\n".join(line.detail for line in lines(graph(), replay(graph(), [begun, event], uses={}, presence_ms=1)))
    assert ("73519" in told) != hidden
    assert (marks.MASK in told) == hidden
    assert "confidence=88" in told


def test_private_pieces_of_a_prompt_are_spoken_and_not_shown() -> None:
    begun = arrived()
    run_id = next(iter(replay(graph(), [begun], uses={}, presence_ms=1)))[1].state.run_id
    control = ControlId(f"{run_id}.1.name.1.1")
    said = {"value": "Kim\ue001 Lee", "text": "Kim\ue001 Lee", "digits": "", "confidence": 90.0}
    events: list[AnyEvent] = [
        begun,
        OperationReported(at_ms=begun.at_ms, control_id=ControlId(f"{control}.play"), verb="play", mark="finished"),
        OperationReported(
            at_ms=begun.at_ms, control_id=ControlId(f"{control}.collect"), verb="collect", mark="speech", fields=said
        ),
        CommandAnswered(at_ms=begun.at_ms, seq=5, kind="rejected", message="no such text: Kim Lee", http_status=422),
    ]
    replayed = list(replay(graph(), events, uses={}, presence_ms=1))
    told = "\n".join(f"{line.what} {line.detail}" for line in lines(graph(), replayed))
    assert "calling.play “Hello •••, •••!”" in told
    assert "Kim" not in told
    assert "Lee" not in told
    (play,) = [one for one in replayed[2][1].commands if isinstance(one, SendCommand) and one.command == "calling.play"]
    sent = requests.body(play)["params"]["play"][0]["params"]["text"]
    assert sent == "Hello Kim Lee, and Kim Lee!"


def test_marks_from_elsewhere_hide_more_and_never_less() -> None:
    assert marks.shown(f"a \ue000b {marks.marked('secret')} c") == "a ••• c"
    assert marks.shown(f"a \ue001b {marks.marked('secret')} c") == "a b ••• c"
    assert marks.shown("a \ue000b") == "a •••"
    assert marks.shown(marks.marked("x\ue001y\ue000z")) == "•••"
    assert marks.sent({"a": [f"{marks.marked('x')}!", 1, None]}) == {"a": ["x!", 1, None]}


def test_request_that_starts_a_run_shows_no_inputs() -> None:
    outbound = compiled("inputs: {pin: {type: string, secret: true}}\nstart: bye\nsteps:\n  bye: {end: hangup}\n")
    event = RunRequested(at_ms=1, run_id=RunId("o" * 21), to="+1", from_="+2", inputs={"pin": "73519"})
    told = [line.detail for line in lines(outbound, replay(outbound, [event], uses={}, presence_ms=1))]
    assert not any("73519" in detail for detail in told)
