"""Fixes change characters and nothing else, come to an end, and never make a flow worse."""

from pathlib import Path

import msgspec
import pytest

from engine.lint.finding import Edit, Finding, Fix, Safety
from engine.lint.fixing import MAX_ROUNDS, apply, fix
from engine.lint.rules.ux001_too_many_options import RULE
from engine.lint.settings import Settings
from engine.lint.slips import is_one_off
from engine.model.diagnostics import Severity, Span
from engine.project import checking
from tests.lint.corpus import code, flows, named
from tests.lint.flow import HEAD, check, small


def finding(one: Fix | None, severity: Severity = "warning") -> Finding:
    place = Span(1, 1, 1, 2)
    return Finding(
        file="a",
        code="UX001",
        name="x",
        severity=severity,
        span=place,
        start=0,
        end=1,
        message="m",
        fix=one,
    )


def edit(start: int, end: int, text: str, safety: Safety = "safe") -> Fix:
    return Fix(title=f"{start} {text}", safety=safety, edits=(Edit(start, end, text),))


def test_edits_are_applied_from_the_end() -> None:
    assert apply("abcdef", [Edit(0, 1, "xx"), Edit(4, 6, ""), Edit(2, 2, "-")]) == "xxb-cd"


def test_safe_fix_keeps_comments_and_layout() -> None:
    text = small(
        "  a:   # the beginning\n    play:\n      play: [ Hello. ]\n      control_id: p1\n    next:   bye\n"
    ).replace("start: a", "vars:\n  # counts\n  tries: 0\n  name: x\nstart: a")
    done = fix(text, check, unsafe=False)
    assert done.text == text.replace("      control_id: p1\n", "").replace("  tries: 0\n", "")
    assert [one.code for one in done.findings] == ["VAR004"]


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    text = small("  a:\n    record: {}\n    background: true\n    next: bye\n")
    assert fix(text, check, unsafe=False).text == text
    done = fix(text, check, unsafe=True)
    assert "record: {end_silence_timeout: 0, initial_timeout: 0, direction: both}" in done.text or (
        {"end_silence_timeout: 0", "initial_timeout: 0", "direction: both"}
        == {part.strip() for part in done.text.split("record: {")[1].split("}")[0].split(",")}
    )
    assert done.findings == ()


def test_fix_that_breaks_the_flow_is_not_written() -> None:
    text = small(
        "  a:\n    play: ['Hello ${{ or(steps.b.outcome, \"\") }}.']\n    next: bye\n  b:\n    play: [Hi.]\n    next: bye\n"
        "  c:\n    play: [Hi.]\n    next: bye\n"
    )
    done = fix(text, check, unsafe=True)
    assert "  b:\n" in done.text
    assert "  c:\n" not in done.text
    assert done.titles == ("Remove `c`",)


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("15550100142", '"+15550100142"'),
        ("15550101", "15550101"),
        ('"15550100142"', '"+15550100142"'),
        ("+1 555 0100 142", "+15550100142"),
    ],
)
def test_number_gets_its_plus_only_where_it_has_its_country_and_never_without_being_asked(
    written: str, after: str
) -> None:
    text = small(
        f"  a:\n    connect: {{to: {written}}}\n    next: {{bridge_ended: bye, otherwise: b}}\n  b: {{play: Sorry., next: bye}}\n"
    )
    safe = fix(text, check, unsafe=False)
    assert safe.text == text.replace(written, after if written.startswith("+") else written)
    assert fix(text, check, unsafe=True).text == text.replace(written, after)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("branch: [{if: vars.caler < 3, next: bye}, {else: bye}]", "vars.caller"),
        ("set: {tries: vars.caler}", "vars.caller"),
        ('connect: {to: "${{ uses.deskhours }}"}', "uses.desk_hours"),
        ("play.stop: tap", ""),
        ("record.stop: tap", "tape"),
    ],
)
def test_name_of_something_else_is_not_put_in(step: str, name: str) -> None:
    """`caller` is a text, `desk_hours` a calendar, `tape` a recording."""
    sections = 'vars: {caller: "", tries: 0}\nuses: {desk_hours: calendar}\n'
    steps = f"  a: {{record: {{}}, background: true, next: tape}}\n  tape: {{record: {{}}, background: true, next: c}}\n  c:\n    {step}\n"
    text = small(steps + ("" if step.startswith("branch") else "    next: bye\n")).replace(HEAD, HEAD + sections)
    done = fix(text, check, unsafe=True)
    assert name in "".join(one.help for one in check(text))
    assert (f"{step}\n" in done.text) == (not step.startswith("record"))


