"""`offhook test`: which files, what it says, and with which status it ends."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import offhook
from engine.cli import test as test_command
from engine.model.errors import ConfigurationError

FLOW = """
flow: hello
language: 1
uses: {hours: calendar}
start: check
steps:
  check:
    branch:
      - if: open(uses.hours, now)
        next: welcome
      - else: closed
  welcome:
    play: "Welcome."
    next: bye
  closed:
    play: "We open ${{ when(next_open(uses.hours, now)) }}."
    next: bye
  bye:
    end: hangup
"""
TESTS = """
tests: hello
cases:
  by day:
    at: "2026-11-23T10:00:00-05:00"
    expect: {heard: [Welcome], path: [check, welcome, bye]}
  by night:
    at: "2026-11-23T03:00:00-05:00"
    uses: {hours: desk}
    expect: {heard: [We open today at 8 in the morning]}
"""
CALENDAR = "calendar: desk\nzone: America/New_York\nhours: {monday: 08:00-18:00}\n"


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `flows` with one flow, its tests and a calendar, and the current directory above it."""
    folder = tmp_path / "flows"
    (folder / "calendars").mkdir(parents=True)
    (folder / "calendars" / "desk.calendar.yaml").write_text(CALENDAR)
    (folder / "hello.flow.yaml").write_text(FLOW)
    (folder / "hello.test.yaml").write_text(TESTS)
    monkeypatch.chdir(tmp_path)
    return folder


def given(*arguments: str) -> Result:
    return CliRunner().invoke(offhook, ["test", *arguments])


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.usefixtures("flows")
def test_tests_of_the_folder_flows_are_run() -> None:
    done = given()
    assert done.exit_code == 0
    assert "flows/hello.test.yaml  2 cases" in done.output
    assert "2 passed" in done.output


@pytest.mark.usefixtures("flows")
def test_one_case_can_be_picked() -> None:
    done = given("-k", "NIGHT", "-v")
    assert "by night" in done.output
    assert "by day" not in done.output


def test_a_failed_case_shows_its_place_and_the_transcript(flows: Path) -> None:
    change(flows / "hello.test.yaml", "heard: [Welcome]", "heard: [Good day]")
    done = given("flows/hello.test.yaml")
    assert done.exit_code == 1
    assert "flows/hello.test.yaml:6:22: “Good day” was heard at no time." in done.output
    assert "♪ “Welcome.”" in done.output
    assert "1 passed, 1 failed" in done.output


def test_a_mistake_in_a_case_is_shown_and_the_others_run(flows: Path) -> None:
    change(flows / "hello.test.yaml", "[check, welcome, bye]", "[check, welcom, bye]")
    done = given()
    assert done.exit_code == 1
    assert "flows/hello.test.yaml:6:46: error TST003 not-in-flow: The flow has no step `welcom`." in done.output
    assert "Did you mean `welcome`?" in done.output
    assert "1 passed, 1 file with mistakes" in done.output


def test_a_calendar_that_is_not_there_is_said(flows: Path) -> None:
    change(flows / "hello.test.yaml", "hours: desk", "hours: shop")
    assert "TST007 bad-value: There is no calendar `shop`." in given().output


def test_tests_without_their_flow_are_a_mistake(flows: Path) -> None:
    (flows / "hello.flow.yaml").unlink()
    done = given()
    assert done.exit_code == 1
    assert "TST008 no-flow: There is no flow `hello` beside these tests." in done.output


def test_tests_of_a_broken_flow_are_a_mistake(flows: Path) -> None:
    change(flows / "hello.flow.yaml", "next: bye", "next: by")
    assert "TST008 no-flow: The flow `hello` has mistakes." in given().output


def test_what_cannot_be_tested_is_wrong_usage(flows: Path) -> None:
    for arguments in (["flows/hello.flow.yaml"], ["flows/calendars"], ["nowhere"], ["-k", "xyz"]):
        assert isinstance(given(*arguments).exception, ConfigurationError), arguments


