"""The flows that are shipped: they compile without a word, and their main paths are played."""

from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given

from engine import resources
from engine.compile import compile_bundle, suffix
from engine.model.bundle import Bundle
from engine.model.graph import FlowGraph
from tests.playbooks.chaos import MOVES, Move, ends, plays
from tests.playbooks.machine import CALL_ID, Machine, arrived, requested
from tests.playbooks.playbook import Playbook, call, dialling

SUFFIX = ".flow.yaml"
NAMES = sorted(
    name.removeprefix("flows/").removesuffix(SUFFIX) for name in resources.names("flows") if name.endswith(SUFFIX)
)
USES = {"account_service": "https://accounts.example.com/pin", "front_desk": "+15550142"}
INPUTS: dict[str, Any] = {"name": "Ann", "date": "Tuesday the third of November", "time": "half past nine"}
URL = "https://recordings.example.com/1.mp3"
HOURS, MESSAGE, PERSON = "1", "2", "0"


@cache
def shipped(name: str) -> FlowGraph:
    files = {one.removeprefix("flows/"): resources.read_bytes(one) for one in resources.names("flows")}
    used = {path: data for path, data in files.items() if path == suffix(name) or path.startswith("swml/")}
    found = compile_bundle(Bundle(name, used))
    assert not found.diagnostics
    assert found.graph is not None
    return found.graph


def on(name: str) -> Playbook:
    return call(shipped(name), uses=USES)


def hears(p: Playbook, text: str) -> Playbook:
    """The caller hears a playback of the current step to its end."""
    p.says(text).accepted()
    step = p.state.frame.step
    return p.report(step, "play", "playing").report(step, "play", "finished")


def is_asked(p: Playbook, text: str) -> Playbook:
    """The caller hears the question of an ask to its end."""
    collect, says = p.sent("calling.collect"), p.says(text)
    collect.accepted()
    says.accepted()
    p.report(p.state.frame.step, "play", "finished")
    return p.sent("calling.collect.start_input_timers").accepted()


def presses(p: Playbook, digits: str) -> Playbook:
    return p.report(p.state.frame.step, "collect", "digit", digits=digits)


def leaves_message(p: Playbook, duration: float = 12.5) -> Playbook:
    p.sent("calling.record").accepted()
    step = p.state.frame.step
    p.report(step, "record", "recording")
    return p.report(step, "record", "finished", url=URL, duration=duration)


def is_hung_up(p: Playbook) -> None:
    p.sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")


@pytest.mark.parametrize("name", NAMES)
def test_flow_compiles_without_a_word(name: str) -> None:
    graph = shipped(name)
    description = yaml.safe_load(resources.read_bytes(f"flows/{suffix(name)}"))["description"]
    assert len(description) > 40
    assert graph.handlers.keys() == {"error", "rejected", "lost", "hangup"}
    assert graph.limits.next


@pytest.mark.parametrize("name", NAMES)
def test_flow_every_step_can_be_reached(name: str) -> None:
    graph = shipped(name)
    open_ = [graph.start, *graph.handlers.values(), graph.limits.next]
    reached: set[Any] = set()
    while open_:
        step = open_.pop()
        if step in reached or step is None:
            continue
        reached.add(step)
        one = graph.steps[step]
        open_ += [*one.next.named.values(), one.next.otherwise, one.visits.next if one.visits else None]
        open_ += [target for _, target in getattr(one.value, "cases", ())]
        open_ += [getattr(one.value, "otherwise", None)]
    assert reached == set(graph.steps)


@pytest.mark.parametrize("name", NAMES)
@given(moves=MOVES)
def test_flow_after_anything_ends(name: str, moves: list[Move]) -> None:
    event = requested(**INPUTS) if name == "reminder" else arrived()
    machine = Machine(shipped(name), event, USES)
    plays(machine, moves)
    ends(machine)
    machine.replay()


def test_environment_names_flows_and_binds_what_they_use() -> None:
    environment = yaml.safe_load(resources.read_bytes("flows/environments/sandbox.env.yaml"))
    assert set(environment["routes"].values()) <= set(NAMES)
    assert set(environment["uses"]) == {use for name in NAMES for use in shipped(name).uses}


# reception