@pytest.mark.parametrize("written", ["Press #7  for the desk", "To end, press the  key # please", "Then pound #"])
def test_text_that_a_comment_cuts_off_is_quoted_when_asked_for(written: str) -> None:
    text = small(f"  a:\n    play: {written}\n    next: bye\n")
    assert fix(text, check, unsafe=False).text == text
    done = fix(text, check, unsafe=True)
    assert done.text == text.replace(written, f'"{written}"')
    assert [one.code for one in done.findings] == []


@pytest.mark.parametrize("written", ["Thank you. # press", "Hello. # 7 words", "'Press' #7", "Press 1. #one"])
def test_comment_that_is_meant_behind_a_text_is_none(written: str) -> None:
    assert not check(small(f"  a:\n    play: {written}\n    next: bye\n"))


def test_overlapping_fixes_are_done_in_turn() -> None:
    def shorten(text: str) -> tuple[Finding, ...]:
        return tuple(finding(edit(0, min(2, len(text)), "")) for _ in range(3)) if text else ()

    done = fix("abcdef", shorten, unsafe=False)
    assert (done.text, len(done.titles)) == ("", 3)


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    def other(text: str) -> tuple[Finding, ...]:
        return (finding(edit(0, 1, "b" if text == "a" else "a")),)

    assert len(fix("a", other, unsafe=False).titles) == MAX_ROUNDS


def test_two_fixes_that_are_only_bad_together_are_not_both_done() -> None:
    def either(text: str) -> tuple[Finding, ...]:
        found = [finding(edit(at, at + 1, "x")) for at, char in enumerate(text) if char != "x"]
        return (*found, *([finding(None, "error")] if text == "xx" else []))

    assert fix("ab", either, unsafe=False).text in ("xb", "ax")


@pytest.mark.parametrize("path", flows("err"), ids=named)
def test_all_fixes_of_a_fixture_leave_a_flow_that_compiles_and_nothing_to_fix(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(f"flow: {path.name.removesuffix('.flow.yaml')}", "flow: small", 1)
    done = fix(text, check, unsafe=True)
    errors = {one.code for one in done.findings if one.severity == "error"}
    assert errors <= {code(path), "SYN005", "FLW015", "FLW016"} & {one.code for one in check(text)}
    assert not [one for one in done.findings if one.fix is not None]
    assert fix(done.text, check, unsafe=True).text == done.text


@pytest.mark.parametrize("path", flows("err"), ids=named)
def test_lines_that_are_put_in_end_as_the_others_do(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(f"flow: {path.name.removesuffix('.flow.yaml')}", "flow: small", 1)
    dos = fix(text.replace("\n", "\r\n"), check, unsafe=True).text
    assert dos.replace("\r\n", "\n") == fix(text, check, unsafe=True).text
    assert dos.count("\n") == dos.count("\r\n") == dos.count("\r")


def test_name_that_is_nearly_right_is_repaired_where_there_is_one() -> None:
    text = small("  a:\n    pley: Hello.\n    next: by\n")
    done = fix(text, check, unsafe=True)
    assert done.text == text.replace("pley", "play").replace("next: by\n", "next: bye\n")
    assert done.findings == ()
    assert "next: by\n" in fix(text, check, unsafe=False).text


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("play: Hello.\n    nxt: bye", "play: Hello.\n    next: bye"),
        ("pley: Hello.\n    next: bye", "play: Hello.\n    next: bye"),
        ("play: Hello.\n    nxt: nowhere", ""),
        ("play: Hello.\n    netx: bye", ""),
        ("play: {play: [Hello.], volme: loud}\n    next: bye", ""),
        (
            "record: {end_silence_timout: 3, beep: true}\n    next: bye",
            "record: {end_silence_timeout: 3, beep: true}\n    next: bye",
        ),
    ],
)
def test_key_that_is_one_character_off_is_repaired_where_nothing_else_is_wrong_with_it(step: str, after: str) -> None:
    text = small(f"  a:\n    {step}\n")
    assert fix(text, check, unsafe=False).text == text.replace(step, after or step)
    assert "SYN003" not in [one.code for one in fix(text, check, unsafe=True).findings]


