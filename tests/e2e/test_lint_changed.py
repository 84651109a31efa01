"""What CI runs: the flows of a pull request are linted, and no others; the files for CI say what they should."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.source import ROOT
from tests.lint.flow import small

WARNED = small("  a:\n    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n")


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository with two flows; the commit that a pull request begins at."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("one", "two"):
        write(name, WARNED)
    git("init", "--quiet", "--initial-branch", "main")
    return commit()


def write(name: str, text: str) -> None:
    Path("flows").mkdir(exist_ok=True)
    Path("flows", f"{name}.flow.yaml").write_text(text.replace("flow: small", f"flow: '{name}'"), encoding="utf-8")


def commit() -> str:
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")
    return git("rev-parse", "HEAD")


def lint(base: str, *arguments: str, **more: str) -> tuple[int, str]:
    """As the action runs it, with this checkout's `offhook`."""
    command = Path("offhook")
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m engine.cli "$@"\n')
    command.chmod(0o755)
    found = {**os.environ, "PATH": f"{Path.cwd()}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "OFFHOOK_BASE": base}
    found.pop("GITHUB_STEP_SUMMARY", None)
    done = subprocess.run(
        [str(ROOT / ".ci" / "lint-changed"), *arguments], env={**found, **more}, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_flow_that_has_changed_is_linted_and_no_other(base: str) -> None:
    write("one", WARNED + "# more\n")
    commit()
    status, out = lint(base, OFFHOOK_SARIF="out.sarif")
    assert (status, "file=flows/one.flow.yaml" in out, "two.flow" in out) == (1, True, False)
    results = json.loads(Path("out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["API012"]
    assert lint(base, "--profile", "draft")[0] == 0


def test_wrong_settings_leave_no_sarif_file_to_be_uploaded(base: str) -> None:
    Path("offhook.toml").write_text("[lint]\nprofile = 'no such'\n")
    commit()
    assert lint(base, OFFHOOK_SARIF="out.sarif")[0] == 2
    assert not Path("out.sarif").exists()


@pytest.mark.parametrize("named", ["option", "setting"])
def test_baseline_that_has_changed_concerns_all_flows(base: str, named: str) -> None:
    Path("known.json").write_text('{"baseline": 1, "findings": []}')
    options = ("--baseline", "known.json") if named == "option" else ()
    Path("offhook.toml").write_text("[lint]\nbaseline = 'known.json'\n" if named == "setting" else "")
    before = commit()
    assert lint(before, *options) == (0, "No flow differs.\n")
    Path("known.json").write_text('{"baseline": 1, "findings": [] }')
    commit()
    status, out = lint(before, *options)
    assert (status, "one.flow" in out, "two.flow" in out) == (1, True, True)


def test_nothing_has_changed_or_only_been_removed(base: str) -> None:
    assert lint(base) == (0, "No flow differs.\n")
    Path("flows/two.flow.yaml").unlink()
    Path("flows/open.calendar.yaml").write_text("zone: Europe/Berlin\n")
    between = commit()
    Path("flows/open.calendar.yaml").unlink()
    commit()
    assert lint(base) == (0, "flows/two.flow.yaml is removed.\nNo other flow differs.\n")
    assert lint(between) == (0, "flows/open.calendar.yaml is removed.\nNo other flow differs.\n")


def test_tests_of_a_flow_that_is_removed_are_reported(base: str) -> None:
    Path("flows/two.test.yaml").write_text("tests: two\n")
    before = commit()
    Path("flows/two.flow.yaml").unlink()
    commit()
    status, out = lint(before)
    assert (status, out.startswith("flows/two.flow.yaml is removed.\n")) == (1, True)
    assert out.count("::warning ") == 1
    assert "::warning file=flows/two.test.yaml,line=1" in out
    assert "TST008" in out


def test_flow_whose_test_has_changed_or_is_gone_is_linted(base: str) -> None:
    Path("flows/one.test.yaml").write_text("flow: one\n")
    Path("flows/gone.test.yaml").write_text("flow: gone\n")
    before = commit()
    status, out = lint(base)
    assert (status, "file=flows/one.flow.yaml" in out, "two.flow" in out) == (1, True, False)
    Path("flows/one.test.yaml").unlink()
    write("one", WARNED + "# more\n")
    commit()
    assert lint(before)[1].count("::warning file=flows/one.flow.yaml") == 1


def test_called_flow_that_is_gone_concerns_those_that_call_it(base: str) -> None:
    Path("flows/lib").mkdir()
    Path("flows/lib/pin.flow.yaml").write_text(WARNED.replace("flow: small", "flow: pin"))
    before = commit()
    Path("flows/lib/pin.flow.yaml").unlink()
    commit()
    assert lint(before)[1].count("::warning ") == 2


def test_folder_that_is_not_there_is_no_success(base: str) -> None:
    assert lint(base, OFFHOOK_PATHS="flow")[0] == 2


def test_it_is_the_same_from_a_folder_below(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write("one", WARNED + "# more\n")
    commit()
    Path("docs").mkdir()
    monkeypatch.chdir("docs")
    assert lint(base)[0] == 1


@pytest.mark.parametrize("changed", ["offhook.toml", "flows/swml/desk.yaml", "flows/lib/pin.flow.yaml"])
def test_settings_and_documents_concern_all_flows(base: str, changed: str) -> None:
    Path("flows/swml").mkdir()
    Path("flows/lib").mkdir()
    Path(changed).write_text("")
    commit()
    assert lint(base)[1].count("::warning ") == 2


@pytest.mark.parametrize("base_of", ["", "0" * 40])
def test_unknown_base_means_all_flows(base: str, base_of: str) -> None:
    assert lint(base_of)[1].count("::warning ") == 2


def test_odd_file_names_are_files(base: str) -> None:
    write("-x y;z", WARNED)
    commit()
    status, out = lint(base)
    assert (status, "file=flows/-x y;z.flow.yaml" in out) == (1, True)


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_action_passes_its_inputs_by_variables_only() -> None:
    action = read("action.yml")
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "a value in a script could be a command"
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert all(f"inputs.{name}" in text for name in action["inputs"])
    documented = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in documented for name in action["inputs"])


def test_workflow_uses_the_action_of_this_repository() -> None:
    steps = read(".github/workflows/lint-flows.yml")["jobs"]["lint"]["steps"]
    assert [step["uses"] for step in steps][-1] == "./"
    assert set(steps[-1]["with"]) <= set(read("action.yml")["inputs"])


def test_hooks_of_pre_commit_look_at_all_flows() -> None:
    """One that others call, or that is gone, is not among the staged files that would be handed over."""
    hooks: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [one["entry"] for one in hooks] == ["offhook lint", "offhook lint --fix"]
    assert all(one["pass_filenames"] is False and one["always_run"] is True for one in hooks)