def test_reception_hours_and_then_a_person() -> None:
    p = hears(on("reception"), "Riverside Dental")
    presses(is_asked(p, "press 1"), HOURS)
    hears(p, "Monday to Thursday")
    presses(is_asked(p, "press 1"), PERSON)
    p.sent("update").accepted()
    p.ended("redirected")
    assert p.path == ["welcome", "menu", "opening_hours", "menu", "to_desk"]


def test_reception_message_is_taken() -> None:
    p = hears(on("reception"), "Riverside Dental")
    presses(is_asked(p, "press 1"), MESSAGE)
    hears(p, "after the tone")
    leaves_message(p)
    hears(p, "Thank you.")
    is_hung_up(p)


def test_reception_caller_who_hangs_up_while_recording_has_left_a_message() -> None:
    p = hears(on("reception"), "Riverside Dental")
    presses(is_asked(p, "press 1"), MESSAGE)
    hears(p, "after the tone")
    p.sent("calling.record").accepted()
    p.call_state("ended", end_reason="hangup").report("take_message", "record", "finished", url=URL)
    p.ended("hangup")
    assert p.result("take_message")["url"] == URL


def test_reception_silent_caller_is_put_through() -> None:
    p = hears(on("reception"), "Riverside Dental")
    for text in ("press 1", "I did not hear a key. For our", "still did not hear anything."):
        is_asked(p, text).report("menu", "collect", "no_input")
    p.sent("update").accepted()
    p.ended("redirected")


def test_reception_caller_of_wrong_keys_is_put_through() -> None:
    p = hears(on("reception"), "Riverside Dental")
    for text in ("press 1", "not one of the choices", "not one of the choices"):
        presses(is_asked(p, text), "7")
    p.sent("update").accepted()
    p.ended("redirected")


def test_reception_caller_who_goes_round_and_round_is_let_go() -> None:
    p = hears(on("reception"), "Riverside Dental")
    for _ in range(4):
        presses(is_asked(p, "press 1"), HOURS)
        hears(p, "Monday to Thursday")
    hears(p, "cannot help you on this line")
    is_hung_up(p)


def test_reception_desk_that_cannot_be_reached_is_excused() -> None:
    p = hears(on("reception"), "Riverside Dental")
    presses(is_asked(p, "press 1"), PERSON)
    p.sent("update").rejected("call_update_failed")
    hears(p, "cannot help you on this line")
    is_hung_up(p)


# pin_entry


def is_judged(p: Playbook, pin: str, status: int, body: Any = None) -> Playbook:
    """The PIN comes during the prompt."""
    p.asks("four digit PIN").report("pin", "collect", "digit", digits=pin)
    stop = p.sent("calling.play.stop")
    request = p.fetches(USES["account_service"], json={"caller": "+15550177", "pin": pin})
    stop.accepted()
    return request.replied(status, body)


def test_pin_that_the_account_service_knows_is_told_its_appointment() -> None:
    p = is_judged(hears(on("pin_entry"), "Welcome"), "4711", 200, {"appointment": "Monday"})
    hears(p, "on Monday")
    is_hung_up(p)


def test_pin_that_is_wrong_three_times_finds_a_person() -> None:
    p = hears(on("pin_entry"), "Welcome")
    for pin in ("1234", "2345", "3456"):
        hears(is_judged(p, pin, 403), "not the right one")
    hears(p, "somebody who can help")
    p.sent("update").accepted()
    p.ended("redirected")


def test_pin_short_and_silent_and_short_again_finds_a_person() -> None:
    p = hears(on("pin_entry"), "Welcome")
    for text, digits in (("Please", "12"), ("has four digits", ""), ("did not hear", "123")):
        p.asks(text).report("pin", "play", "finished")
        p.sent("calling.collect.start_input_timers").accepted()
        if digits:
            p.report("pin", "collect", "digit", digits=digits, terminator="#")
        else:
            p.report("pin", "collect", "no_input")
    hears(p, "somebody who can help")
    p.sent("update").accepted()
    p.ended("redirected")


# voicemail


def test_voicemail_is_left_and_kept() -> None:
    p = leaves_message(hears(on("voicemail"), "after the tone"))
    for _ in range(2):
        is_asked(p, "listen to it, press 1").report("review", "collect", "no_input")
    hears(p, "next working day")
    is_hung_up(p)
    assert p.var("message_url") == URL


