"""What may be so of a call on the way to a step, and the way that is shown for it."""

import pytest

from engine.compile import compile_bundle
from engine.lint.calls import Calls, Kind
from engine.model.bundle import Bundle
from tests.lint.flow import HEAD, check, small

MUSIC = """\
  music:
    play: {play: [{audio: "https://example.com/music.mp3"}], loop: 0}
    background: true
    next: %s
"""


def calls(steps: str, sections: str = "") -> Calls:
    text = f"{HEAD}{sections}steps:\n{steps}  bye:\n    end: hangup\n"
    compiled = compile_bundle(Bundle("small", {"small.flow.yaml": text.encode()}))
    assert compiled.graph is not None, compiled.diagnostics
    return Calls(compiled.graph)


def test_way_names_keys_outcomes_conditions_and_lines() -> None:
    found = calls(
        """\
  a:
    ask:
      prompt: "Press 1."
      digits: {max: 1}
      choices: {one: {keys: ["1"]}, two: {keys: ["2"], next: bye}}
    next: {one: music, otherwise: bye}
"""
        + MUSIC % "asked"
        + """\
  asked:
    branch:
      - if: call.from == ''
        next: told
      - else: bye
  told:
    play: "Hello."
    next: bye
"""
    )
    assert found.way("loud", "music", "told") == (
        "start",
        "a (line 5, key 1)",
        "music (line 11)",
        "asked (line 15, if call.from == '')",
        "told",
    )


def test_what_holds_on_different_ways_only_has_no_way() -> None:
    """Where the ways meet, each of two playbacks may be over, but never both: something plays."""
    found = calls(
        "  a:\n    branch:\n      - if: call.from == ''\n        next: music\n      - else: other\n"
        + MUSIC % "hold"
        + (MUSIC % "hold").replace("music:\n", "other:\n")
        + "  hold:\n    wait: 10s\n    next: bye\n"
    )
    assert found.may("gone", "music", "hold")
    assert found.may("gone", "other", "hold")
    assert found.way("quiet", "", "hold") == ()


@pytest.mark.parametrize(
    ("step", "kind", "may"),
    [("play.stop: music", "live", False), ("play.pause: music", "live", True), ("play.pause: music", "loud", False)],
)
def test_order_changes_what_goes_on(step: str, kind: Kind, may: bool) -> None:
    found = calls(
        f"  a: {{set: {{n: 1}}, next: music}}\n{MUSIC % 'order'}  order: {{{step}, next: bye}}\n", "vars: {n: 0}\n"
    )
    assert found.may(kind, "music", "order")
    assert found.may(kind, "music", "bye") == may


def test_refused_command_has_begun_nothing() -> None:
    found = calls(
        "  a:\n    tap: {tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: 'wss://example.com'}}}\n    next: {accepted: taken, rejected: refused}\n  taken: {wait: 1s, next: bye}\n  refused: {wait: 1s, next: bye}\n"
    )
    assert found.may("heard", "a", "taken")
    assert not found.may("heard", "a", "refused")


def test_resumed_step_knows_what_the_handler_has_begun_and_no_more() -> None:
    sections = "handlers: {signal.note: b}\nsignals: {note: {}}\n"
    found = calls(
        "  a: {wait: 1s, next: tape}\n  b:\n    transcribe: {}\n    next: resume\n"
        "  tape:\n    record: {max_length: 60}\n    background: true\n    next: later\n"
        "  later: {wait: 1s, next: bye}\n",
        sections,
    )
    assert found.may("live", "b", "a")
    assert not found.may("live", "tape", "a")
    assert found.may("live", "tape", "later")


def test_excursion_stops_what_plays_and_not_what_is_recorded() -> None:
    found = calls(
        "  a:\n    record: {max_length: 60}\n    background: true\n    next: music\n"
        + MUSIC % "agent"
        + "  agent:\n    connect: {to: '+15550142'}\n    next: after\n  after: {wait: 1s, next: bye}\n"
    )
    assert found.may("live", "music", "agent")
    assert not found.may("live", "music", "after")
    assert found.may("heard", "a", "after")


def test_flow_that_is_called_and_leaves_a_tap_counts_for_the_step_that_calls_it() -> None:
    tap = "tap: {tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: 'wss://example.com'}}}"
    inner = f"flow: ears\nlanguage: 1\nstart: ear\nsteps:\n  ear: {{{tap}, next: back}}\n  back: {{return: done}}\n"
    outer = f"{HEAD}steps:\n  a: {{subflow: {{flow: ears}}, next: pin}}\n  pin:\n    ask: {{prompt: 'Enter your PIN.', digits: {{max: 4}}}}\n    next: bye\n  bye: {{end: hangup}}\n"
    files = {"small.flow.yaml": outer.encode(), "lib/ears.flow.yaml": inner.encode()}
    compiled = compile_bundle(Bundle("small", files))
    assert compiled.graph is not None, compiled.diagnostics
    assert Calls(compiled.graph).way("heard", "a", "pin") == ("start", "a (line 5)", "pin")


def test_finding_carries_its_way() -> None:
    text = f"{HEAD}steps:\n  a: {{denoise: {{}}, next: b}}\n  b: {{denoise: {{}}, next: bye}}\n  bye: {{end: hangup}}\n"
    [found] = [one for one in check(text) if one.code == "API009"]
    assert found.witness == ("start", "a (line 5)", "b")
    assert found.severity == "error"


def test_way_of_what_the_compiler_finds_is_there_for_programs() -> None:
    text = small('  a:\n    play: Hello.\n    next: b\n  b:\n    play: "${{ vars.x }}"\n    next: bye\n').replace(
        "steps:", "vars: {x: {type: string}}\nsteps:"
    )
    found = next(one for one in check(text) if one.code == "VAR002")
    assert found.witness == ("start", "a (line 6)", "b")
    text = small("  a:\n    play: Hello.\n    next: resume\n")
    found = next(one for one in check(text) if one.code == "FLW018")
    assert found.witness == ("start", "a (line 5)", "resume")
