"""What has changed, as text, Markdown and JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine import resources
from engine.diff import Change, Compared
from engine.diff.formats.as_json import as_json
from engine.diff.formats.as_markdown import MAX_TEXT, as_markdown
from engine.diff.formats.as_text import as_text
from tests.unit.diff.test_compare import changed

HERE = Path(__file__).parent / "goldens"
FORMATS = {"txt": as_text, "md": as_markdown, "json": as_json}
CHANGES = changed(
    ('"1"', '"9"'), ('"2"', '"1"'), ('"9"', '"2"'),
    ("press 1. To leave a message, press 2.", "press 2. To leave a message, press 1."),
    ("max_length: 60", "max_length: 90"), ("no_match: bye", "no_match: message"),
)  # fmt: skip
COMPARED = [
    Compared(flow="line", status="changed", changes=CHANGES, file="flows/line.flow.yaml"),
    Compared(flow="old", status="removed"),
    Compared(flow="lib/new", status="added", file="flows/lib/new.flow.yaml"),
    Compared(
        flow="bad", status="broken", problems=("flows/bad.flow.yaml:3:1: error SYN001 yaml-error: It <b>is</b>.",)
    ),
    Compared(flow="quiet", status="same"),
]


@pytest.mark.parametrize("form", FORMATS)
def test_format_is_the_reviewed_one(form: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / f"compared.{form}", FORMATS[form](COMPARED))


@pytest.mark.parametrize("compared", [COMPARED, [], COMPARED[-1:]], ids=["all", "none", "same"])
def test_json_fits_its_schema(compared: list[Compared]) -> None:
    schema = json.loads(resources.read_bytes("schemas/diff.schema.json"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(as_json(compared)))


def test_text_fits_a_terminal() -> None:
    assert max(map(len, as_text(COMPARED).splitlines())) <= 80


def test_nothing_is_said_in_a_line() -> None:
    assert as_text(COMPARED[-1:]) == "Nothing changes for a caller.\n"
    assert "Nothing changes for a caller." in as_markdown(COMPARED[-1:])


def test_text_of_a_flow_is_no_markup() -> None:
    change = Change(kind="said", step="a", what=("play",), before="a", after="<img src=x> @all *b* | `c`")
    text = as_markdown([Compared(flow="f", status="changed", changes=(change,))])
    assert "<img" not in text
    assert "@all" not in text


def test_comment_is_not_longer_than_github_takes() -> None:
    change = Change(kind="said", step="a", what=("play",), before="word " * 2_000, after="other " * 2_000)
    text = as_markdown([Compared(flow=f"f{number}", status="changed", changes=(change,)) for number in range(20)])
    assert len(text) < 65_536
    assert MAX_TEXT < 65_536