def test_voicemail_is_listened_to_and_recorded_again() -> None:
    p = leaves_message(hears(on("voicemail"), "after the tone"))
    presses(is_asked(p, "press 1"), "1")
    playback = p.says("You said:")
    assert playback.command.params["play"][1] == {"type": "audio", "params": {"url": URL}}
    playback.accepted()
    p.report("playback", "play", "finished")
    presses(is_asked(p, "press 1"), "2")
    leaves_message(p)
    is_asked(p, "press 1")
    p.call_state("ended", end_reason="hangup").ended("hangup")
    assert p.var("message_url") == URL


def test_voicemail_caller_who_hangs_up_has_left_a_message() -> None:
    p = hears(on("voicemail"), "after the tone")
    p.sent("calling.record", record={"audio": {
        "beep": True, "format": "mp3", "max_length": 120, "initial_timeout": 6, "end_silence_timeout": 4, "terminators": "#",
    }}).accepted()  # fmt: skip
    p.report("message", "record", "recording").call_state("ended", end_reason="hangup")
    p.report("message", "record", "finished", url=URL, duration=30.0)
    p.ended("hangup")
    assert p.var("message_url") == URL


def test_voicemail_caller_who_hangs_up_in_the_greeting_has_left_none() -> None:
    p = on("voicemail")
    p.says("You have reached").accepted()
    p.call_state("ended", end_reason="hangup").ended("hangup")
    assert p.var("message_url") == ""


def test_voicemail_silence_is_asked_again_and_then_excused() -> None:
    p = hears(on("voicemail"), "after the tone")
    for _ in range(2):
        p.sent("calling.record").accepted()
        p.report("message", "record", "no_input")
        hears(p, "did not hear anything")
    p.sent("calling.record").accepted()
    p.report("message", "record", "no_input")
    hears(p, "cannot take a message")
    is_hung_up(p)


def test_voicemail_very_short_message_is_taken_again() -> None:
    p = leaves_message(hears(on("voicemail"), "after the tone"), duration=0.4)
    hears(p, "very short")
    p.sent("calling.record")


def test_voicemail_message_without_url_is_thanked_for() -> None:
    p = hears(on("voicemail"), "after the tone")
    p.sent("calling.record").accepted()
    p.report("message", "record", "finished")
    hears(p, "next working day")
    is_hung_up(p)


def test_voicemail_emergency_is_connected() -> None:
    p = leaves_message(hears(on("voicemail"), "after the tone"))
    presses(is_asked(p, "press 1"), "0")
    main = p.sent("update").command.params["swml"]["sections"]["main"]
    assert main[0]["connect"]["to"] == USES["front_desk"]


# reminder


def reminded() -> Playbook:
    p = dialling(shipped("reminder"), **INPUTS)
    p.sent("dial").accepted(id=CALL_ID)
    return hears(p.call_state("answered"), "reminder for Ann")


@pytest.mark.parametrize(("key", "answer", "text"), [("1", "confirmed", "see"), ("2", "cancelled", "is cancelled")])
def test_reminder_is_answered(key: str, answer: str, text: str) -> None:
    p = presses(is_asked(reminded(), "Tuesday the third of November at half past nine"), key)
    hears(p, text)
    is_hung_up(p)
    assert p.var("answer") == answer


def test_reminder_is_heard_again() -> None:
    p = presses(is_asked(reminded(), "half past nine"), "3")
    presses(is_asked(p, "half past nine"), "1")
    hears(p, "Thank you, Ann.")
    is_hung_up(p)


def test_reminder_without_answer_keeps_the_appointment() -> None:
    p = reminded()
    for _ in range(3):
        is_asked(p, "half past nine").report("appointment", "collect", "no_input")
    hears(p, "keep your appointment")
    is_hung_up(p)
    assert p.var("answer") == "none"


def test_reminder_to_a_busy_line_is_over() -> None:
    p = dialling(shipped("reminder"), **INPUTS)
    p.sent("dial").accepted(id=CALL_ID)
    p.call_state("ended", end_reason="busy").ended("busy")
