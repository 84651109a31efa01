"""Cases: what they can say, what is wrong with them, and what is said of a call that went another way."""

import pytest

from engine.exchange.caller import Says
from engine.simulate.cases import given, reading
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import FLOW, judged

GOOD = [
    # the fetch by step, its request and the variable
    """
caller:
  - hears: press ONE
  - presses: 1
fetch:
  look: {body: {name: Kim}, after: 1s}
expect:
  path: [menu, look, tell, thanks, bye]
  heard: [press one, Thank you]
  not_heard: [Goodbye]
  fetches:
    - look: {method: POST, json: {id: 7}}
  vars: {name: Kim}
  outcomes: {look: ok}
  recordings: 0
  ends: hangup
""",
    # a prompt that is played twice is heard twice, and one prompt is heard in its own order
    """
caller: [{hears: press one}, {presses: 9}]
expect:
  heard: [press, one or, two, press one, two]
""",
    # keys of which some are to have no effect
    """
caller: [{hears: press one}, {presses: "15", ignored: true}]
fetch: {look: {body: {name: Kim}}}
expect: {outcomes: {menu: one}}
""",
    # words that are to have no effect
    """
caller: [{hears: press one}, {says: hello, ignored: true}, {presses: 1}]
fetch: {look: {body: {name: Kim}}}
expect: {outcomes: {menu: one}}
""",
    # what ends an entry belongs to it, needed or not
    """
caller: [{hears: press one}, {presses: "1#"}]
fetch: {look: {body: {name: Kim}}}
expect: {outcomes: {menu: one}}
""",
    # keys that are to have no effect
    """
caller:
  - hears: press one
  - presses: 1
  - hears: thank you
  - {presses: "5", ignored: true}
fetch: {look: {body: {name: Kim}}}
expect: {path: [..., bye]}
""",
    # by URL, one after the other, with any steps between
    """
uses: {api: "https://api.example.com"}
caller:
  - hears: press one
  - presses: 1
fetch:
  https://api.example.com/who:
    - {status: 404}
expect:
  path: [..., look, bye]
  outcomes: {look: http_404}
  commands:
    - calling.collect: {digits: {max: 1}}
    - calling.play
    - calling.end
""",
    # a reply that does not fit, and one that never comes
    """
caller: [{hears: press one}, {presses: 1}]
fetch: {look: {text: "<html>"}}
expect: {outcomes: {look: invalid}}
""",
    """
caller: [{hears: press one}, {presses: 1}]
fetch: {look: unreachable}
expect: {outcomes: {look: failed}}
""",
    # a signal, and a bridge
    """
at: "2026-11-23T10:00:00-05:00"
uses: {desk: "+15550143"}
caller:
  - hears: press one
  - presses: "2"
  - silent: 5s
  - signal: ready
    with: {text: Now}
  - bridge: {talks: 1m}
expect:
  path: [menu, hold, desk, bye]
  ends: hangup
""",
    # what a case leaves out has a stand-in
    "expect: {path: [menu, count, bye], vars: {tries: 1}, outcomes: {menu: no_input}}",
    """
faults:
  - drop: play.finished
    nth: all
  - 429: calling.collect
  - delay: collect.no_input
    by: 3s
expect: {path: [..., bye]}
""",
]


@pytest.mark.parametrize("case", GOOD)
def test_a_call_as_expected_has_no_failures(case: str) -> None:
    found = judged(FLOW, case)
    assert not found.said


