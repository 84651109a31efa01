"""The law `same-end` in exploring and in cases: what only a deadline of the flow makes of something slow is its author's."""

from pathlib import Path

import pytest

from engine.interpret import ending, position
from engine.interpret.steps import ask, operation
from engine.interpret.turn import Turn
from engine.model.graph import AskValue, Until
from engine.model.ids import ControlId
from engine.model.state import Asking, Operation, Settling
from engine.project import exploring, testing
from engine.simulate.explore import Bounds

LISTENS = """
flow: listens
language: 1
vars: {who: none}
start: listen
steps:
  listen:
    collect: {digits: {max: 1}, start_input_timers: true}
    background: true
    next: prompt
  prompt: {play: "Press a key now, please.", next: first}
  first: %s
  keyed: {set: {who: "'somebody'"}, next: bye}
  silent: {set: {who: "'nobody'"}, next: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, error: bye, rejected: bye, lost: bye}
"""
LATE = (
    "tests: listens\ncases:\n  late: {caller: [hears: Press, presses: 7], faults: [%s], expect: {laws: [same-end]}}\n"
)
WAITS = "{wait: {handle: listen, timeout: 1s}, next: {digits: keyed, otherwise: silent}}"
PASSES = "{wait: 1s, next: {done: look}}\n  look: "
LOOKS = "{branch: [{if: \"or(steps.listen.outcome, '') == 'digits'\", next: keyed}, {else: silent}]}"


def broken(folder: Path, first: str, fault: str) -> list[str]:
    """By the case."""
    (folder / "listens.flow.yaml").write_text(LISTENS % first, encoding="utf-8")
    tests = folder / "listens.test.yaml"
    tests.write_text(LATE % fault, encoding="utf-8")
    tested = testing.run(tests)
    assert not tested.diagnostics, tested.diagnostics
    (result,) = tested.results
    return [one.law or one.message for one in result.failures]


def finds_nothing(folder: Path) -> None:
    flow = folder / "listens.flow.yaml"
    found = exploring.run(flow, faults=0, slow=1, bounds=Bounds(), goes_on=lambda _: True).explored
    assert found is not None
    assert (found.found, found.covered.cut) == ((), 0)


def test_deadline_that_runs_out_while_a_digit_is_slow_is_its_authors(tmp_path: Path) -> None:
    assert broken(tmp_path, WAITS, "{delay: collect.digit, by: 5s}") == []
    finds_nothing(tmp_path)


def test_so_is_a_pause_that_is_over(tmp_path: Path) -> None:
    """And a key that comes as the call's time is up changes nothing: of a run that is over nobody reads it."""
    assert broken(tmp_path, PASSES + LOOKS, "{delay: collect.digit, by: 5s}") == []
    finds_nothing(tmp_path)


def test_where_no_deadline_has_run_out_what_is_slow_changes_nothing(tmp_path: Path) -> None:
    assert broken(tmp_path, LOOKS, "{delay: collect.digit, by: 5s}") == ["same-end"]
    assert broken(tmp_path, PASSES + LOOKS, "{delay: collect.digit, by: 1s}") == []


def test_what_was_otherwise_before_a_deadline_ran_out_is_compared(tmp_path: Path) -> None:
    assert broken(
        tmp_path,
        LOOKS.replace("silent", "rest") + "\n  rest: " + PASSES.replace("look}", "silent}").partition("\n")[0],
        "{delay: collect.digit, by: 5s}",
    ) == ["same-end"]


ASKS = """
flow: asks
language: 1
start: pin
steps:
  pin:
    ask: {prompt: "Your PIN.", digits: {max: 1}, attempts: 1}
    next: {digits: good, otherwise: bye}
  good: {wait: 4s, next: bye}
  bye: {end: hangup}
  sorry: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, error: sorry, rejected: sorry, lost: sorry}
"""


def laws_of(folder: Path, *, faults: int, slow: int, flow: str = ASKS) -> list[str]:
    path = folder / "asks.flow.yaml"
    path.write_text(flow, encoding="utf-8")
    found = exploring.run(path, faults=faults, slow=slow, bounds=Bounds(), goes_on=lambda _: True)
    return [one.law for one in found.shown]


