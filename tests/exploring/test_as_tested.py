"""The law `as-tested`: what only a case knows to be wrong, in the orders of webhooks that nobody has thought of."""

from pathlib import Path

import pytest

from engine.interpret.steps import ask
from engine.interpret.turn import Turn
from engine.model.graph import AskValue, Tree
from engine.model.state import Asking
from engine.project import exploring, testing
from engine.project.beside import all_tests_of
from engine.project.readying import Readying
from engine.simulate import shaken
from engine.simulate.explore import Bounds
from tests.architecture.source import ROOT

Patch = pytest.MonkeyPatch
LISTENS = """
flow: listens
language: 1
start: listen
steps:
  listen:
    collect: {digits: {max: 1}, initial_timeout: 20, start_input_timers: true}
    background: true
    next: prompt
  prompt: {play: "Which of our three gardens do you want to hear about? Press its number now.", next: %s}
  heard: {wait: {handle: listen, timeout: 10s}, next: {otherwise: tell}}
  tell: {play: "Garden ${{ or(steps.listen.digits, 'none') }}.", next: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, error: bye, rejected: bye, lost: bye}
"""
"""Told is what has been pressed by then: the key may have been, and its webhook not come."""
PRESSES = """
  who presses hears it:
    caller: [{hears: Which of our}, {silent: 4s}, {presses: 2}]
    expect: {heard: [Garden 2], ends: hangup}
"""
STREAMS = """
flow: streams
language: 1
start: keep
steps:
  keep: {record: {beep: false, max_length: 3, end_silence_timeout: 0, initial_timeout: 0}, background: true, next: talk}
  talk: {play: "This call is kept, and you may hear it later on our site.", next: %s}
  kept: {wait: {handle: keep, timeout: 10s}, next: {otherwise: tell}}
  tell:
    fetch: {method: POST, url: "https://kept.example.com", json: {url: "${{ or(steps.keep.url, '') }}"}}
    next: {otherwise: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, error: bye, rejected: bye, lost: bye}
"""
"""What is sent is what is known by then."""
IS_KEPT = """
  the recording is passed on:
    fetch: {tell: {status: 204}}
    expect: {fetches: [{tell: {json: {url: "https://files.sandbox.invalid/recordings/iehps5vsxmjj2pr2zgnal.0.keep.1.1.record.mp3"}}}]}
"""


def explored(folder: Path, flow: str, cases: str, *, faults: int = 1, slow: int = 1) -> exploring.Found:
    name = flow.strip().partition("\n")[0].removeprefix("flow: ")
    path = folder / f"{name}.flow.yaml"
    path.write_text(flow, encoding="utf-8")
    path.with_name(f"{name}.test.yaml").write_text(f"tests: {name}\ncases:\n{cases}", encoding="utf-8")
    bounds = Bounds(states=20_000)
    return exploring.run(path, faults=faults, slow=slow, bounds=bounds, goes_on=lambda _: True)


def pasted(folder: Path, found: exploring.Found) -> list[tuple[str, ...]]:
    """What fails of each case that explore has written, beside the flow."""
    flow = folder / f"{found.flow}.flow.yaml"
    tests = flow.with_name(f"{found.flow}.pasted.test.yaml")
    tests.write_text(f"tests: {found.flow}\ncases:\n{''.join(one.case for one in found.shown)}", encoding="utf-8")
    tested = testing.run(tests)
    assert not tested.diagnostics, (tested.diagnostics, tests.read_text(encoding="utf-8"))
    tests.unlink()
    return [tuple(failure.message for failure in one.failures) for one in tested.results]


def whys(found: exploring.Found) -> list[str]:
    assert all(one.law == "as-tested" for one in found.shown), found.shown
    return [one.why for one in found.shown]


@pytest.mark.parametrize(
    ("flow", "case", "mended"),
    [(LISTENS, PRESSES, "heard"), (STREAMS, IS_KEPT, "kept")],
    ids=["what is heard", "what is sent"],
)
def test_flow_that_takes_a_report_for_granted_is_found_by_its_case_alone(
    flow: str, case: str, mended: str, tmp_path: Path
) -> None:
    found = explored(tmp_path, flow % "tell", case)
    (why,) = whys(found)
    assert "slow" in why
    ((message,),) = pasted(tmp_path, found)
    assert message.removesuffix(".") in why
    found = explored(tmp_path, flow % mended, case)
    assert found.passed, whys(found)
    assert (found.tested.cases, found.tested.left) == (1, 0)
    assert found.tested.played > 5


TWICE = """
flow: twice
language: 1
start: pin
steps:
  pin:
    ask:
      prompt: "Now please enter your four digit code."
      digits: {max: 4, terminators: "#"}
      accept: '^[0-9]{4}$'
      reprompt: {no_match: ["A code has four digits."]}
      attempts: 2
    next: {digits: bye, otherwise: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, error: bye, rejected: bye, lost: bye}
"""
SHORT = """
  who enters too few is told so:
    caller: [{hears: four digit}, {silent: 4s}, {presses: "12#"}, {hears: has four digits}, {silent: 5s}, {presses: "1234"}]
    expect: {heard: [A code has four digits], outcomes: {pin: digits}}
"""


