"""Cases as tests of pytest, in a pytest of its own."""

import os
import subprocess
import sys
from pathlib import Path

from engine.simulate.cases import case
from engine.testing import plugin
from tests.architecture.source import ROOT

FLOW = "flow: hello\nlanguage: 1\nstart: hi\nsteps:\n  hi: {play: Hello., next: bye}\n  bye: {end: hangup}\n"
TESTS = """
tests: hello
cases:
  it greets: {expect: {heard: [hello]}}
  it sings: {expect: {heard: [la la la]}}
  it walks: {expect: {path: [walk]}}
"""


def test_each_case_is_a_test(tmp_path: Path) -> None:
    (tmp_path / "hello.flow.yaml").write_text(FLOW)
    (tmp_path / "hello.test.yaml").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "engine.testing.plugin", "-p", "no:cacheprovider", "-v", "--color=no"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "hello.test.yaml::it greets PASSED" in done.stdout
    assert "hello.test.yaml::it sings FAILED" in done.stdout
    assert "hello.test.yaml::it walks SKIPPED" in done.stdout
    assert "hello.test.yaml::is sound FAILED" in done.stdout
    assert "“la la la” was heard at no time." in done.stdout
    assert "TST003 not-in-flow: The flow has no step `walk`." in done.stdout
    assert "2 failed, 1 passed, 1 skipped" in done.stdout


def test_files_are_known_by_the_same_ending() -> None:
    assert plugin.SUFFIX == case.SUFFIX