UNHURRIED = """
flow: asks
language: 1
start: today
steps:
  today:
    ask: {prompt: "Is it for today? Press 1.", digits: {max: 1}, choices: {y: {keys: ["1"]}}, attempts: 1, barge_in: false}
    next: {y: tell, otherwise: bye}
  tell: {play: "Thank you.", next: bye}
  bye: {end: hangup}
"""


def test_key_that_waits_for_the_end_of_the_prompt_is_the_one_that_was_pressed(tmp_path: Path) -> None:
    """The prompt is over, and the webhook that says so is slow: whoever pressed 0 meanwhile has not pressed 1."""
    assert laws_of(tmp_path, faults=0, slow=1, flow=UNHURRIED) == []
    assert laws_of(tmp_path, faults=1, slow=1, flow=UNHURRIED) == []


RECORDS = """
flow: asks
language: 1
outbound: {from: "+15550100"}
start: tape
steps:
  tape:
    record: {beep: true, max_length: 20, initial_timeout: 4, end_silence_timeout: 2}
    next: {finished: thanks, otherwise: bye}
  thanks: {play: "Thanks.", next: bye}
  bye: {end: hangup}
"""
KEEPS = (
    RECORDS
    + """
  keep: {branch: [{if: "or(steps.tape.outcome, '') == 'finished'", next: kept}, {else: nothing}]}
  kept: {wait: 1s, next: over}
  nothing: {wait: 1s, next: over}
  over: {end: done}
handlers: {hangup: keep}
"""
)


@pytest.mark.parametrize("flow", [RECORDS, KEEPS], ids=["records", "keeps"])
def test_who_hangs_up_into_a_recording_ends_it_and_the_run_hears_of_either_first(tmp_path: Path, flow: str) -> None:
    assert laws_of(tmp_path, faults=0, slow=1, flow=flow) == []
    assert laws_of(tmp_path, faults=1, slow=1, flow=flow) == []


def test_where_the_run_hears_at_one_step_of_the_end_other_orders_are_compared(tmp_path: Path) -> None:
    """An engine that waits no more for recordings when it hears that the call is over."""

    def settled_at_once(turn: Turn, reason: str, *, handler: bool = False) -> None:
        turn.doing = Settling(reason=reason, handler=handler)
        ending.settled(turn)

    beside = KEEPS.replace("    next: {finished: thanks, otherwise: bye}", "    background: true\n    next: thanks")
    assert laws_of(tmp_path, faults=0, slow=1, flow=beside) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ending, "settle", settled_at_once)
        assert laws_of(tmp_path, faults=0, slow=1, flow=beside) == ["same-end"]


def test_choice_that_is_made_before_a_failure_is_known_counts(tmp_path: Path) -> None:
    """The prompt was refused, and the answer that says so is slow: a key comes before it, or the step has failed."""
    assert laws_of(tmp_path, faults=1, slow=2) == []


def test_step_that_fails_in_one_order_though_nothing_went_wrong_is_found(tmp_path: Path) -> None:
    def judged(turn: Turn, value: AskValue, doing: Asking, collect: Operation) -> None:
        play = turn.operations.get(doing.play or ControlId(""))
        if play is not None and play.phase == "requested":
            position.finish(turn, "error", {})
        else:
            judge(turn, value, doing, collect)

    judge = ask._judge
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ask, "_judge", judged)
        assert laws_of(tmp_path, faults=0, slow=2) == ["same-end"]


SPEAKS = """
flow: asks
language: 1
start: listen
steps:
  listen:
    collect: {digits: {max: 4}, speech: {}, initial_timeout: 6, send_start_of_input: true, start_input_timers: false}
    background: true
    next: prompt
  prompt: {play: "Enter or say your four digit number.", until: listen, next: arm}
  arm: {collect.start_input_timers: listen, next: result}
  result: {wait: listen, next: {digits: thanks, speech: thanks, otherwise: bye}}
  thanks: {play: "Thank you.", next: bye}
  bye: {end: hangup}
"""


def test_what_was_not_understood_stops_a_prompt_in_whichever_order_it_is_told(tmp_path: Path) -> None:
    """A noise: `no_match` overtakes the `start_of_input` that it began with."""

    def only_understood(op: Operation, until: Until) -> bool:
        return op.outcome != "no_match" and op.input

    assert laws_of(tmp_path, faults=1, slow=1, flow=SPEAKS) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operation, "_speaks", only_understood)
        assert laws_of(tmp_path, faults=0, slow=1, flow=SPEAKS) == ["same-end"]