WRONG = [
    ("expect: {path: [menu, cuont, bye]}", "TST003 The flow has no step `cuont`. Did you mean `count`?"),
    ("expect: {outcomes: {menu: three}}", "TST003 `menu` never ends with `three`."),
    ("expect: {outcomes: {look: http_500}}", "`look` has no outcome: the call did not come through it."),
    ("expect: {outcomes: {look: http_999}}", "TST003 `look` never ends with `http_999`."),
    (
        "faults: [{422: calling.play}]\nexpect: {ends: hangup}",
        "SYN003 An entry of `faults` has no `422`. Write `reject`",
    ),
    ("expect: {vars: {name: Kim, tires: 1}}", "TST003 The flow has no variable `tires`. Did you mean `tries`?"),
    ("expect: {vars: {tries: lots}}", "TST007 `tries` is of type int, so it is never `lots`."),
    ("expect: {commands: [play]}", "TST003 The API has no command `play`. Write calling.play."),
    ("expect: {fetches: [menu]}", "TST003 `menu` is no `fetch`. Known: look."),
    ("fetch: {lok: timeout}\nexpect: {ends: hangup}", "TST003 `lok` is no step of the flow. Did you mean `look`?"),
    (
        "fetch: {look: {body: {name: 7}}}\nexpect: {ends: hangup}",
        "TST004 The reply does not fit what `look` returns: body.name: a string is wanted, and this is a number.",
    ),
    ("uses: {apo: x}\nexpect: {ends: hangup}", "TST003 The flow has no `apo` among its `uses`. Did you mean `api`?"),
    ("inputs: {name: x}\nexpect: {ends: hangup}", "TST003 The flow has no `name` among its `inputs`."),
    ("caller: [{hears: a, presses: 1}]\nexpect: {ends: hangup}", "TST005 One line does one thing"),
    ("caller: [{presses: 1e}]\nexpect: {ends: hangup}", "TST005 `1e` are not keys of a telephone."),
    ("caller: [{presses: 1, lasts: 2s}]\nexpect: {ends: hangup}", "TST005 `lasts` goes with `says`"),
    ("caller: [{silent: 1s}, {answers: human}]\nexpect: {ends: hangup}", "TST005 `answers` is how the call begins."),
    ("caller: [{answers: busy}]\nexpect: {ends: hangup}", "TST005 The flow is called, so nobody has to answer it."),
    ("caller: [{bridge: maybe}]\nexpect: {ends: hangup}", "TST005 bridge: 'maybe' is not one of talks, busy"),
    ("caller: [{signal: redy}]\nexpect: {ends: hangup}", "TST003 The flow declares no signal `redy`."),
    ("caller: [{signal: ready}]\nexpect: {ends: hangup}", "TST007 `text` is not what the signal `ready` carries."),
    ("faults: [{drop: play.ended}]\nexpect: {ends: hangup}", "TST006 `play.ended`: there is no such webhook."),
    ("faults: [{drop: detect.human}]\nexpect: {ends: hangup}", "there is no such webhook. Want detect.HUMAN, or a"),
    ("limits: {visits: {meno: 1}}\nexpect: {ends: hangup}", "TST003 The flow has no step `meno`. Did you mean `menu`?"),
    ("limits: {call: 5}\nexpect: {ends: hangup}", "SYN005 `call` wants a duration, not `5`."),
    ("expect: {ends: [hangup, bye]}", "SYN005 `bye` is no value of an entry of `ends`."),
    ("expect: {laws: [end]}", "SYN005 `end` is no value of an entry of `laws`. Did you mean `ends`?"),
    ("faults: [{reject: play}]\nexpect: {ends: hangup}", "TST006 `play`: `reject` happens to the answers of commands"),
    ("faults: [{drop: a, delay: b}]\nexpect: {ends: hangup}", "TST006 One entry is one fault"),
    ("at: '2026-13-23T10:00:00Z'\nexpect: {ends: hangup}", "TST007 There is no such moment"),
    ("caller: [{waits: 1s}]\nexpect: {ends: hangup}", "SYN003 An entry of `caller` has no `waits`."),
    ("expect: {ends: bye}", "SYN005 `bye` is no value of `ends`."),
]


@pytest.mark.parametrize(("case", "message"), WRONG, ids=[message[:40] for _, message in WRONG])
def test_what_is_wrong_with_a_case_is_said(case: str, message: str) -> None:
    assert message in judged(FLOW, case).said


def test_a_ringing_tone_says_no_words() -> None:
    flow = compiled("""
start: ring
steps:
  ring: {play: [{ringtone: us, duration: 2}, "Tell us."], next: bye}
  bye: {end: hangup}
""")
    found = judged(flow, "caller: [{hears: us}, {hangs_up: true}]\nexpect: {heard: [us], path: [ring]}")
    assert not found.said
    assert found.outcome is not None
    assert found.outcome.heard == ("Tell us.",)


def test_an_outcome_of_a_class_of_statuses_is_any_of_them() -> None:
    case = "caller: [{hears: press one}, {presses: 1}]\nfetch: {look: {status: 404}}\nexpect: {outcomes: {look: %s}}"
    assert not judged(FLOW, case % "http_4xx").said
    assert "ended with `http_404`, not with `http_5xx`" in judged(FLOW, case % "http_5xx").said


