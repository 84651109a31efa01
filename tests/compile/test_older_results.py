"""A recording that is made again leaves its older result until its report comes: what a condition says of the one, of the other,
and of both. Each sound flow with a twin that is none."""

import pytest

from tests.compile.test_ways import codes

AGAIN = """\
  ask_for:
    visits: {max: 3, next: bye}
    play: "Please leave your message after the tone."
    next: take
  take:
    record: {beep: true, max_length: 120, initial_timeout: 6, end_silence_timeout: 4}
    next: %s
  silent: {play: "I did not hear anything.", next: ask_for}
  sure:
    ask: {prompt: "To record it again, press 1.", digits: {max: 1}, choices: {again: {keys: ["1"]}}}
    next: {again: ask_for, otherwise: bye}
  bye: {play: "Goodbye.", next: over}
  over: {end: hangup}
  gone:
    branch:
      - if: "%s"
        next: %s
      - else: over
  paused: {wait: 1s, next: late}
  late: {set: {url: steps.take.url}, next: over}
"""
VARS = 'vars: {url: {type: string, initial: ""}}\n'
SECTIONS = f"{VARS}handlers: {{hangup: gone}}\n"
SILENT_AGAIN, HEARD_AGAIN = "{finished: bye, no_input: silent}", "{finished: sure, no_input: bye}"
FINISHED = "or(steps.take.outcome, '') == 'finished'"


def of_take(ways: str, condition: str = FINISHED, then: str = "late") -> list[str]:
    return codes("ask_for", AGAIN % (ways, condition, then), SECTIONS)


@pytest.mark.parametrize(
    "condition",
    [
        FINISHED,
        f"{FINISHED} && vars.url == ''",
        f"vars.url == '' && {FINISHED}",
        "!(or(steps.take.outcome, '') != 'finished') && or(steps.take.outcome, '') in ['finished']",
        "or(steps.take.outcome, 'no_input') != 'no_input' && or(steps.take.outcome, '') == 'finished'",
    ],
)
def test_recording_that_was_silent_before_and_is_finished_has_come_to_its_end(condition: str) -> None:
    assert of_take(SILENT_AGAIN, condition) == []
    assert of_take(SILENT_AGAIN, condition, "paused") == []


@pytest.mark.parametrize(
    "condition",
    [
        "or(steps.take.outcome, '') != 'finished'",
        "or(steps.take.outcome, '') != 'no_input'",
        "or(steps.take.outcome, '') != ''",
        "or(steps.take.outcome, '') == ''",
        "or(steps.take.outcome, 'finished') == 'finished'",
        "or(steps.take.outcome, '') in ['finished', 'no_input']",
    ],
)
def test_result_that_was_there_before_says_nothing_of_the_new_one(condition: str) -> None:
    assert of_take(SILENT_AGAIN, condition) == ["VAR002"]


def test_nothing_comes_between_a_condition_and_what_is_set() -> None:
    assert of_take(HEARD_AGAIN) == []
    assert of_take(HEARD_AGAIN, then="paused") == ["VAR002"]


def test_conditions_of_one_branch_are_asked_at_once() -> None:
    steps = AGAIN % (HEARD_AGAIN, "or(steps.take.outcome, '') == 'no_input'", "over")
    more = """\
      - if: "or(steps.take.outcome, '') != 'finished'"
        next: over
      - if: steps.take.url != ''
        next: over
      - else: over
"""
    assert codes("ask_for", steps.replace("      - else: over\n", more), SECTIONS) == []
    unsure = more.replace("!= 'finished'", "== ''", 1)
    assert codes("ask_for", steps.replace("      - else: over\n", unsure), SECTIONS) == ["VAR002"]


def test_no_result_yet_may_be_one_a_moment_later() -> None:
    """So the way on which it is there then contradicts nothing."""
    steps = AGAIN % (HEARD_AGAIN, "or(steps.take.outcome, '') == ''", "paused")
    asked_again = """\
  paused: {wait: 1s, next: which}
  which: {branch: [{if: "or(steps.take.outcome, '') == 'no_input'", next: late}, {else: over}]}
"""
    once = steps.replace("{again: ask_for, ", "{again: bye, ")
    assert codes("ask_for", once.replace("  paused: {wait: 1s, next: late}\n", asked_again), SECTIONS) == ["VAR002"]


BEHIND = """\
  tape: {record: {max_length: 60}, background: true, next: talk}
  talk: {play: "Please speak.", next: which}
  which:
    branch:
      - if: "or(steps.tape.outcome, '') == '%s'"
        next: %s
      - else: talk
  say: {play: "${{ steps.tape.url }}", next: over}
  keep: {set: {url: steps.tape.url}, next: over}
  again: {visits: {max: 3, next: over}, wait: 1s, next: tape}
  over: {end: hangup}
"""
NOT_YET = """\
      - if: "or(steps.tape.outcome, '') == 'no_input'"
        next: again
      - else: talk"""


def test_recording_behind_the_flow_is_asked_for_until_it_is_finished() -> None:
    assert codes("tape", BEHIND % ("finished", "say"), VARS) == []
    assert codes("tape", BEHIND % ("no_input", "say"), VARS) == ["VAR002"]
    both = BEHIND.replace("      - else: talk", NOT_YET)
    assert codes("tape", both % ("finished", "keep"), VARS) == []
    assert codes("tape", both % ("finished", "say"), VARS) == ["VAR002"]
