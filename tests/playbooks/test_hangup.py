"""Hang-ups: seen in a webhook, in a 404, in the voice log; what settles, the handler, the run's end reason."""

import pytest

from engine.model.events import CallLookedUp
from tests.playbooks.playbook import Playbook, call

FLOW = """
vars: {kept: ""}
start: message
steps:
  message:
    record: {beep: true}
    next: hello
  hello:
    play: "Hello."
    next: again
  again:
    play: "Again."
    next: bye
  gone:
    set: {kept: "or(steps.message.url, '')"}
    next: over
  over: {end: done}
  bye: {end: hangup}
handlers: {hangup: gone}
"""
BARE = FLOW[: FLOW.index("handlers")]
GREETING = FLOW.replace("start: message", "start: hello")
URL = "https://recordings.example.com/1.mp3"


def recording(flow: str = FLOW) -> Playbook:
    p = call(flow)
    p.sent("calling.record").accepted()
    return p.report("message", "record", "recording")


def greeting(flow: str = GREETING) -> Playbook:
    p = call(flow)
    return p.says("Hello.").accepted()


def test_hangup_by_webhook_goes_to_the_handler_and_keeps_its_reason() -> None:
    p = greeting().call_state("ended", end_reason="hangup")
    p.ended("hangup")
    assert p.path == ["hello", "gone", "over"]


@pytest.mark.parametrize(("said", "reason"), [("", "hangup"), ("error", "error"), ("max_duration", "max_duration")])
def test_hangup_end_reason_is_the_runs(said: str, reason: str) -> None:
    greeting().call_state("ended", end_reason=said).ended(reason)


def test_hangup_by_404_on_the_next_command_goes_to_the_handler() -> None:
    p = greeting().report("hello", "play", "finished")
    p.says("Again.").gone()
    p.ended("hangup")
    assert p.path == ["hello", "again", "gone", "over"]


def test_hangup_found_in_the_voice_log_goes_to_the_handler() -> None:
    p = greeting()
    p.passes_until_asked().looks_up().found("ended", end_reason="hangup")
    p.ended("hangup")
    assert p.path == ["hello", "gone", "over"]


def test_hangup_without_handler_ends_the_run() -> None:
    p = greeting(GREETING[: GREETING.index("handlers")])
    p.call_state("ended").ended("hangup")
    assert p.path == ["hello"]


def test_hangup_during_a_recording_settles_and_keeps_its_url() -> None:
    p = recording().call_state("ended", end_reason="hangup").was("settling")
    assert p.path == ["message"]
    p.report("message", "record", "finished", url=URL)
    p.ended("hangup")
    assert p.var("kept") == URL


def test_hangup_after_the_recordings_report_has_its_url_as_well() -> None:
    p = recording().report("message", "record", "finished", url=URL)
    p.says("Hello.").accepted()
    p.call_state("ended").ended("hangup")
    assert p.var("kept") == URL


def test_hangup_recording_that_never_reports_is_waited_for_ten_seconds() -> None:
    p = recording().call_state("ended")
    p.passes("9s").nothing()
    assert not p.is_over
    p.passes("1s").looks_up().found("ended")
    p.ended("hangup")
    assert p.result("message")["outcome"] == "lost"
    assert p.path == ["message", "gone", "over"]


def test_hangup_recording_that_only_the_voice_log_knows_keeps_its_url() -> None:
    p = recording().call_state("ended")
    asked = p.passes("10s").looks_up()
    asked.found("ended", p.heard_of("message", "record", "finished", url=URL))
    p.ended("hangup")
    assert p.result("message") == {"outcome": "finished", "url": URL}


def test_hangup_webhook_twice_is_one_hangup() -> None:
    p = recording().call_state("ended").call_state("ended")
    p.report("message", "record", "finished", url=URL)
    p.ended("hangup")
    p.call_state("ended").was("late")
    assert p.path == ["message", "gone", "over"]


def test_hangup_recording_settles_without_a_handler_too() -> None:
    p = recording(BARE).call_state("ended")
    p.report("message", "record", "finished", url=URL)
    p.ended("hangup")
    assert p.result("message")["url"] == URL


