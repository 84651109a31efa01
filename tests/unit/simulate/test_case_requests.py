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
        ("fetches: [look: {json: {id: null}}]", "`look` sent something else. It sent"),
        ("fetches: [look: {json: {pin: ...}}]", "`look` sent something else. It sent"),
        ("commands: [calling.play: {play: [{type: tts}, ...]}]", "`calling.play` was sent with other params."),
        ("fetches: [look: 7]", "SYN005 `look` wants a mapping, not `7`."),
        ("fetches: [look: ]", "SYN005 `look` has no value."),
        ("fetches: [look: {jsn: 7}]", "SYN003 `look` has no `jsn`. Did you mean `json`?"),
        ("commands: [calling.play: 7]", "SYN005 `calling.play` wants a mapping, not `7`."),
    ],
)
def test_what_is_not_sent_and_what_cannot_be_is_said(expect: str, message: str) -> None:
    assert message in judged(FLOW, f"fetch: {{look: {{status: 204}}}}\nexpect: {{{expect}}}").said
