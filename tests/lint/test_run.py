"""What the rules are given, and what becomes of what they say."""

import re
from collections.abc import Callable
from itertools import count

import pytest

from engine.lint.places import Places
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from tests.lint.flow import check, codes, small

LOOP = "    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n"


def test_broken_step_hides_no_finding_of_the_others() -> None:
    text = small(
        "  a:\n    pley: x\n    next: bye\n  b:\n    record: {}\n    next: bye\n  c:\n    record: {}\n    deadline: 5\n    next: bye\n"
    )
    assert codes(text) == ["SYN003", "API013", "SYN005"]


def test_rules_of_the_graph_wait_until_the_flow_compiles() -> None:
    lonely = "  a:\n    play: [Hi.]\n    next: bye\n  b:\n    play: [Hi.]\n    next: bye\n"
    assert codes(small(lonely)) == ["FLW002"]
    assert codes(small(lonely.replace("next: bye", "next: by", 1))) == ["FLW001"]


def test_findings_have_the_callers_way() -> None:
    steps = """\
  a:
    ask:
      prompt: "Press 1."
      digits: {max: 1}
      reprompt: {no_input: ["Hello?"], no_match: ["No."]}
      choices: {one: {keys: ["1"], next: b}}
    next: {otherwise: bye}
  b:
    transfer: {dest: "https://example.com"}
"""
    (found,) = check(small(steps))
    assert (found.code, found.witness) == ("UX004", ("start", "a (line 5, no_input)", "bye"))
    assert found.path == "steps.a.next"


def test_file_out_of_time_says_so_and_keeps_what_was_found() -> None:
    text = small("".join(f"  {name}:\n{LOOP}" for name in "abc"))
    clock = count()
    found = [one.code for one in check(text, late=lambda: next(clock) > 10)]
    assert found.count("LNT001") == 1
    assert 1 < len(found) < len(codes(text)) + 1
    assert codes(text, Settings(seconds=1)) == codes(text)


@pytest.mark.parametrize("text", ["", "- a\n", "a\n", "\x00", "flow: small\n", "{", b"\xff\xfe", "steps: {a: 1}\n"])
def test_what_is_no_flow_has_findings_only(text: str | bytes) -> None:
    assert check(text)
    assert all(one.code.startswith(("SYN", "FLW")) for one in check(text))


def test_places_are_the_same_in_both_directions() -> None:
    places = Places("ab\n\u00e9\U0001f600x\n\nlast")
    for offset in range(len(places.text) + 1):
        span = places.span(offset, offset + 1)
        assert places.offset(span.line, span.column) == offset
    assert places.editor(5) == (1, 3)
    assert places.offset(99, 1) == len(places.text)
    assert places.line_end(3) == 6


def test_offsets_of_a_finding_are_its_span() -> None:
    text = "\n# \U0001f600\n" + small(f"  a:\n{LOOP}")
    (found,) = check(text)
    assert text[found.start : found.end] == "0"
    lines = text.split("\n")
    assert lines[found.span.line - 1][found.span.column - 1 : found.span.end_column - 1] == "0"


def test_confidence_that_is_no_number_is_a_finding() -> None:
    step = "  a:\n    ask: {prompt: Hello?, digits: {max: 1}, speech: {}, min_confidence: high}\n    next: bye\n"
    assert codes(small(step)) == ["SYN005"]


LONG = small(
    "  a:\n    subflow: {flow: other}\n    next: tape\n"
    "  tape:\n    record: {max_length: 60}\n    background: true\n    next: menu\n"
    '  menu:\n    ask: {prompt: "${{ call.from }}", digits: {max: 1}}\n    next: {digits: b, otherwise: menu}\n'
    "  # offhook: ignore[API012] wanted\n"
    "  b:\n    play: {play: [{silence: 1}], loop: 0}\n    next: c\n"
    '  c:\n    play: "You pressed ${{ steps.menu.digits }}."\n    next: bye\n'
)
OTHER = "flow: other\nlanguage: 1\nstart: a\nsteps:\n  a:\n    play: Hello.\n    next: b\n  b:\n    return: done\n"


def after(times: int) -> Callable[[], bool]:
    """Late when it was asked so often."""
    clock = count()
    return lambda: next(clock) >= times


def test_file_is_cut_short_wherever_its_time_is_over_and_what_was_not_looked_at_is_told() -> None:
    bundle = Bundle("small", {"small.flow.yaml": LONG.encode(), "lib/other.flow.yaml": OTHER.encode()})
    asked = count()
    whole = lint(bundle, file="small.flow.yaml", settings=Settings(), late=lambda: next(asked) < 0)
    doing = set()
    for allowed in range(next(asked)):
        found = lint(bundle, file="small.flow.yaml", settings=Settings(), late=after(allowed))
        (over,) = [one for one in found if one.code == "LNT001"]
        assert {one for one in found if one is not over} <= {*whole}
        doing.add(re.split(r"[`:.;]|[A-Z]{2,3}\d", over.message.partition("they were over ")[2])[0].strip())
    assert doing == {
        "while its form was checked",
        "while the flows that it calls were compiled",
        "while the step",
        "while the ways of calls through it were searched",
        "in the rule",
        "at its comments",
        "while repairs were tried",
    }


def test_rules_that_have_not_looked_at_the_file_are_named() -> None:
    (found,) = check(LONG.replace("subflow: {flow: other}", "play: Hello."), late=lambda: True)
    assert "Not looked for: FLW002, FLW004, " in found.message
    assert "subflow" in found.help