@pytest.mark.usefixtures("flows")
def test_coverage_names_what_is_missing_with_its_line() -> None:
    done = given("-k", "day", "--coverage")
    assert "50 %  3 of 4 steps, 2 of 4 transitions, 2 of 4 outcomes" in done.output
    assert "flows/hello.flow.yaml:7  check → closed" in done.output
    assert "flows/hello.flow.yaml:7  check: closed" in done.output
    assert "flows/hello.flow.yaml:15  closed: never entered" in done.output
    assert "flows/hello.flow.yaml:15  closed: finished" in done.output


@pytest.mark.usefixtures("flows")
def test_too_little_coverage_fails() -> None:
    assert given("--min-coverage", "100").exit_code == 0
    assert given("-k", "day", "--min-coverage", "60").exit_code == 1


@pytest.mark.usefixtures("flows")
def test_json_says_all_of_it() -> None:
    found = json.loads(given("--format", "json", "--transcripts").output)
    assert (found["format"], found["cases"], found["failed"]) == (1, 2, 0)
    (file,) = found["files"]
    assert [case["name"] for case in file["cases"]] == ["by day", "by night"]
    assert file["cases"][0]["transcript"][0]["what"] == "created"
    assert found["coverage"] == [
        {"flow": "hello", "file": "flows/hello.flow.yaml", "ways": 4, "taken": 4, "percent": 100.0, "missing": []}
        | {name: {"all": 4, "taken": 4, "percent": 100.0, "missing": []} for name in ("steps", "transitions")}
    ]


def test_steps_that_only_handlers_lead_to_count(flows: Path) -> None:
    (flows / "hello.flow.yaml").write_text(
        FLOW
        + "  oops: {play: Sorry., next: bye}\n  gone: {end: done}\nhandlers: {error: oops, rejected: oops, lost: oops, hangup: gone}\n"
    )
    found = json.loads(given("--format", "json", "--min-coverage", "100").output)["coverage"][0]
    assert given("--min-coverage", "100").exit_code == 1
    assert [one["step"] for one in found["steps"]["missing"]] == ["oops", "gone"]
    assert [(one["step"], one["to"], one["line"]) for one in found["transitions"]["missing"]] == [
        ("oops", "bye", 20),
        ("on error, rejected, lost", "oops", 20),
        ("on hangup", "gone", 21),
    ]
    change(
        flows / "hello.test.yaml",
        "cases:\n",
        "cases:\n  it fails: {faults: [{fail: play}], expect: {path: [..., oops, bye]}}\n"
        "  they go: {caller: [{hears: We}, {hangs_up: true}], expect: {path: [..., gone]}}\n",
    )
    assert given("--min-coverage", "100").output.count("100 %  6 of 6 steps, 7 of 7 transitions, 5 of 5 outcomes") == 1


def test_junit_has_failures_and_errors(flows: Path) -> None:
    change(flows / "hello.test.yaml", "heard: [Welcome]", "heard: [Good day]")
    (flows / "other.test.yaml").write_text("tests: other\ncases: {x: {expect: {ends: done}}}\n")
    root = ET.fromstring(given("--format", "junit").output)
    assert [(suite.get("name"), suite.get("failures"), suite.get("errors")) for suite in root] == [
        ("hello", "1", "0"),
        ("other", "0", "1"),
    ]


def test_junit_has_a_name_for_each_mistake(flows: Path) -> None:
    (flows / "hello.test.yaml").write_text(
        "tests: hello\ncases:\n  x: {expect: {path: [one, two]}}\n  y: {expect: {path: [one]}}\n"
    )
    root = ET.fromstring(given("--format", "junit").output)
    assert [case.get("name") for case in root.iter("testcase")] == [
        "TST003 not-in-flow (3:23)",
        "TST003 not-in-flow (3:28)",
        "TST003 not-in-flow (4:23)",
    ]