def test_our_hangup_lets_a_recording_settle_and_calls_no_handler() -> None:
    flow = FLOW.replace("record: {beep: true}", "record: {beep: true}\n    background: true").replace(
        "next: hello", "next: bye"
    )
    p = call(flow)
    p.sent("calling.record").accepted()
    p.sent("calling.end").accepted()
    p.was("settling").report("message", "record", "finished", url=URL)
    p.ended("hangup")
    assert p.path == ["message", "bye"]


def test_our_hangup_refused_lets_a_recording_settle_as_well() -> None:
    flow = FLOW.replace("record: {beep: true}", "record: {beep: true}\n    background: true").replace(
        "next: hello", "next: bye"
    )
    p = call(flow)
    p.sent("calling.record").accepted()
    p.sent("calling.end").rejected("cannot_update_completed")
    p.report("message", "record", "finished", url=URL)
    p.ended("hangup")
    assert p.result("message")["url"] == URL


def test_hangup_handler_that_needs_the_call_ends_the_run() -> None:
    p = greeting(GREETING.replace("{hangup: gone}", "{hangup: again}"))
    p.call_state("ended").ended("hangup")


def test_hangup_handler_may_not_wait_for_ever() -> None:
    flow = GREETING.replace("{hangup: gone}", "{hangup: rest}").replace(
        "  over:", "  rest: {wait: 9h, next: over}\n  over:"
    )
    p = greeting(flow).call_state("ended")
    assert p.path == ["hello", "rest"]
    p.passes("60s").ended("hangup")


def test_call_that_is_ending_is_not_over() -> None:
    greeting().call_state("ending").at("hello")


def test_state_of_another_leg_is_refused() -> None:
    greeting().call_state("ended", call_id="0e9c80d7-a149-4917-892d-420043709f46").was("refused").at("hello")


def test_answers_after_the_hangup_are_late() -> None:
    p = call(GREETING)
    said = p.says("Hello.")
    p.call_state("ended").ended("hangup")
    said.accepted().was("late")


ASKING = """
start: menu
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, attempts: 3}
    next: {otherwise: bye}
  bye: {end: hangup}
"""


def test_log_that_tells_the_last_report_and_the_end_sends_nothing_more() -> None:
    p = call(ASKING)
    collect, says = p.sent("calling.collect"), p.says("Press 1.")
    collect.accepted()
    says.accepted()
    last = p.heard_of("menu", "collect", "no_input")
    p.happens(CallLookedUp(at_ms=p.now_ms, seq=0, found="ended", reports=(last,)))
    p.nothing().ended("hangup")


TAPED = """
vars: {kept: ""}
start: tape
steps:
  tape:
    record: {}
    background: true
    next: hello
  hello:
    play: "Hello."
    next: bye
  gone:
    set: {kept: "or(steps.tape.url, '')"}
    next: {done: over, expression: over}
  over: {end: done}
  bye: {play: "Bye.", next: hello}
handlers: {hangup: gone}
"""


def test_log_that_tells_the_end_of_a_step_and_of_the_call_waits_for_the_recording() -> None:
    p = call(TAPED)
    p.sent("calling.record").accepted()
    p.says("Hello.").accepted()
    last = p.heard_of("hello", "play", "finished")
    p.happens(CallLookedUp(at_ms=p.now_ms, seq=0, found="ended", reports=(last,)))
    p.nothing().report("tape", "record", "finished", url=URL)
    assert p.path == ["tape", "hello", "gone", "over"]
    assert p.var("kept") == URL
    p.ended("hangup")


def test_request_that_the_caller_has_hung_up_on_is_made_again_when_the_handler_resumes_it() -> None:
    p = call(
        """
uses: {api: url}
vars: {ended: none, name: ""}
start: look
steps:
  look:
    fetch: {url: "${{ uses.api }}/who", returns: {name: string}}
    next: {ok: keep, otherwise: over}
  keep: {set: {name: steps.look.body.name}, next: tell}
  tell: {play: "Hello, ${{ vars.name }}.", next: over}
  over: {end: done}
  gone: {set: {ended: "'by the caller'"}, next: resume}
handlers: {hangup: gone}
""",
        uses={"api": "https://crm.example.com"},
    )
    p.fetches("https://crm.example.com/who")
    p.call_state("ended", end_reason="hangup")
    p.fetches("https://crm.example.com/who").replied(200, {"name": "Ann"})
    assert (p.var("name"), p.var("ended"), p.path[-2:]) == ("Ann", "by the caller", ["keep", "tell"])
    p.ended("hangup")
