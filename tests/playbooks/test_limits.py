"""limits: the call's length, steps, visits; the landing and its grace."""

from tests.playbooks.playbook import Playbook, call

LOOP = """
vars: {turns: 0}
limits: {LIMITS}
start: count
steps:
  count:
    set: {turns: vars.turns + 1}
    next: count
    OWN
  locked: {end: busy}
  landed:
    play: "Sorry."
    next: bye
  bye: {end: hangup}
"""
LONG = """
limits: {LIMITS}
start: take
steps:
  take:
    record: {beep: true, max_length: 600}
    next: bye
  landed:
    play: "Sorry."
    next: rest
  rest:
    wait: 10m
    next: bye
  bye: {end: hangup}
"""


def looping(limits: str, own: str = "note: none") -> Playbook:
    return call(LOOP.replace("LIMITS", limits).replace("OWN", own))


def test_limit_of_steps_without_landing_ends_the_call() -> None:
    p = looping("steps: 7, visits: 100")
    p.sent("calling.end").accepted()
    p.ended("limit")
    assert p.var("turns") == 7


def test_limit_of_steps_lands() -> None:
    p = looping("steps: 7, visits: 100, next: landed")
    p.says("Sorry.").accepted()
    p.report("landed", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_limit_of_visits_lands() -> None:
    p = looping("visits: 3, next: landed")
    assert p.path == ["count"] * 3 + ["landed"]
    p.says("Sorry.").accepted()


def test_limit_of_visits_without_landing_ends_the_call() -> None:
    p = looping("visits: 3")
    p.sent("calling.end").accepted()
    p.ended("limit")


def test_limit_of_a_step_goes_to_its_own_next() -> None:
    p = looping("visits: 3, next: landed", "visits: {max: 5, next: locked}")
    assert p.path == ["count"] * 5 + ["locked"]
    p.sent("calling.end", reason="busy").accepted()
    p.ended("busy")


def test_limit_of_a_step_without_next_lands() -> None:
    p = looping("next: landed", "visits: {max: 2}")
    assert p.path == ["count", "count", "landed"]
    p.says("Sorry.").accepted()


def test_limits_of_steps_that_lead_to_each_other_end_all_the_same() -> None:
    p = call("""
limits: {steps: 30}
vars: {tries: 0}
start: count
steps:
  count: {set: {tries: vars.tries + 1}, visits: {max: 2, next: again}, next: again}
  again: {set: {tries: vars.tries + 1}, visits: {max: 2, next: count}, next: count}
""")
    p.sent("calling.end").accepted()
    p.ended("limit")


def test_landing_that_loops_has_steps_enough_and_no_more() -> None:
    p = looping("visits: 3, next: count")
    p.sent("calling.end").accepted()
    p.ended("limit")
    assert 3 < len(p.path) < 700


def test_limit_of_the_call_abandons_the_step_and_lands() -> None:
    p = call(LONG.replace("LIMITS", "call: 2m, next: landed"))
    p.sent("calling.record").accepted()
    p.passes("2m").was("limit")
    stop, said = p.sent("calling.record.stop"), p.says("Sorry.")
    stop.accepted()
    said.accepted()
    p.report("take", "record", "finished", url="https://recordings.example.com/1.mp3").at("landed")
    assert p.result("take")["url"] == "https://recordings.example.com/1.mp3"


def test_landing_is_over_after_its_grace() -> None:
    p = call(LONG.replace("LIMITS", "call: 2m, next: landed"))
    p.sent("calling.record").accepted()
    p.report("take", "record", "recording")
    stop, said = p.passes("2m").sent("calling.record.stop"), p.says("Sorry.")
    stop.accepted()
    said.accepted()
    p.report("take", "record", "finished").report("landed", "play", "finished").at("rest")
    p.passes("30s").looks_up().found("answered")
    p.passes("30s").sent("calling.end").accepted()
    p.ended("limit")


def test_limit_of_the_call_without_landing_ends_it_and_the_recording_settles() -> None:
    p = call(LONG.replace("LIMITS", "call: 2m"))
    p.sent("calling.record").accepted()
    p.passes("2m").sent("calling.record.stop")
    p.sent("calling.end").accepted()
    p.was("settling").report("take", "record", "finished")
    p.ended("limit")


def test_limit_of_the_call_does_not_interrupt_our_own_hangup() -> None:
    p = call(LONG.replace("LIMITS", "call: 2m, next: landed").replace("start: take", "start: bye"))
    p.sent("calling.end")
    p.passes("2m")
    assert p.path == ["bye"]
    p.sent("calling.end")
    p.sent("calling.end")
    p.passes("1m").ended("hangup")
