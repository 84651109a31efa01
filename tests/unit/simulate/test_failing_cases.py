"""What is said of a call that went another way than its case expects, and where."""

import pytest

from tests.unit.simulate.judged import FLOW, judged

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
        "caller: [{hears: press one}, {says: hello}, {presses: 7}]\nexpect: {ends: hangup}",
        "Nobody listens to words here. Say it where something listens for speech, or write `ignored: true`",
        "says “hello”",
    ),
    (
        "caller: [{hears: press one}, {says: hello, ignored: true}, {presses: '15'}]\nfetch: {look: {body: {name: K}}}\n"
        "expect: {ends: hangup}",
        "Nobody listens to the last of these keys.",
        "presses 15",
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
