"""Cases: what they can say, what is wrong with them, and what is said of a call that went another way."""

import pytest

from engine.exchange.caller import Says
from engine.simulate.cases import given, reading
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import judged

FLOW = compiled("""
uses: {api: url, desk: number}
vars: {tries: 0, name: ""}
signals: {ready: {text: string}}
start: menu
steps:
  menu:
    ask:
      prompt: "Press one or two."
      digits: {max: 1, terminators: "#"}
      choices: {one: {keys: ["1"]}, two: {keys: ["2"]}}
      attempts: 2
    next: {one: look, two: hold, otherwise: count}
  count:
    set: {tries: vars.tries + 1}
    next: bye
  look:
    fetch: {method: POST, url: "${{ uses.api }}/who", json: {id: 7}, returns: {name: string}}
    next: {ok: tell, http_404: bye, otherwise: bye}
  tell:
    set: {name: steps.look.body.name}
    next: thanks
  thanks:
    play: "Thank you, ${{ vars.name }}."
    next: bye
  hold:
    wait: {signal: ready, timeout: 60s}
    next: {done: desk, timeout: bye}
  desk:
    connect: {to: "${{ uses.desk }}"}
    next: {bridge_ended: bye, otherwise: over}
  bye:
    end: hangup
  over:
    end: done
""")

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


FAILING = [
    (
        "expect: {path: [menu, bye]}",
        "Here the call went to `count`, not to `bye`. The call went menu → count → bye.",
        "entered count",
    ),
    ("expect: {path: [menu, count]}", "After this, the call went on to `bye`.", "entered bye"),
    ("expect: {path: [menu, count, bye, over]}", "The call ended before it came to `over`.", "ended bye"),
    ("expect: {path: [..., over]}", "The path does not go on as it says from here.", "ended bye"),
    ("expect: {heard: [press one, press two]}", "“press two” was heard at no time.", ""),
    (
        "caller: [{hears: press one}, {presses: 1}]\nfetch: {look: {body: {name: K}}}\nexpect: {heard: [thank, press one]}",
        "“press one” was heard before the end of the text above, not after it.",
        "",
    ),
    (
        "expect: {heard: [press one, press one, press one]}",
        "“press one” was heard before the end of the text above, not after it.",
        "",
    ),
    (
        "expect: {heard: [two, press one, two, press one]}",
        "“press one” was heard before the end of the text above, not after it.",
        "",
    ),
    ("expect: {heard: [press one or three]}", "Heard: “Press one or two.”", ""),
    ("expect: {not_heard: [two]}", "It was heard: “Press one or two.”", ""),
    (
        "expect: {commands: [calling.end, calling.play]}",
        "`calling.play` was sent before the command above",
        "calling.play menu",
    ),
    (
        "expect: {commands: [calling.tap]}",
        "`calling.tap` was never sent. Sent, in this order: calling.collect",
        "ended bye",
    ),
    ("expect: {commands: [calling.collect: {digits: {max: 4}}]}", "another `digits.max`. It", "calling.collect menu"),
    ("expect: {outcomes: {menu: no_match}}", "`menu` ended with `no_input`, not with `no_match`.", "outcome menu"),
    ("expect: {vars: {tries: 2}}", "`tries` is 1 at the end, not 2.", "entered count"),
    ("expect: {recordings: 1}", "There is no recording, and 1 is expected.", "ended bye"),
    ("expect: {ends: done}", "The run ended with `hangup`, not with `done`.", "ended bye"),
    ("expect: {fetches: [look]}", "`look` does not fetch here: the call has made no requests.", "ended bye"),
    (
        "expect: {ends: [done, lost, limit]}",
        "The run ended with `hangup`, not with `done`, `lost` or `limit`.",
        "ended bye",
    ),
    (
        "caller: [{hears: press one}, {presses: 1}]\nfetch: {look: {body: {name: K}}}\nexpect: {fetches: []}",
        "No request is expected, and `look` fetched https://api.example.com/who.",
        "fetch look",
    ),
    (
        "limits: {visits: {menu: 1}, call: 2s}\nexpect: {laws: [ends]}",
        "goes on until its limit of call is reached",
        "ended menu",
    ),
    (
        "caller: [{hears: press nine}, {presses: 9}]\nexpect: {ends: hangup}",
        "The caller never came to this line (hears “press nine”) or the one after it: the call was over before."
        " Last heard: “Press one or two.”",
        "ended bye",
    ),
    (
        "caller: [{hears: press one}, {presses: 1}]\nexpect: {ends: hangup}",
        "`look` fetches POST https://api.example.com/who, and the case has no reply to that",
        "fetch look",
    ),
    (
        "caller: [{hears: press one}, {presses: 1}]\nfetch: {look: [timeout, timeout]}\nexpect: {ends: hangup}",
        "`look` did not ask for all of these replies.",
        "",
    ),
    (
        "caller: [{hears: press one}, {presses: 1}, {hears: thank you}, {presses: '123'}]\nfetch: {look: {body: {name: K}}}\n"
        "expect: {ends: hangup}",
        "Nobody listens to keys here. Press them where something takes keys, or write `ignored: true`",
        "presses 123",
    ),
    (
        "caller: [{hears: press one}, {presses: '15'}]\nfetch: {look: {body: {name: K}}}\nexpect: {ends: hangup}",
        "Nobody listens to the last of these keys. Press",
        "presses 15",
    ),
    (
        "caller: [{hears: press one}, {presses: '1234'}]\nfetch: {look: {body: {name: K}}}\nexpect: {ends: hangup}",
        "Nobody listens to the last 3 of these keys. Press",
        "presses 1234",
    ),
    (
        "caller: [{hears: press one}, {presses: 7, ignored: true}]\nexpect: {ends: hangup}",
        "These keys are listened to, and not ignored.",
        "presses 7",
    ),
    ("fetch: {look: {status: 404}}\nexpect: {ends: hangup}", "[fetch: {look: {status: 404}}] `look` never asked", ""),
    (
        "faults: [{drop: record.finished}]\nexpect: {ends: hangup}",
        "`drop: record.finished` never happened: the call had nothing that",
        "",
    ),
    ("faults: [{reject: calling.record}]\nexpect: {ends: hangup}", "`reject: calling.record` never happened", ""),
    (
        "faults:\n  - 429: calling.play\n  - {drop: play.finished, nth: 7}\nexpect: {ends: hangup}",
        "[- {drop: play.finished, nth: 7}] `drop: play.finished` never happened: the call had fewer than 7 of these.",
        "",
    ),
    (
        "caller: [{hears: press one}, {presses: 1}]\nfetch: {look: {body: {name: K}}}\nexpect: {fetches: [look: {json: {id: 8}}]}",
        "`look` sent another `json.id`. It sent 7.",
        "fetch look",
    ),
    (
        "caller: [{hears: press one}, {presses: 2}, {signal: ready, with: {text: a}}, {bridge: busy}]\nexpect: {ends: done}",
        "The run has ended, and the call to +15550100 is still up: nobody will end it.",
        "",
    ),
]


@pytest.mark.parametrize(("case", "message", "mark"), FAILING, ids=[message[:40] for _, message, _ in FAILING])
def test_a_call_that_went_another_way_is_told_with_its_place(case: str, message: str, mark: str) -> None:
    found = judged(FLOW, case)
    assert message in found.said
    if mark:
        assert mark in found.marked


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
