"""A flow that no call can go wrong in compiles: ways that contradict themselves are none. Each with a twin that can."""

import pytest

from engine.compile import compile_bundle
from engine.model.bundle import Bundle

TAP = """\
  tap:
    tap: {tap: {type: audio, params: {direction: both}}, device: {type: rtp, params: {addr: 8.8.8.8, port: 40000, codec: PCMU}}}
    next: %s
"""
PIN = """\
  stop: {tap.stop: tap, next: pin}
  pin:
    ask: {prompt: "Enter your PIN.", digits: {max: 4}, secret: true}
    next: %s
  bye: {play: "Goodbye.", next: over}
  over: {end: hangup}
"""
TWICE = """\
  first:
    branch:
      - if: "{first}"
        next: tap
      - else: {between}
{tap}
{middle}
  second:
    branch:
      - if: "{second}"
        next: stop
      - else: pin
"""
MENU = """\
  menu:
    ask: {prompt: "Press 1 or 2.", digits: {max: 2}, choices: {one: {keys: ["1"]}, two: {keys: ["2", "22"]}}}
    next: {one: tap, two: %s, otherwise: bye}
"""


def codes(start: str, steps: str, sections: str = "") -> list[str]:
    text = f"flow: small\nlanguage: 1\n{sections}start: {start}\nsteps:\n{steps}"
    compiled = compile_bundle(Bundle("small", {"small.flow.yaml": text.encode()}))
    return [one.code for one in compiled.diagnostics]


def twice(first: str, second: str, between: str = "second", middle: str = "") -> str:
    tap = TAP % between
    return TWICE.format(first=first, second=second, between=between, tap=tap, middle=middle) + PIN % "bye"


HANDLERS = ["handlers: {signal.s: pin}\nsignals: {s: {}}\n", "handlers: {error: pin}\n", "limits: {next: pin}\n"]


@pytest.mark.parametrize("section", HANDLERS)
def test_handler_does_not_interrupt_itself(section: str) -> None:
    steps = '  a: {play: "Hello.", next: bye}\n' + TAP % "told" + '  told: {play: "Monitored.", next: off}\n'
    steps += "  off: {tap.stop: tap, next: bye}\n" + PIN % "tap"
    assert codes("a", steps, section) == []
    assert codes("a", steps.replace("next: off", "next: pin"), section) == ["SEC002"]


@pytest.mark.parametrize("section", HANDLERS[:2])
def test_handler_that_has_gone_back_may_be_entered_again(section: str) -> None:
    steps = '  a: {play: "Hello.", next: bye}\n' + TAP % "resume" + PIN % "tap"
    assert codes("a", steps, section) == ["SEC002"]


def test_handler_is_interrupted_by_another_one() -> None:
    section = "signals: {s: {}, t: {}}\nhandlers: {signal.s: pin, signal.t: tap}\n"
    steps = '  a: {play: "Hello.", next: bye}\n' + TAP % "bye" + PIN % "bye"
    assert codes("a", steps, section) == ["SEC002"]


COUNTED = """\
  a:
    visits: {max: 3, next: say}
    ask: {prompt: "Enter a digit.", digits: {max: 1}}
    next: {digits: kept, otherwise: %s}
  kept: {set: {x: steps.a.digits}, next: a}
  say: {play: "${{ vars.x }}", next: over}
  over: {end: hangup}
"""


def test_budget_of_visits_is_used_up_after_an_entry() -> None:
    section = "vars: {x: {type: string}}\n"
    assert codes("a", COUNTED % "over", section) == []
    assert codes("a", COUNTED % "a", section) == ["VAR002"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("inputs.kind == 'vip'", "inputs.kind == 'vip'"),
        ("inputs.kind == 'vip'", "!(inputs.kind != 'vip')"),
        ("inputs.kind == 'vip'", "inputs.kind in ['vip', 'gold']"),
        ("inputs.count == 3", "inputs.count != 4"),
        ("size(inputs.kind) > 3", "size(inputs.kind) > 3"),
        ("inputs.kind == call.to", "inputs.kind == call.to"),
        ("inputs.known", "inputs.known"),
        ("inputs.known", "!!inputs.known"),
        ("call.from == ''", "call.from == ''"),
        ("uses.line == 'a'", "uses.line == 'a'"),
    ],
)
def test_condition_about_what_never_changes_is_asked_twice(first: str, second: str) -> None:
    section = "inputs: {kind: {type: string}, count: {type: int}, known: {type: bool}}\nuses: {line: string}\n"
    assert codes("first", twice(first, second), section) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("inputs.kind == 'vip'", "inputs.kind == 'gold'"),
        ("inputs.kind == 'vip'", "inputs.other == 'vip'"),
        ("inputs.kind != 'vip'", "inputs.kind == 'gold'"),
        ("inputs.count > 3", "inputs.count > 4"),
        ("open(uses.hours, now)", "open(uses.hours, now)"),
    ],
)
def test_another_condition_says_nothing(first: str, second: str) -> None:
    section = "inputs: {kind: {type: string}, other: {type: string}, count: {type: int}}\nuses: {hours: calendar}\n"
    assert codes("first", twice(first, second), section) == ["SEC002"]


def test_variable_is_the_same_until_it_is_set() -> None:
    section = "vars: {x: {type: string, initial: ''}}\n"
    noted = "  noted: {set: {x: call.to}, next: %s}\n"
    asked = twice("vars.x == 'a'", "vars.x == 'a'") + noted % "first"
    assert codes("noted", asked, section) == []
    set_again = twice("vars.x == 'a'", "vars.x == 'a'", "again", "  again: {set: {x: call.from}, next: second}")
    assert codes("noted", set_again + noted % "first", section) == ["SEC002"]


CHOSEN = """\
  which:
    branch:
      - if: "%s"
        next: stop
      - else: pin
"""


@pytest.mark.parametrize(
    "condition",
    ["steps.menu.choice == 'one'", "steps.menu.value == '1'", "steps.menu.digits != '2' && steps.menu.digits != '22'"],
)
def test_choice_says_what_was_entered(condition: str) -> None:
    steps = MENU % "which" + TAP % "which" + CHOSEN % condition + PIN % "bye"
    assert codes("menu", steps) == []
    assert codes("menu", steps.replace("two: which", "two: tap")) == ["SEC002"]


def test_choice_is_another_one_when_the_menu_is_heard_again() -> None:
    steps = MENU % "which" + TAP % "menu" + CHOSEN % "steps.menu.choice == 'one'" + PIN % "bye"
    assert codes("menu", steps) == ["SEC002"]


def test_phrase_may_choose_it_too() -> None:
    menu = (
        (MENU % "which")
        .replace('keys: ["1"]', 'keys: ["1"], phrases: [one]')
        .replace("digits: {", "speech: {}, digits: {")
    )
    steps = menu + TAP % "which" + CHOSEN % "steps.menu.value == '1'" + PIN % "bye"
    assert codes("menu", steps) == ["SEC002"]


def test_unset_name_is_known_from_the_way() -> None:
    section = "inputs: {kind: {type: string}}\nvars: {x: {type: string}}\n"
    steps = """\
  a:
    branch:
      - if: inputs.kind == 'vip'
        next: kept
      - else: b
  kept: {set: {x: call.to}, next: b}
  b:
    branch:
      - if: inputs.kind == 'vip'
        next: say
      - else: over
  say: {play: "${{ vars.x }}", next: over}
  over: {end: hangup}
"""
    assert codes("a", steps, section) == []
    assert codes("a", steps.replace("== 'vip'", "== 'gold'", 1), section) == ["VAR002"]