@pytest.mark.parametrize(
    ("wrong", "right", "unsafe"),
    [
        ("    ask: {prompt: Key?, digits: {max: 4, terminators: #}}\n", 'terminators: "#"}}', False),
        (
            "    ask:\n      prompt: Key?\n      digits:\n        max: 4\n        terminators: #\n",
            'terminators: "#"\n',
            False,
        ),
        ("    ai_hold: {timeout: 300}\n", '{timeout: "300"}', False),
        ('    play: {play: [Hi.], volume: "5"}\n', "volume: 5}", False),
        ("    play: Hi.\n    deadline: 30\n", "deadline: 30s", True),
        ('    stream: {url: "http://media.example.com/in"}\n', '"wss://media.example.com/in"', True),
        ("    refer: {device: {type: sip, params: {to: desk@example.com}}}\n", "to: sip:desk@example.com", True),
        ("    connect: {to: '+1 555-010-0142'}\n", "to: '+15550100142'", False),
    ],
)
def test_value_that_is_not_what_it_looks_like_is_repaired(wrong: str, right: str, unsafe: bool) -> None:
    text = small(f"  a:\n{wrong}    next: bye\n")
    done = fix(text, check, unsafe=unsafe)
    assert right in done.text
    assert (fix(text, check, unsafe=False).text == text) == unsafe


def test_comment_inside_of_what_is_removed_makes_the_fix_unsafe() -> None:
    text = small("  a:\n    play: [Hi.]\n    next: bye\n").replace(
        "start: a", "vars:\n  tries:\n    # how often\n    type: int\n    initial: 0\n  name: x\nstart: a"
    )
    assert fix(text, check, unsafe=False).text == text.replace("  name: x\n", "")


RECORDED = """\
  a:
    record: {max_length: 60, end_silence_timeout: 3, beep: true}
    next: {finished: told, no_input: told}
  told:
"""


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("play: 'At ${{ steps.a.url }}'", "play: 'At ${{ or(steps.a.url, \"\") }}'"),
        ('play: "At ${{ steps.a.url }}"', "play: \"At ${{ or(steps.a.url, '') }}\""),
        ("set: {name: steps.a.url}", "set: {name: \"or(steps.a.url, '')\"}"),
        ("set:\n      name: steps.a.url", "set:\n      name: or(steps.a.url, '')"),
        ("set: {long: steps.a.duration > 3.0}", 'set: {long: "or(steps.a.duration, 0.0) > 3.0"}'),
    ],
)
def test_name_that_may_be_unset_gets_a_default_in_the_quotes_that_are_there(written: str, after: str) -> None:
    sections = 'vars: {name: "", long: {type: bool, initial: false}}\n'
    text = small(f"{RECORDED}    {written}\n    next: bye\n").replace(HEAD, HEAD + sections)
    assert fix(text, check, unsafe=False).text == text
    done = fix(text, check, unsafe=True)
    assert after in done.text
    assert not [one for one in done.findings if one.severity == "error"]


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("next: {digits: bye}", "next: {digits: bye, otherwise: sorry}"),
        ("next:\n      digits: bye  # good", "next:\n      digits: bye  # good\n      otherwise: sorry"),
    ],
)
def test_outcome_that_leads_nowhere_goes_where_trouble_goes(written: str, after: str) -> None:
    text = small(
        f"  a:\n    ask: {{prompt: Key?, digits: {{max: 1}}}}\n    {written}\n"
        "  sorry: {play: 'We are sorry. Goodbye.', next: bye}\n"
    ).replace(HEAD, f"{HEAD}handlers: {{error: sorry}}\n")
    done = fix(text, check, unsafe=True)
    assert after in done.text
    assert "FLW007" not in [one.code for one in done.findings]


def test_loop_is_bounded_where_no_caller_returns_to() -> None:
    text = small(
        "  a:\n    ask:\n      prompt: Key?\n      digits: {max: 1}\n    next: {digits: bye, otherwise: again}\n"
        "  again:\n    play: 'Once more.'\n    next: a\n"
    )
    done = fix(text, check, unsafe=True)
    assert "  again:\n    visits: {max: 3, next: bye}\n    play:" in done.text
    assert "FLW005" not in [one.code for one in done.findings]


@pytest.mark.parametrize(
    ("follows", "after"),
    [
        ("bye", "wait: {signal: free, timeout: 2m}\n    next: bye"),
        ("{done: bye}", "wait: {signal: free, timeout: 2m}\n    next: {done: bye, timeout: bye}"),
    ],
)
def test_wait_without_end_gets_one_and_its_way(follows: str, after: str) -> None:
    text = small(f"  a:\n    wait: {{signal: free}}\n    next: {follows}\n").replace(
        HEAD, f"{HEAD}signals: {{free: {{}}}}\n"
    )
    assert after in fix(text, check, unsafe=True).text


