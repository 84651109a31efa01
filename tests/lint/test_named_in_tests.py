"""TST003: every place of a test file that names a step."""

import pytest

from engine.lint.finding import Finding
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from tests.lint.flow import small

FLOW = small(
    '  a: {fetch: {url: "https://api.example.com/x"}, next: {ok: b, failures: bye, otherwise: bye}}\n'
    "  b: {subflow: {flow: pin}, next: bye}\n"
)
PIN = "flow: pin\nlanguage: 1\nstart: deliver\nsteps:\n  deliver: {play: Hello., next: back}\n  back: {return: fine}\n"


HEAD = "tests: small\ncases:\n  one:\n    "


def said(case: str) -> list[tuple[str, str]]:
    """The messages, and what they mark in the test file."""
    text = f"{HEAD}{case}\n"
    return [(one.message, text[one.start : one.end]) for one in found(case) if one.file == "flows/small.test.yaml"]


def found(case: str, settings: Settings | None = None) -> list[Finding]:
    """What is said of tests."""
    bundle = Bundle("small", {"small.flow.yaml": FLOW.encode(), "lib/pin.flow.yaml": PIN.encode()})
    every = lint(
        bundle,
        file="flows/small.flow.yaml",
        settings=settings or Settings(),
        beside={"small.test.yaml"},
        tests=f"{HEAD}{case}\n".encode(),
    )
    assert not [one for one in every if one.severity == "error"]
    return [one for one in every if one.code in ("TST003", "STY006")]


@pytest.mark.parametrize(
    "case",
    [
        "expect: {path: [a, NAME, bye]}",
        "expect: {outcomes: {NAME: ok}}",
        "expect: {fetches: [NAME]}",
        "expect: {fetches: [{NAME: {method: GET}}]}",
        "fetch: {NAME: timeout}",
        "limits: {visits: {NAME: 1}}",
    ],
)
@pytest.mark.parametrize("name", ["welcome", "pin/deliver_it"])
def test_name_that_is_not_there_is_seen_wherever_it_stands(case: str, name: str) -> None:
    assert said(case.replace("NAME", name)) == [(f"`small` has no step `{name}`.", name)]


def test_name_that_stands_in_several_places_is_said_at_the_first() -> None:
    case = "expect: {path: [hi, hi, bye], fetches: [hi]}"
    assert said(case) == [("`small` has no step `hi`. It is named 2 times more.", "hi")]


def test_comment_in_the_test_file_has_to_have_a_use_and_a_reason() -> None:
    unused = "expect: {path: [bye]} # offhook: ignore[TST003] no more"
    assert [(one.code, one.file) for one in found(unused)] == [("STY006", "flows/small.test.yaml")]
    bare = "expect: {path: [hi, bye]} # offhook: ignore[TST003]"
    assert [one.message for one in found(bare)] == ["The comment does not say why."]
    assert found("expect: {path: [hi, bye]} # offhook: ignore[TST003] soon") == []


def test_test_file_may_be_left_out_by_its_own_name() -> None:
    left = Settings(per_file=(("flows/*.test.yaml", ("TST003",)),), folder="/x", here="/x")
    assert found("expect: {path: [hi, bye]}", left) == []


@pytest.mark.parametrize(
    "case",
    [
        "expect: {path: [..., pin/deliver, bye]}",
        "expect: {outcomes: {pin/back: fine}, fetches: [a]}",
        'fetch: {"https://api.example.com/x": timeout}',
        "limits: {visits: {bye: 1}}",
    ],
)
def test_name_that_is_there_is_not_reported(case: str) -> None:
    assert said(case) == []