def test_many_files_are_run_in_processes(flows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("second", "third"):
        (flows / f"{name}.flow.yaml").write_text(FLOW.replace("flow: hello", f"flow: {name}"))
        (flows / f"{name}.test.yaml").write_text(TESTS.replace("tests: hello", f"tests: {name}"))
    one_by_one = given("-v").output
    monkeypatch.setattr(test_command, "PARALLEL_BYTES", 0)
    in_processes = given("-v").output
    assert [line.split("  ")[0] for line in in_processes.splitlines()[:-1]] == [
        line.split("  ")[0] for line in one_by_one.splitlines()[:-1]
    ]
    assert "6 passed" in in_processes


@pytest.mark.parametrize("options", [("-v",), ("-v", "-k", "some"), ("--coverage",)])
def test_one_file_with_many_cases_is_run_in_parts(
    flows: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    change(flows / "hello.test.yaml", "cases:\n", f"cases:\n{_MORE}")
    at_once = given(*options)
    for name in ("PARALLEL_BYTES", "PART_BYTES"):
        monkeypatch.setattr(test_command, name, 1)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    in_parts = given(*options)
    assert _without_times(in_parts.output) == _without_times(at_once.output)
    assert in_parts.exit_code == at_once.exit_code == 1


_MORE = """\
  some go elsewhere: {expect: {path: [check]}}
  others are at a loss:
    at: ["2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"]
    expect: {path: [..., bye]}
  some have a mistake: {expect: {path: [nowhere]}}
  some have two: {expect: {outcomes: {nowhere: x}}}
"""


def _without_times(text: str) -> str:
    return re.sub(r"[0-9.]+ m?s\b", "", text)


@pytest.mark.parametrize("name", ["reception", "voicemail", "reminder"])
def test_shipped_flows_pass_their_tests(name: str) -> None:
    path = Path(__file__).parents[3] / "flows" / f"{name}.test.yaml"
    done = given(str(path))
    assert done.exit_code == 0, done.output


def test_update_writes_the_transcripts_that_cases_keep(flows: Path) -> None:
    tests = flows / "hello.test.yaml"
    tests.write_text("tests: hello\ncases:\n  by day:  # open\n    expect:\n      transcript:\n")
    assert "No transcript is kept here yet." in given("flows").output
    found = given("flows", "--update")
    assert found.exit_code == 0, found.output
    assert "1 transcript written" in found.output
    assert "♪ “We open on Monday" in tests.read_text()
    assert given("flows").exit_code == 0
    assert json.loads(given("flows", "--update", "--format", "json").output)["files"][0]["kept"] == 0


def test_defaults_hold_of_all_cases_that_do_not_say_otherwise(flows: Path) -> None:
    text = TESTS.replace('    at: "2026-11-23T03:00:00-05:00"\n', "").replace(
        "cases:", 'defaults:\n  at: "2026-11-23T03:00:00-05:00"\n  uses: {hours: desk}\ncases:'
    )
    (flows / "hello.test.yaml").write_text(text.replace("    uses: {hours: desk}\n    expect", "    expect"))
    assert given("flows").exit_code == 0
    (flows / "hello.test.yaml").write_text(text.replace("  uses: {hours: desk}\ncases", "  uses: {hour: desk}\ncases"))
    found = given("flows")
    assert found.output.count("The flow has no `hour` among its `uses`.") == 1
    assert "hello.test.yaml:5:10" in found.output


def test_several_files_may_be_the_tests_of_one_flow(flows: Path) -> None:
    (flows / "hello.more.test.yaml").write_text(TESTS)
    found = given("flows")
    assert "4 passed" in found.output


def test_a_case_with_a_warning_runs_all_the_same(flows: Path) -> None:
    change(flows / "hello.flow.yaml", "uses: {hours: calendar}", "uses: {hours: calendar, api: url}")
    change(flows / "hello.flow.yaml", "start: check", "start: look")
    look = "steps:\n  look:\n    fetch: {url: '${{ uses.api }}/x', returns: {name: 'string?'}}\n    next: {ok: check, otherwise: check}"
    change(flows / "hello.flow.yaml", "steps:", look)
    change(flows / "hello.test.yaml", "cases:", "defaults: {fetch: {look: {body: {title: Dr}}}}\ncases:")
    change(flows / "hello.test.yaml", "path: [check", "path: [look, check")
    done = given()
    assert done.exit_code == 0
    assert "2 cases, with warnings" in done.output
    assert (
        "hello.test.yaml:3:34: warning TST004 bad-reply: `look` returns no `title`, so nothing reads it." in done.output
    )