def forgets_what_was_wrong(patch: Patch) -> None:
    """While the prompt is not known to be over, the next attempt begins with the prompt alone."""
    begin = ask._begin

    def begun(turn: Turn, value: AskValue, doing: Asking, prompt: Tree) -> None:
        plays = any(op.verb == "play" and op.phase != "over" for op in turn.operations.values())
        begin(turn, value, doing, value.prompt if plays else prompt)

    patch.setattr(ask, "_begin", begun)


def test_prompt_of_the_engine_that_depends_on_an_order_is_found_by_a_case_alone(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        forgets_what_was_wrong(patch)
        found = explored(tmp_path, TWICE, SHORT)
        assert len(whys(found)) == 1
        assert all(pasted(tmp_path, found))
    assert pasted(tmp_path, found) == [()]
    assert explored(tmp_path, TWICE, SHORT).passed


def test_case_that_fails_as_it_stands_is_said_in_short(tmp_path: Path) -> None:
    wrong = PRESSES.replace("Garden 2", "Garden 3")
    found = explored(tmp_path, LISTENS % "heard", wrong)
    (why,) = whys(found)
    tests = tmp_path / "listens.test.yaml"
    assert why == f"`who presses hears it` fails as it stands: `offhook test {tests}` shows how"
    assert (found.passed, found.tested.failing, found.shown[0].case) == (False, ("who presses hears it",), "")


def test_test_file_with_a_mistake_holds_nothing(tmp_path: Path) -> None:
    found = explored(tmp_path, LISTENS % "heard", PRESSES.replace("expect: {", "expect: {path: [nowhere], "))
    assert whys(found) == [f"{tmp_path / 'listens.test.yaml'} has mistakes: `offhook test` shows them"]


def test_without_faults_and_slowness_cases_are_played_as_they_stand(tmp_path: Path) -> None:
    found = explored(tmp_path, LISTENS % "tell", PRESSES, faults=0, slow=0)
    assert (found.passed, found.tested.cases, found.tested.played) == (True, 1, 1)


def test_all_test_files_of_the_flow_are_looked_at(tmp_path: Path) -> None:
    more = tmp_path / "listens.more.test.yaml"
    more.write_text(f"tests: listens\ncases:\n{PRESSES.replace('who', 'another who')}", encoding="utf-8")
    (tmp_path / "listens_to.test.yaml").write_text("tests: listens_to\ncases: {}\n", encoding="utf-8")
    found = explored(tmp_path, LISTENS % "tell", PRESSES)
    assert found.tested.cases == 2
    assert ["another" in why for why in whys(found)] == [True, False]


BRACES = "  keeps: {caller: [{hears: Which}, {silent: 4s}, {presses: 2}], expect: {heard: [Garden 2]}}\n"
FAULTY = f"""{PRESSES.rstrip()}
    faults:
      - late: calling.end # which nobody notices
        by: 100ms
      # and no more
"""


@pytest.mark.parametrize("case", [BRACES, FAULTY], ids=["in braces", "with faults of its own"])
def test_case_is_written_as_its_author_has(case: str, tmp_path: Path) -> None:
    found = explored(tmp_path, LISTENS % "tell", case)
    ((message,),) = pasted(tmp_path, found)
    assert "Garden" in message
    assert ("calling.end" in found.shown[0].case) == ("calling.end" in case)


def test_case_of_several_moments_is_written_with_one(tmp_path: Path) -> None:
    case = BRACES.replace("{caller", '{at: ["2027-01-01T08:00:00Z", "2027-01-02T08:00:00Z"], caller')
    found = explored(tmp_path, LISTENS % "tell", case)
    assert [len(one) for one in pasted(tmp_path, found)] == [1, 1]
    assert (found.tested.cases, found.shown[0].case.count('at: "2027')) == (2, 1)


KEPT = "      transcript:\n"
HEARD = "      heard: [Garden 2]\n"


@pytest.mark.parametrize("expects", [HEARD + KEPT, KEPT + HEARD, KEPT], ids=["last", "first", "alone"])
def test_transcript_that_a_case_keeps_has_moments_and_is_not_held_against_others(expects: str, tmp_path: Path) -> None:
    explored(tmp_path, LISTENS % "tell", f"{PRESSES.partition('    expect')[0]}    expect:\n{expects}")
    tests = tmp_path / "listens.test.yaml"
    assert testing.run(tests, update=True).passed
    found = explored(tmp_path, LISTENS % "tell", tests.read_text(encoding="utf-8").partition("cases:\n")[2])
    if expects == KEPT:
        assert found.passed, whys(found)
    else:
        ((message,),) = pasted(tmp_path, found)
        assert "Garden" in message


TIMED = "{calling.collect: {digits: {max: 4}}}, calling.play, calling.collect.start_input_timers"


def timed(expects: str) -> str:
    """Keys that come so soon after the prompt that a slow `finished` makes the timers needless."""
    presses = 'caller: [{hears: "four digit", to_the_end: true}, {silent: 1s}, {presses: "1234"}]'
    return f"  who enters it in time: {{{presses}, expect: {{{expects}}}}}\n"


def test_orders_to_what_goes_on_are_needless_or_not_by_when_a_webhook_comes(tmp_path: Path) -> None:
    found = explored(tmp_path, TWICE, timed(f"commands: [{TIMED}]"))
    assert found.passed, whys(found)
    assert found.tested.played > 8


STOPS = (
    (LISTENS % "quiet")
    .replace("start: listen", "start: tape")
    .replace(
        "  heard:",
        "  tape: {record: {beep: false, max_length: 60, end_silence_timeout: 0, initial_timeout: 0}, background: true, next: listen}\n  quiet: {record.stop: tape, next: tell}\n  heard:",
    )
)


@pytest.mark.parametrize(
    ("expects", "written"),
    [
        ("commands: [calling.collect, calling.record.stop], heard: [Garden 2]", "commands: [calling.collect], heard"),
        (
            "heard: [Garden 2], commands: [calling.collect: {digits: {max: 1}}, calling.record.stop: {}]",
            "commands: [{calling.collect: {digits: {max: 1}}}]}",
        ),
        ("heard: [Garden 2], commands: [calling.record.stop]", "expect: {heard: [Garden 2]}"),
        ("commands: [calling.record.stop], heard: [Garden 2]", "expect: {heard: [Garden 2]}"),
    ],
)
def test_case_is_written_without_what_depends_on_the_order(expects: str, written: str, tmp_path: Path) -> None:
    case = PRESSES.replace("heard: [Garden 2], ends: hangup", expects)
    found = explored(tmp_path, STOPS, case)
    ((message,),) = pasted(tmp_path, found)
    assert "Garden" in message
    assert "record.stop" not in found.shown[0].case
    assert written in found.shown[0].case


ACTS = """
flow: acts
language: 1
signals: {stop: {}}
start: first
steps:
  first: {play: "One thing.", next: second}
  second: {play: "And another thing, which takes its time.", next: third}
  third: {wait: {signal: stop, timeout: 3s}, next: {done: bye, timeout: bye}}
  bye: {end: hangup}
  gone: {end: done}
  stopped: {play: "Well then.", next: bye}
handlers: {hangup: gone, signal.stop: stopped, error: bye, rejected: bye, lost: bye}
"""


@pytest.mark.parametrize(
    "case",
    [
        "caller: [{hears: One thing, to_the_end: true}, hangs_up: true], expect: {path: [first, second, gone]}",
        "caller: [{hears: One thing, to_the_end: true}, signal: stop], expect: {path: [first, second, stopped, bye]}",
        "limits: {call: 2s}, expect: {path: [first, second], ends: limit}",
        "caller: [{silent: 6s}, signal: stop], expect: {outcomes: {third: done}}",
    ],
    ids=["who hangs up just then", "a signal just then", "the time is up", "a signal that is waited for"],
)
def test_what_comes_at_another_moment_makes_another_call(case: str, tmp_path: Path) -> None:
    found = explored(tmp_path, ACTS, f"  so: {{{case}}}\n")
    assert found.passed, whys(found)
    assert found.tested.played > 4


RACES = """
flow: races
language: 1
start: keep
steps:
  keep: {record: {beep: false, max_length: 3, end_silence_timeout: 0, initial_timeout: 0}, background: true, next: music}
  music: {play: "La la la la la, la la la la.", background: true, next: either}
  either: {wait: {%s, timeout: 20s}, next: {otherwise: tell}}
  tell: {play: "Kept ${{ or(steps.keep.outcome, 'not yet') }}.", next: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, error: bye, rejected: bye, lost: bye}
"""
MUSIC_FIRST = "  the music is over first: {expect: {heard: [Kept not yet]}}\n"


def test_whichever_of_several_comes_first_is_its_authors(tmp_path: Path) -> None:
    found = explored(tmp_path, RACES % "any: [keep, music]", MUSIC_FIRST)
    assert found.passed, whys(found)
    assert whys(explored(tmp_path, RACES % "handle: music", MUSIC_FIRST))


SHIPPED = sorted((ROOT / "flows").glob("*.flow.yaml")) + sorted((ROOT / "tests/mutation/unseen").glob("*.flow.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_cases_of_the_shipped_flows_and_of_others_hold_in_all_orders(path: Path) -> None:
    tests = all_tests_of(path, path.name.removesuffix(".flow.yaml"))
    cases = [one for each in tests for one in Readying(each, path).ready()]
    found = shaken.play(cases, slow=True, doubled=True)
    assert found.passed, (found.failing, [(one.case.case.name, one.fault, one.failure) for one in found.found])
    assert (found.left, found.played > 10 * found.cases) == (0, True)
