"""A baseline leaves out what it has, wherever it has moved to, and nothing else."""

import json

import pytest

from engine.lint import baseline
from engine.model.errors import ConfigurationError
from tests.lint.flow import check, small

LOOP = "    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n"
FILE = "small.flow.yaml"


def left(before: str, after: str) -> list[str]:
    written = baseline.encode(check(before), {FILE: before})
    known = baseline.decode("b.json", written)
    return [one.code for one in baseline.less(check(after), known, {FILE: after})]


def test_known_findings_are_left_out_when_lines_move() -> None:
    text = small(f"  a:\n{LOOP}")
    assert [one.code for one in check(text)] == ["API012"]
    assert left(text, text) == []
    assert left(text, "# One more line.\n\n" + text.replace("loop: 0", "loop:   0")) == []


def test_new_findings_are_not_left_out() -> None:
    text = small(f"  a:\n{LOOP}")
    assert left(text, small(f"  a:\n{LOOP}  b:\n{LOOP}")) == ["FLW002", "API012"]
    assert left(text, text.replace("  a:", "  c:").replace("start: a", "start: c")) == ["API012"]


def test_what_keeps_a_flow_from_compiling_is_never_put_off() -> None:
    text = small("  a:\n    play: [Hello.]\n    next: nowhere\n")
    assert left(text, text) == ["FLW001"]


def test_baseline_tells_nothing_of_a_secret() -> None:
    text = small(
        "  a:\n    dial: {from: '+15550100', to: 'sip:a@example.com', password: hunter22, url: 'https://example.com',"
        " max_price_per_minute: 1}\n    next: bye\n"
    )
    assert [one.code for one in check(text)] == ["SEC001"]
    assert "hunter22" not in baseline.encode(check(text), {FILE: text})
    assert all("hunter22" not in one.message + one.help for one in check(text))


ROW = {"file": "a.flow.yaml", "code": "UX001", "path": "", "mark": "", "count": 5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no baseline"),
        ("[]", "is no baseline"),
        ("{}", "is no baseline"),
        (json.dumps({"baseline": 99, "findings": []}), "is a baseline of version 99; this is version 1."),
        (json.dumps({"baseline": 1, "findings": [{}]}), "is no whole baseline"),
        (json.dumps({"baseline": 1}), "is no whole baseline"),
        (json.dumps({"baseline": "1", "findings": []}), "is no baseline"),
        (json.dumps({"baseline": 1, "findings": [{**ROW, "file": 3}]}), "Expected `str`, got `int` - at `$[0].file`."),
        (json.dumps({"baseline": 1, "findings": [ROW]}).replace(": 5", ": 1e400"), "is no whole baseline"),
        (json.dumps({"baseline": 1, "findings": [{**ROW, "count": "5"}]}), "is no whole baseline"),
    ],
)
def test_other_file_is_refused_with_the_command_that_writes_it(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        baseline.decode("b.json", text)
    assert said in caught.value.message
    assert caught.value.help == "Write it anew: offhook lint --write-baseline b.json"
