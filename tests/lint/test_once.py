"""One fault is one finding: what follows from it, and what another rule says of it, is not said again."""

import pytest

from tests.lint.flow import HEAD, codes, small

MENU = """\
  a:
    ask:
      prompt: "For sales, press 1. For a person, press 0."
      digits: {max: 1}
      reprompt: {no_input: ["Are you there?"], no_match: ["That is no choice."]}
      choices: {sales: {keys: ["1"], next: person}, person: {keys: ["0"], next: person}}
    next: {otherwise: %s}
  person:
    transfer: {dest: "https://example.com/person"}
"""


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (
            '  a:\n    play: "One moment."\n    next: b\n  b:\n    play: "Still there?"\n    next: a\n',
            ["FLW004", "FLW002"],
        ),
        ("  a: {set: {n: vars.n + 1}, next: a}\n", ["FLW025", "FLW002"]),
        ("  a:\n    branch:\n      - {if: \"call.from == ''\", next: bye}\n      - else: a\n", ["FLW025"]),
        (f"{MENU % 'b'}  b:\n    branch:\n      - {{if: vars.n < 3, next: a}}\n      - else: bye\n", ["FLW009"]),
    ],
    ids=["no ending", "set to itself", "branch to itself", "counter that nobody counts"],
)
def test_loop_is_found_once(steps: str, found: list[str]) -> None:
    sections = "vars: {n: 0}\n" if "vars.n" in steps else ""
    assert codes(small(steps).replace(HEAD, HEAD + sections)) == found


def test_wait_for_a_signal_without_end_is_found_once() -> None:
    text = small("  a: {wait: {signal: free}, next: bye}\n").replace(HEAD, f"{HEAD}signals: {{free: {{}}}}\n")
    assert codes(text) == ["FLW006"]


@pytest.mark.parametrize(
    ("fetch", "found"),
    [
        ("timeout: 5m", ["UX012"]),
        ("timeout: 4s, retry: {times: 2, backoff: 2m}", ["UX012"]),
        ("timeout: 4s, retry: {times: 8, backoff: 2s}", ["UX020"]),
    ],
)
def test_fetch_that_takes_minutes_is_found_once(fetch: str, found: list[str]) -> None:
    filler = 'filler: {after: 1s, play: "One moment."}'
    steps = f"  a:\n    fetch: {{url: 'https://example.com', {fetch}, {filler}}}\n    next: b\n  b: {{play: Hello., next: bye}}\n"
    assert codes(small(steps)) == found


@pytest.mark.parametrize(
    ("seconds", "found"), [("0.006", ["UX012"]), ("0", ["UX008"]), ("1", ["UX008"]), ("6000", ["UX012"])]
)
def test_time_to_answer_is_found_once(seconds: str, found: list[str]) -> None:
    steps = MENU.replace("digits: {max: 1}", f"digits: {{max: 1}}\n      initial_timeout: {seconds}") % "b"
    assert codes(small(f"{steps}  b: {{play: Goodbye., next: bye}}\n")) == found
