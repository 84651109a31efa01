"""Findings of earlier runs are used when nothing that they came from has changed, and never else."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.project.linting.cache import NAME
from tests.architecture.source import ROOT
from tests.lint.flow import small

LINT = """
import atexit, sys
atexit.register(lambda: print("checked" if "engine.project.checking" in sys.modules else "known", file=sys.stderr))
from engine.cli import main
main()
"""
CALLING = small(
    "  a:\n    subflow: {flow: pin}\n    next: b\n  b:\n    excursion: {swml: desk.yaml, deadline: 1m}\n    next: bye\n"
)
PIN = "flow: pin\nlanguage: 1\nstart: a\nsteps:\n  a:\n    record: {}\n    next: b\n  b:\n    return: done\n"
DESK = "sections: {main: [{play: {url: 'say:One'}}]}\n"
HOURS = "calendar: desk\nzone: Europe/Berlin\nhours: {monday: 08:00-18:00}\n"


@pytest.fixture(autouse=True)
def _in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    for name, text in {
        "small.flow.yaml": CALLING,
        "lib/pin.flow.yaml": PIN,
        "swml/desk.yaml": DESK,
        "calendars/desk.calendar.yaml": HOURS,
    }.items():
        path = Path("flows", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def start(*arguments: str, home: Path = ROOT, more: str = "") -> subprocess.Popen[str]:
    path = os.pathsep.join(filter(None, (str(home), more)))
    return subprocess.Popen(
        [sys.executable, "-c", LINT, "lint", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str, int]:
    """`known` or `checked`, what was printed, and the status."""
    out, err = process.communicate(timeout=60)
    assert err in ("known\n", "checked\n"), err
    return err.strip(), out, process.returncode


def lint(*arguments: str, home: Path = ROOT, more: str = "") -> tuple[str, str, int]:
    return ended(start(*arguments, home=home, more=more))


def fresh(*arguments: str) -> str:
    return lint("--no-cache", *arguments)[1]


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_second_run_says_the_same_without_checking(form: str) -> None:
    first = lint("--format", form)
    assert first[0] == "checked"
    again = lint("--format", form)
    assert (again[1:], fresh("--format", form)) == (first[1:], first[1])
    assert again[0] == "known"


def _append(path: str, text: str) -> Callable[[], None]:
    def change() -> None:
        with Path("flows", path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _append("small.flow.yaml", "# more\n"),
        _append("lib/pin.flow.yaml", "# more\n"),
        _append("swml/desk.yaml", "# more\n"),
        _append("calendars/desk.calendar.yaml", "# more\n"),
        lambda: Path("flows/lib/pin.flow.yaml").unlink(),
        lambda: Path("flows/swml/desk.yaml").unlink(),
        lambda: Path("flows/small.test.yaml").touch(),
        lambda: Path("offhook.toml").write_text("[lint]\nseconds = 9\n") and None,
        lambda: shutil.move("flows", "old") and shutil.copytree("old", "flows") and _append("swml/desk.yaml", " ")(),
    ],
)
def test_whatever_findings_come_from_is_looked_at(change: Callable[[], None]) -> None:
    lint()
    assert lint()[0] == "known"
    change()
    state, out, _ = lint()
    assert (state, out) == ("checked", fresh())
    assert lint()[:2] == ("known", out)


def test_content_of_the_flows_own_tests_is_looked_at() -> None:
    tests = Path("flows/small.test.yaml")
    tests.write_text("tests: small\ncases: []\n", encoding="utf-8")
    lint()
    assert lint()[0] == "known"
    tests.write_text("tests: small\ncases: [{}]\n", encoding="utf-8")
    assert lint()[:2] == ("checked", fresh())


def test_file_that_was_missing_and_comes_is_noticed() -> None:
    Path("flows/lib/pin.flow.yaml").rename("pin")
    Path("flows/swml/desk.yaml").rename("desk")
    assert "FLW016" in lint()[1]
    assert "FLW016" in lint("flows/small.flow.yaml")[1]
    Path("pin").rename("flows/lib/pin.flow.yaml")
    Path("desk").rename("flows/swml/desk.yaml")
    assert lint()[:2] == ("checked", fresh())


def test_another_program_or_package_checks_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(ROOT / "engine", home / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "schemas", home / "schemas")
    (tmp_path / "packages" / "tzdata-1.dist-info").mkdir(parents=True)
    lint(home=home)
    assert lint(home=home)[0] == "known"
    assert lint(home=home, more=str(tmp_path / "packages"))[0] == "checked"
    rule = home / "engine" / "lint" / "rules" / "api013_recording_bounds.py"
    rule.write_text(rule.read_text(encoding="utf-8").replace('"API013"', '"API913"'), encoding="utf-8")
    state, out, _ = lint(home=home)
    assert (state, "API913" in out) == ("checked", True)
    assert lint()[0] == "checked"
    assert len([one for one in Path(NAME).iterdir() if one.is_dir()]) <= 4


def entries() -> list[Path]:
    return [one for one in Path(NAME).rglob("*") if one.is_file() and one.name != ".gitignore"]


@pytest.mark.parametrize(
    "damaged",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:40],
        lambda data: data[:-5] + b"x" + data[-4:],
        lambda data: b"\x00" * len(data),
    ],
)
def test_damaged_entry_is_none(damaged: Callable[[bytes], bytes]) -> None:
    first = lint()
    assert len(entries()) == 3
    for one in entries():
        one.write_bytes(damaged(one.read_bytes()))
    assert lint() == first
    assert lint()[0] == "known"


def test_cache_is_not_for_git_and_may_be_left_out() -> None:
    lint("--no-cache")
    assert not Path(NAME).exists()
    lint()
    assert Path(NAME, ".gitignore").read_text(encoding="utf-8").endswith("\n*\n")
    for one in entries():
        one.write_bytes(b"")
    lint("--no-cache")
    assert {one.stat().st_size for one in entries()} == {0}


def test_cache_that_cannot_be_written_is_done_without() -> None:
    Path(NAME).write_text("mine")
    first = lint()
    assert (first[0], lint()) == ("checked", first)
    assert Path(NAME).read_text() == "mine"


def test_link_to_a_folder_of_somebodys_is_left_alone(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / "theirs" / f"{number:032}").mkdir(parents=True)
        (tmp_path / "theirs" / f"{number:032}" / "file").touch()
    Path(NAME).symlink_to("theirs")
    lint()
    assert len([*Path("theirs").rglob("file")]) == 6
    assert len([*Path("theirs").iterdir()]) == 6


def test_file_out_of_time_is_looked_at_again() -> None:
    steps = "".join(f"  s{at}:\n    play: Hi.\n    next: s{at + 1}\n" for at in range(12_000))
    text = f"flow: small\nlanguage: 1\nstart: s0\nsteps:\n{steps}  s12000: {{end: hangup}}\n"
    Path("flows/small.flow.yaml").write_text(text, encoding="utf-8")
    Path("offhook.toml").write_text("[lint]\nseconds = 1\n")
    for _ in range(2):
        state, out, _ = lint("flows/small.flow.yaml")
        assert (state, "LNT001" in out) == ("checked", True)


def test_processes_at_the_same_time_do_not_disturb_each_other() -> None:
    for number in range(30):
        text = CALLING.replace("flow: small", f"flow: f{number}")
        Path(f"flows/f{number}.flow.yaml").write_text(text, encoding="utf-8")
    wanted = fresh()
    together = [start(*more) for more in ((), (), ("--jobs", "2"), ("--profile", "draft"))]
    assert [ended(one)[1] for one in together] == [wanted] * 4
    assert lint()[:2] == ("known", wanted)
    assert not [one for one in entries() if "." in one.name]


def test_same_file_by_another_name_has_findings_of_that_name() -> None:
    named = str(Path("flows/lib/pin.flow.yaml").absolute())
    assert lint("flows/lib/pin.flow.yaml")[1].startswith("flows/lib/pin.flow.yaml:")
    assert lint(named)[1].startswith(f"{named}:")
    found = json.loads(lint("flows/lib/pin.flow.yaml", "--format", "json")[1])["findings"]
    assert {one["file"] for one in found} == {"flows/lib/pin.flow.yaml"}