def test_a_call_that_never_ends_is_told_with_the_step() -> None:
    flow = compiled("""
limits: {call: 48h}
signals: {ready: {}}
start: hold
steps:
  hold:
    wait: {signal: ready}
    next: bye
  bye:
    end: hangup
""")
    assert (
        "The call never ends: after 1440 minutes the call was still going on, at `hold`."
        in judged(flow, "expect: {ends: hangup}").said
    )


def test_a_mistake_in_one_case_does_not_keep_the_others_from_running() -> None:
    text = "tests: a\ncases:\n  one:\n    expect: {ends: nowhere}\n  two:\n    expect: {ends: done}\n"
    found = reading.read("a.test.yaml", "a", text.encode())
    assert [case.name for case in found.cases] == ["two"]
    assert [one.span.line for one in found.diagnostics] == [4]


@pytest.mark.parametrize("end", ["", "\n", "\n\n# no more\n"])
def test_a_mistake_at_the_very_end_of_a_file_is_the_last_cases(end: str) -> None:
    data = (
        f"tests: f\ncases:\n  good: {{expect: {{ends: hangup}}}}\n  bad:\n    caller:\n      - hears: Hi\n      -{end}"
    )
    found = reading.read("f.test.yaml", "f", data.encode())
    assert [case.name for case in found.cases] == ["good"]


@pytest.mark.parametrize(
    "data", [b"", b"- a", b"tests: other\ncases: {x: {expect: {ends: done}}}\n", b"\xff", b"tests: a"]
)
def test_a_file_that_is_no_test_file_is_a_diagnostic(data: bytes) -> None:
    assert reading.read("a.test.yaml", "a", data).diagnostics


@pytest.mark.parametrize(("beside", "confidence"), [("", 90), (", confidence: 0", 0), (", confidence: 40", 40)])
def test_speech_is_as_sure_as_the_case_says(beside: str, confidence: float) -> None:
    text = f"tests: story\ncases:\n  x:\n    caller: [{{says: one{beside}}}]\n    expect: {{ends: hangup}}\n"
    (case,) = reading.read("story.test.yaml", "story", text.encode()).cases
    assert given.read(case, FLOW, {}).scenario.script == (Says(text="one", confidence=confidence),)


SECRETIVE = compiled("""
uses: {api: url}
start: pin
steps:
  pin:
    ask: {prompt: "PIN?", digits: {max: 6, terminators: "#"}, secret: true}
    next: {digits: name, otherwise: bye}
  name:
    ask: {prompt: "Name?", speech: {}, private: true}
    next: {speech: greet, otherwise: bye}
  greet:
    play: "Hello ${{ steps.name.value }}."
    next: send
  send:
    fetch: {method: POST, url: "${{ uses.api }}/x", json: {t: "${{ steps.pin.value }}"}}
    next: {ok: bye, otherwise: bye}
  bye: {end: hangup}
""")


def test_neither_a_transcript_nor_a_failure_tells_what_is_secret_or_private() -> None:
    found = judged(
        SECRETIVE,
        """
uses: {api: "https://api.example"}
caller:
  - hears: PIN
  - presses: "47"
  - presses: "11#"
  - hears: name
  - says: Rumpelstiltskin
fetch:
  send: {status: 200, body: {}}
expect:
  heard: [Goodbye Rumpelstilz]
  not_heard: [Hello]
  fetches:
    - send: {json: {t: "1"}}
""",
    )
    assert found.outcome is not None
    messages = [f"{one.message} {one.help}" for one in found.failures]
    told = "\n".join([*messages, *(f"{line.what} {line.detail}" for line in found.transcript)])
    assert 'It sent "•••".' in told
    assert "It was heard: “Hello •••.”" in told
    assert "presses •••" in told
    assert "says “•••”" in told
    assert [one for one in ("4711", "presses 47", "Rumpelstiltskin") if one in told] == []


def test_a_leg_that_a_step_has_dialled_may_live_on() -> None:
    flow = compiled("""
uses: {desk: number}
start: leg
steps:
  leg:
    dial: {from: "${{ call.to }}", to: "${{ uses.desk }}", url: "https://example.com/conference", timeout: 20}
    next: hold
  hold: {wait: 60s, next: bye}
  bye: {end: hangup}
""")
    assert judged(flow, "expect: {path: [leg, hold, bye], ends: hangup}").said == ""
