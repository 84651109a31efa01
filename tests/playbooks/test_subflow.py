"""subflow and return: frames, inputs, outcomes, handlers inner first, and what a frame leaves behind."""

from tests.playbooks.playbook import Playbook, call

OUTER = """
vars: {name: ""}
start: greet
steps:
  greet:
    subflow: {flow: verify, with: {account: "A-${{ call.from }}", tries: 2}}
    next: {verified: thanks, refused: sorry NEXT}
  thanks:
    play: "Thank you, ${{ steps.greet.who }}."
    next: bye
  sorry: {end: busy}
  broken: {end: cancel}
  bye: {end: hangup}
HANDLERS
"""
VERIFY = """
inputs:
  account: {type: string}
  tries: {type: int, default: 3}
  rate: {type: double, default: 1.5}
start: enter
steps:
  enter:
    ask: {prompt: "Code for ${{ inputs.account }}, ${{ inputs.tries }} tries.", digits: {max: 4}, attempts: 1}
    next: {digits: found, otherwise: refuse}
  found:
    return: {outcome: verified, with: {who: "caller ${{ steps.enter.value }}"}}
  refuse:
    return: refused
FINALLY
"""


def calling(next: str = "", handlers: str = "", finally_: str = "") -> Playbook:
    outer = OUTER.replace("NEXT", next).replace("HANDLERS", handlers)
    p = call(outer, verify=VERIFY.replace("FINALLY", finally_))
    return p.asks("Code for A-+15550177, 2 tries.")


def test_return_is_the_calling_steps_outcome_with_its_fields() -> None:
    p = calling()
    p.report("enter", "collect", "digit", digits="1234").sent("calling.play.stop")
    p.says("Thank you, caller 1234.").accepted().at("thanks")
    assert p.result("greet") == {"outcome": "verified", "who": "caller 1234"}
    assert p.path == ["greet", "verify/enter", "verify/found", "thanks"]
    assert p.state.callers == ()


def test_control_ids_of_frames_differ() -> None:
    p = calling()
    assert p.control_id("enter", "collect") == f"{p.state.run_id}.1.enter.1.1.collect"


def test_failure_without_a_handler_inside_is_the_calling_steps() -> None:
    p = calling(", error: broken")
    p.report("enter", "play", "error").sent("calling.collect.stop")
    p.sent("calling.end", reason="cancel")
    assert p.result("greet")["outcome"] == "error"


def test_failure_goes_to_the_outer_handler_when_nobody_names_it() -> None:
    p = calling(handlers="handlers: {error: broken}")
    p.report("enter", "play", "error").sent("calling.collect.stop")
    p.sent("calling.end", reason="cancel")


def test_hang_up_inside_goes_to_the_outer_handler_and_runs_finally_on_the_way() -> None:
    fetch = 'finally:\n  - fetch: {url: "https://api.example.com/left/${{ call.from }}"}\n'
    outer = OUTER.replace("NEXT", "").replace("HANDLERS", "handlers: {hangup: count}")
    outer = outer.replace(
        "  bye: {end: hangup}",
        "  count: {set: {name: \"'gone'\"}, next: over}\n  over: {end: done}\n  bye: {end: hangup}",
    )
    p = call(outer, verify=VERIFY.replace("FINALLY", fetch))
    p.asks("Code")
    p.call_state("ended", end_reason="hangup")
    p.fetches("https://api.example.com/left/%2B15550177").replied(200)
    p.ended("hangup")
    assert p.var("name") == "gone"


def test_finally_of_a_subflow_runs_before_the_caller_goes_on() -> None:
    p = calling(finally_='finally:\n  - fetch: {url: "https://api.example.com/left"}\n')
    p.report("enter", "collect", "digit", digits="1234").sent("calling.play.stop")
    request = p.fetches("https://api.example.com/left")
    request.happened("failed", "unreachable")
    p.says("Thank you").accepted()


def test_hang_up_during_the_finally_of_a_subflow_still_ends_the_run() -> None:
    p = calling(finally_='finally:\n  - fetch: {url: "https://api.example.com/left"}\n')
    p.report("enter", "collect", "digit", digits="1234").sent("calling.play.stop")
    request = p.fetches("https://api.example.com/left")
    p.call_state("ended", end_reason="hangup")
    request.replied(200).ended("hangup")


def test_limit_inside_lands_outside() -> None:
    outer = OUTER.replace("NEXT", "").replace("HANDLERS", "limits: {call: 10s, next: thanks_all}")
    outer = outer.replace("  bye:", '  thanks_all: {play: "Time is up.", next: bye}\n  bye:')
    p = call(outer, verify=VERIFY.replace("FINALLY", ""))
    p.asks("Code")
    p.passes_until_asked("15s")
    p.sent("calling.collect.stop")
    p.sent("calling.play.stop")
    p.says("Time is up.")


LISTENER = """
start: listen
steps:
  listen:
    collect: {digits: {max: 1}, initial_timeout: 5}
    background: true
    next: say
  say:
    subflow: {flow: speak, with: {keys: listen}}
    next: {pressed: pressed, silent: bye}
  pressed:
    play: "You pressed ${{ or(steps.listen.digits, 'nothing') }}."
    next: bye
  bye: {end: hangup}
"""
SPEAK = """
inputs: {keys: {type: handle, of: collect}}
start: talk
steps:
  talk:
    play: "A long text."
    until: keys
    next: {interrupted: take, finished: none}
  take:
    wait: keys
    next: {digits: yes_pressed, otherwise: none}
  yes_pressed: {return: pressed}
  none: {return: silent}
"""


def test_handle_given_to_a_subflow_interrupts_and_is_waited_for_there() -> None:
    p = call(LISTENER, speak=SPEAK)
    p.sent("calling.collect").accepted()
    p.says("A long text.").accepted()
    p.report("listen", "collect", "start_of_input").sent("calling.play.stop")
    p.at("take").report("listen", "collect", "digit", digits="7")
    p.says("You pressed 7.").accepted()


def test_what_plays_or_collects_is_stopped_with_its_frame_and_a_recording_goes_on() -> None:
    inner = """
start: tape
steps:
  tape: {record: {end_silence_timeout: 0}, background: true, next: music}
  music: {play: "La la la.", background: true, next: back}
  back: {return: ready}
"""
    outer = """
start: begin
steps:
  begin: {subflow: {flow: inside}, next: talk}
  talk: {play: "Hello.", next: bye}
  bye: {end: hangup}
"""
    p = call(outer, inside=inner)
    p.sent("calling.record").accepted()
    p.says("La la la.").accepted()
    p.sent("calling.play.stop")
    p.says("Hello.").accepted().at("talk")
    assert sorted(op.verb for op in p.state.operations.values()) == ["play", "record"]