CARD = """\
  tape:
    record: {direction: both, max_length: 600, initial_timeout: 60, end_silence_timeout: 60}
    background: true
    next: a
  a:
    ask: {prompt: "Please enter your card number, then pound.", digits: {max: 19, terminators: "#"}}
    next: {digits: say, otherwise: bye}
  say:
    play: "You entered ${{ spell(steps.a.digits) }}."
    next: bye
"""


def test_flow_that_compiles_still_does_after_all_fixes_though_another_error_is_gone() -> None:
    text = small(CARD).replace("start: a", "start: tape")
    assert {"SEC002", "SEC009"} <= {one.code for one in check(text)}
    done = fix(text, check, unsafe=True)
    assert "secret: true" not in done.text
    assert "SEC003" not in [one.code for one in done.findings]


def test_fix_that_would_be_refused_is_not_offered() -> None:
    text = small(CARD).replace("start: a", "start: tape")
    assert [one.code for one in check(text) if one.fix is not None and "secret" in one.fix.title] == []
    other = text.replace("You entered ${{ spell(steps.a.digits) }}.", "Thank you.")
    assert [one.code for one in check(other) if one.fix is not None and "secret" in one.fix.title] == ["SEC009"]


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[1] / "compile" / "err").glob("*.flow.yaml")))
def test_what_is_counted_as_repairable_is_repaired_though_the_flow_does_not_compile(path: Path) -> None:
    """`subflow_uses`: without a step that nothing leads to, more would be wrong than with it."""
    done = checking.fixed(path, Settings(), unsafe=True)
    assert done is not None
    assert [one for one in done[1].findings if one.fix is not None] == []


def test_error_that_keeps_from_compiling_weighs_more_than_others() -> None:
    def either(text: str) -> tuple[Finding, ...]:
        wise = msgspec.structs.replace(finding(edit(0, 1, "b"), "error"), code=RULE.code, name=RULE.name)
        return (wise, wise) if text == "a" else (finding(None, "error"),)

    assert fix("a", either, unsafe=True).text == "a"


@pytest.mark.parametrize("order", ["until: listen", "collect.start_input_timers: listen", "wait: listen"])
def test_timers_of_a_collect_that_was_meant_for_the_background_are_not_started(order: str) -> None:
    play = "play: Your number, please.\n    " if order.startswith("until") else ""
    text = small(
        f"  a:\n    collect: {{digits: {{max: 4}}, initial_timeout: 6}}\n    next: b\n  b:\n    {play}{order}\n    next: bye\n"
    ).replace("listen", "a")
    assert [one.help for one in check(text) if one.code == "API002"] == ["Add `background: true` to `a`."]
    assert fix(text, check, unsafe=True).text == text


def test_misspelt_signal_of_a_handler_keeps_its_prefix() -> None:
    text = small("  a: {play: Hello., next: bye}\n").replace(
        HEAD, f"{HEAD}signals: {{driver_here: {{}}}}\nhandlers: {{signal.driver_her: bye}}\n"
    )
    assert fix(text, check, unsafe=True).text == text.replace("driver_her:", "driver_here:")


@pytest.mark.parametrize(
    ("step", "following", "said"),
    [
        ("play: Hello.", "{finished: bye, finishd: bye}", "`finished` is there already."),
        ("ask: {prompt: Key?, digits: {max: 1}}", "{digits: bye, person: bye, otherwise: bye}", "Known: "),
    ],
)
def test_outcome_that_is_there_or_far_is_not_put_in(step: str, following: str, said: str) -> None:
    text = small(f"  a:\n    {step}\n    next: {following}\n")
    assert next(one.help for one in check(text) if one.code == "FLW013").startswith(said)
    assert fix(text, check, unsafe=True).text == text


def test_second_of_its_kind_is_taken_out_and_led_around() -> None:
    text = small("  a: {denoise: {}, next: b}\n  b: {denoise: {}, next: c}\n  c: {play: Hello., next: bye}\n")
    assert fix(text, check, unsafe=True).text == text.replace("  b: {denoise: {}, next: c}\n", "").replace(
        "next: b}", "next: c}"
    )
    named = text.replace("Hello.", "\"${{ or(steps.b.code, '') }}\"")
    assert fix(named, check, unsafe=True).text == named


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("nxt", "next", True),
        ("next", "nxt", True),
        ("pley", "play", True),
        ("nex", "next", True),
        ("nexts", "next", True),
        ("xnext", "next", True),
        ("next", "next", False),
        ("netx", "next", False),
        ("nt", "next", False),
        ("nexter", "next", False),
    ],
)
def test_slip_is_one_character(one: str, other: str, near: bool) -> None:
    assert is_one_off(one, other) == is_one_off(other, one) == near
