"""TST003: every place of a test file that names a step."""

import pytest

from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from tests.lint.flow import small

FLOW = small(
    '  a: {fetch: {url: "https://api.example.com/x"}, next: {ok: b, failures: bye, otherwise: bye}}\n'
    "  b: {subflow: {flow: pin}, next: bye}\n"
)
PIN = "flow: pin\nlanguage: 1\nstart: deliver\nsteps:\n  deliver: {play: Hello., next: back}\n  back: {return: fine}\n"


def said(case: str) -> list[str]:
    bundle = Bundle("small", {"small.flow.yaml": FLOW.encode(), "lib/pin.flow.yaml": PIN.encode()})
    tests = f"tests: small\ncases:\n  one:\n    {case}\n".encode()
    found = lint(bundle, file="small.flow.yaml", settings=Settings(), beside={"small.test.yaml"}, tests=tests)
    assert not [one for one in found if one.severity == "error"]
    return [one.message for one in found if one.code == "TST003"]


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
    assert said(case.replace("NAME", name)) == [
        f"`small.test.yaml`, line 4, names the step `{name}`, which is not there."
    ]


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
