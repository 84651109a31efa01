"""Cases as tests of pytest, in a pytest of its own."""

import os
import subprocess
import sys
from pathlib import Path

from engine.simulate.cases import case
from engine.testing import plugin
from tests.architecture.source import ROOT
from tests.docs.pages import BY_NAME, blocks

FLOW = "flow: hello\nlanguage: 1\nstart: hi\nsteps:\n  hi: {play: Hello., next: bye}\n  bye: {end: hangup}\n"
TESTS = """
tests: hello
cases:
  it greets: {expect: {heard: [hello]}}
  it sings: {expect: {heard: [la la la]}}
  it walks: {expect: {path: [walk]}}
"""


PYTHON = """
def test_hello(play_flow):
    call = play_flow("hello.flow.yaml")
    assert (call.path, call.heard, call.ended) == (("hi", "bye"), ("Hello.",), "hangup")
    assert call.commands[-1].command == "calling.end"

def test_too_long(play_flow):
    play_flow("hello.flow.yaml", caller=[{"hears": "Good bye"}])

def test_no_such_keys(play_flow):
    play_flow("hello.flow.yaml", caller=[{"presses": "x"}])
"""

WITHHELD = """\
flow: hello
language: 1
start: who
steps:
  who:
    branch:
      - if: call.from == ''
        next: nobody
      - else: bye
  nobody: {play: "Who are you?", next: bye}
  bye: {end: hangup}
"""
GIVEN = """
import pytest

def test_withheld(play_flow):
    assert play_flow("hello.flow.yaml", from_="").path == ("who", "nobody", "bye")

def test_nothing_given(play_flow):
    assert play_flow("hello.flow.yaml", uses={}, caller=[], from_="+15550123").path == ("who", "bye")

def test_expected(play_flow):
    play_flow("hello.flow.yaml", from_="", expect={"heard": ["who are you"]})

def test_not_as_expected(play_flow):
    with pytest.raises(AssertionError, match="was heard at no time") as failed:
        play_flow("hello.flow.yaml", from_="", expect={"heard": ["la la la"]})
    assert "♪ “" in str(failed.value) and "ended hangup" in str(failed.value)

def test_law_without_a_meaning_here(play_flow):
    play_flow("hello.flow.yaml", from_="", expect={"laws": ["same-end"]}, faults=[{"delay": "play.finished"}])

def test_kept_transcripts_stand_in_files(play_flow):
    with pytest.raises(Exception, match="kept in a test file"):
        play_flow("hello.flow.yaml", expect={"transcript": "hello"})

def test_nothing_is_no_expectation(play_flow):
    with pytest.raises(Exception, match="cannot be played"):
        play_flow("hello.flow.yaml", expect={})

def test_nothing_is_no_moment(play_flow):
    with pytest.raises(Exception, match="cannot be played"):
        play_flow("hello.flow.yaml", at="")
"""


def run(folder: Path, *arguments: str, flow: str = FLOW) -> subprocess.CompletedProcess[str]:
    """pytest on a flow and what tests it, in a process of its own."""
    (folder / "hello.flow.yaml").write_text(flow, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "engine.testing.plugin", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_each_case_is_a_test(tmp_path: Path) -> None:
    (tmp_path / "hello.test.yaml").write_text(TESTS)
    done = run(tmp_path, "-v", "--color=no")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "hello.test.yaml::it greets PASSED" in done.stdout
    assert "hello.test.yaml::it sings FAILED" in done.stdout
    assert "hello.test.yaml::it walks SKIPPED" in done.stdout
    assert "hello.test.yaml::is sound FAILED" in done.stdout
    assert "“la la la” was heard at no time." in done.stdout
    assert "TST003 not-in-flow: The flow has no step `walk`." in done.stdout
    assert "2 failed, 1 passed, 1 skipped" in done.stdout


def test_what_is_no_terminal_gets_no_colours_and_summaries_name_the_failure(tmp_path: Path) -> None:
    (tmp_path / "hello.test.yaml").write_text(TESTS)
    done = run(tmp_path, "--junitxml=report.xml", "-rf")
    report = (tmp_path / "report.xml").read_text()
    assert "\x1b" not in done.stdout
    assert "\x1b" not in report
    assert "#x1B" not in report
    assert "FAILED hello.test.yaml::it sings - 5: “la la la” was heard at no time." in done.stdout
    assert "FAILED hello.test.yaml::is sound - 6: TST003 The flow has no step `walk`." in done.stdout


def test_python_tests_play_calls_with_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_hello.py").write_text(PYTHON)
    done = run(tmp_path, "--color=no")
    assert "2 failed, 1 passed" in done.stdout, done.stdout
    assert "The caller never came to this line" in done.stdout
    assert "This call cannot be played: `x` are not keys of a telephone." in done.stdout


def test_the_example_of_the_docs_passes(tmp_path: Path) -> None:
    (example,) = (block.text for block in blocks("python") if "play_flow" in block.text)
    (tmp_path / "test_hours.py").write_text(example)
    done = run(tmp_path, flow=BY_NAME["README.md"].blocks[0].text)
    assert "1 passed" in done.stdout, done.stdout


def test_files_are_known_by_the_same_ending() -> None:
    assert plugin.SUFFIX == case.SUFFIX


def test_what_is_given_to_the_fixture_counts_though_it_is_empty_and_what_is_expected_is_held(tmp_path: Path) -> None:
    (tmp_path / "test_given.py").write_text(GIVEN)
    done = run(tmp_path, "--color=no", flow=WITHHELD)
    assert "8 passed" in done.stdout, done.stdout
