"""What a case says of commands and of requests, in part."""

import pytest

from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import judged

FLOW = compiled("""
uses: {api: url}
start: hello
steps:
  hello: {play: [{silence: 1}, "Hello."], next: look}
  look:
    fetch: {method: POST, url: "${{ uses.api }}/who", json: {id: 7, call: "${{ call.id }}"}}
    next: {ok: bye, otherwise: bye}
  bye: {end: hangup}
""")


@pytest.mark.parametrize(
    "expect",
    [
        "fetches: [look: {url: ..., json: {id: 7, call: ...}}]",
        "commands: [calling.play: {play: [{type: silence}, {type: tts, params: {text: ...}}]}]",
        "commands: [calling.play: {play: [..., {type: tts}]}]",
        "commands: [calling.play, calling.end: {}]",
    ],
)
def test_what_is_sent_is_as_the_case_says(expect: str) -> None:
    assert not judged(FLOW, f"fetch: {{look: {{status: 204}}}}\nexpect: {{{expect}}}").said


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("fetches: [look: {json: {id: null}}]", "`look` sent another `json.id`. It sent 7."),
        ("fetches: [look: {json: {pin: ...}}]", '`look` sent no `json.pin`. It sent {"id":7,"call":"'),
        ("commands: [calling.play: {play: [{type: tts}, ...]}]", "`calling.play` was sent with another `play`."),
        (
            "commands: [calling.play: {play: [{type: tts}, {}]}]",
            "`calling.play` was sent with another `play.1.type`. It",
        ),
        ("commands: [calling.play: {play: [{}, {volume: 2}]}]", "`calling.play` was sent with no `play.2.volume`."),
        ("fetches: [look: 7]", "SYN005 `look` wants a mapping, not `7`."),
        ("fetches: [look: ]", "SYN005 `look` has no value."),
        ("fetches: [look: {jsn: 7}]", "SYN003 `look` has no `jsn`. Did you mean `json`?"),
        ("commands: []", "SYN005 `commands` is empty."),
        ("heard: []", "SYN005 `heard` is empty."),
        ("vars: {}", "SYN005 `vars` is empty."),
        ("commands: [calling.play: 7]", "SYN005 `calling.play` wants a mapping, not `7`."),
    ],
)
def test_what_is_not_sent_and_what_cannot_be_is_said(expect: str, message: str) -> None:
    assert message in judged(FLOW, f"fetch: {{look: {{status: 204}}}}\nexpect: {{{expect}}}").said


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            "faults: [{drop: play.*, by: 3s}]\nexpect: {ends: hangup}",
            "TST006 `by` says how late something is, and `drop` makes",
        ),
        (
            "caller: [{hears: hello}, {hears: hello}]\nfetch: {look: {status: 204}}\nexpect: {ends: hangup}",
            "The caller never came to this line (hears “hello”): the call was over before. Last heard: “Hello.”"
            " It began before this line's turn, and not again.",
        ),
    ],
)
def test_line_or_fault_without_effect_is_said(case: str, message: str) -> None:
    assert message in judged(FLOW, case).said
