"""signals: waited for, handled, kept; and `next: resume`."""

from tests.playbooks.playbook import Playbook, call

WAITS = """
signals: {ready: {text: string, room: int}}
start: hold
steps:
  hold:
    wait: {signal: ready, timeout: 20s}
    next: {done: tell, timeout: bye}
  tell:
    play: "${{ signal.text }} in room ${{ steps.hold.room }}."
    next: rest
  rest: {wait: 5s, next: hold}
  bye: {end: hangup}
"""
HANDLED = """
signals: {note: {text: string}}
start: menu
steps:
  menu:
    ask: {prompt: "Press a key.", digits: {max: 1}}
    next: {digits: bye, otherwise: bye}
  say_note:
    play: "A note: ${{ signal.text }}."
    next: resume
  bye: {end: hangup}
handlers: {signal.note: say_note}
"""


def test_wait_for_a_signal_ends_with_its_payload() -> None:
    p = call(WAITS).at("hold").signals("ready", text="Doctor Li", room=7)
    p.says("Doctor Li in room 7.").accepted()
    assert p.result("hold") == {"outcome": "done", "text": "Doctor Li", "room": 7}


def test_signal_that_came_before_is_there_when_it_is_waited_for_and_once_only() -> None:
    p = call(WAITS).at("hold").signals("ready", text="one", room=1)
    p.says("one").accepted()
    p.signals("ready", text="two", room=2).signals("ready", text="three", room=3).at("tell")
    p.report("tell", "play", "finished").at("rest").passes("5s")
    p.says("three in room 3").accepted()
    p.report("tell", "play", "finished").at("rest").passes("5s").at("hold").passes("20s")
    p.sent("calling.end")


def test_signal_that_does_not_come_is_a_timeout() -> None:
    p = call(WAITS).at("hold").passes("20s")
    p.sent("calling.end", reason="hangup")


def menu() -> Playbook:
    p = call(HANDLED)
    return p.asks("Press a key.")


def test_handler_interrupts_the_step_and_resume_enters_it_anew() -> None:
    p = menu().signals("note", text="five minutes")
    stops = [p.sent("calling.collect.stop"), p.sent("calling.play.stop")]
    note = p.says("A note: five minutes.")
    for one in (*stops, note):
        one.accepted()
    p.report("say_note", "play", "finished")
    p.asks("Press a key.")
    assert p.visits("menu") == 2


def test_signal_during_its_own_handler_is_kept_and_ends_nothing() -> None:
    p = menu().signals("note", text="one")
    stops = [p.sent("calling.collect.stop"), p.sent("calling.play.stop")]
    note = p.says("A note: one.")
    for one in (*stops, note):
        one.accepted()
    p.signals("note", text="two").at("say_note")
    assert p.state.signals == {"note": {"text": "two"}}


def test_handler_can_be_entered_again_after_resume() -> None:
    p = menu()
    for text in ("one", "two"):
        p.signals("note", text=text)
        stops = [p.sent("calling.collect.stop"), p.sent("calling.play.stop")]
        note = p.says(f"A note: {text}.")
        for one in (*stops, note):
            one.accepted()
        p.report("say_note", "play", "finished")
        p.asks("Press a key.")


def test_signal_after_the_call_ended_is_late() -> None:
    p = menu().call_state("ended", end_reason="hangup").ended("hangup")
    p.signals("note", text="too late").was("late")


def test_failure_handler_resumes_the_step_that_failed() -> None:
    p = call("""
start: talk
steps:
  talk: {play: "Hello.", next: bye}
  pause: {wait: 1s, next: resume}
  bye: {end: hangup}
handlers: {error: pause}
""")
    p.says("Hello.").accepted().report("talk", "play", "error").at("pause").passes("1s")
    p.says("Hello.").accepted().report("talk", "play", "finished")
    p.sent("calling.end")
