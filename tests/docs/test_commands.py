"""Commands that the pages show can be given, and print what the pages say that they print."""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine.cli import offhook
from engine.exchange.caller import HangsUp, Hears, Line, Presses
from engine.model.events import CallArrived
from engine.model.ids import inbound_run_id
from engine.simulate.recorded.recording import encode
from engine.simulate.scenario import Scenario
from tests.architecture.source import ROOT, modules
from tests.docs.commands import Shown, same, shown, split
from tests.docs.pages import BY_NAME, Block, blocks
from tests.unit.simulate.recorded import recorded

SHOWN = [one for block in blocks("sh", "console") for one in shown(block)]
RUN_ELSEWHERE = ("curl",)
"""tests/docs/test_http.py"""
ON_A_SERVER = ("python3", "install", "systemctl", "podman", "/opt/offhook/bin/pip")
"""What docs/deploy shows, and what is not ours to try."""


@pytest.mark.parametrize("command", SHOWN, ids=str)
def test_command_can_be_given(command: Shown) -> None:
    for part in split(command.words, "&&"):
        for words in split(part, "|"):
            _can_be_given(split(words, ">")[0])


def _can_be_given(words: tuple[str, ...]) -> None:
    match words:
        case ("git", "clone" | "worktree", *_) | ("cd", _) | ("printf", _):
            pass
        case ("make", target):
            assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        case (".", ".venv/bin/activate"):
            pass
        case ("export", *assignments):
            assert {one.partition("=")[0] for one in assignments} <= variables()
        case ("offhook", *arguments):
            _parses(arguments)
        case ("python", "-m", module, *_):
            assert (ROOT / module.replace(".", "/") / "__main__.py").is_file()
        case (first, *_):
            assert first in (*RUN_ELSEWHERE, *ON_A_SERVER)


@cache
def variables() -> set[str]:
    return {name for module in modules() for name in re.findall(r'"((?:SIGNALWIRE|OFFHOOK)_[A-Z_]+)"', module.text)}


def _parses(arguments: list[str]) -> None:
    """click takes the command with these arguments; it is not carried out."""
    command: click.Command = offhook
    context = click.Context(offhook, info_name="offhook", **offhook.context_settings)
    while isinstance(command, click.Group):
        name, *arguments = arguments
        found = command.get_command(context, name)
        assert found is not None, f"offhook has no command {name}"
        command = found
        context = click.Context(command, info_name=name, parent=context)
    command.make_context(context.info_name, list(arguments), parent=context.parent)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with our flows, and the README's flow: as it stands, and under flows/ with the mistake that it shows.
    Its test is there too, with another key beside the sound one."""
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    hello = BY_NAME["README.md"].blocks[0].text
    (tmp_path / "hello.flow.yaml").write_text(hello, encoding="utf-8")
    broken = hello.replace("hours: hours", "hours: ours", 1)
    assert broken != hello
    (tmp_path / "flows" / "hello.flow.yaml").write_text(broken, encoding="utf-8")
    test = next(block.text for block in BY_NAME["README.md"].blocks if block.text.startswith("tests: hello"))
    (tmp_path / "flows" / "hello.test.yaml").write_text(test, encoding="utf-8")
    (tmp_path / "hello.test.yaml").write_text(test.replace("presses: 1", "presses: 0"), encoding="utf-8")
    kept = [line for line in test.splitlines() if "path:" not in line and "ends:" not in line]
    (tmp_path / "hello.kept.test.yaml").write_text("\n".join([*kept, "      transcript:"]), encoding="utf-8")
    changed = next(block.text for block in BY_NAME["docs/graph.md"].blocks if block.text.startswith("flow: hello"))
    (tmp_path / "changed").mkdir()
    (tmp_path / "changed" / "hello.flow.yaml").write_text(changed, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


LINTS = [one for one in SHOWN if one.output and one.words[:2] == ("offhook", "lint")]


@pytest.mark.parametrize("command", LINTS, ids=str)
@pytest.mark.usefixtures("project")
def test_lint_prints_what_is_shown(command: Shown) -> None:
    printed = CliRunner().invoke(offhook, command.words[1:]).output.splitlines()
    _compare(command, printed)


TESTS = [one for one in SHOWN if one.output and one.words[:2] == ("offhook", "test")]


@pytest.mark.parametrize("command", TESTS, ids=str)
@pytest.mark.usefixtures("project")
def test_test_prints_what_is_shown(command: Shown) -> None:
    _compare(command, CliRunner().invoke(offhook, command.words[1:]).output.splitlines())


DRAWN = [one for one in SHOWN if one.output and one.words[:2] in (("offhook", "graph"), ("offhook", "diff"))]


@pytest.mark.parametrize("command", DRAWN, ids=str)
@pytest.mark.usefixtures("project")
def test_graph_and_diff_print_what_is_shown(command: Shown) -> None:
    _compare(command, CliRunner().invoke(offhook, command.words[1:]).output.splitlines())


EXPLORED = [one for one in SHOWN if one.output and one.words[:2] == ("offhook", "explore")]


@pytest.mark.parametrize("command", EXPLORED, ids=str)
def test_explore_prints_what_is_shown(command: Shown, project: Path) -> None:
    for block in BY_NAME["docs/exploring.md"].blocks:
        for name in ("booking", "garden"):
            for kind, begins in (("flow", f"flow: {name}"), ("test", f"tests: {name}")):
                if block.text.startswith(begins):
                    (project / f"{name}.{kind}.yaml").write_text(block.text, encoding="utf-8")
    _compare(command, CliRunner().invoke(offhook, command.words[1:]).output.splitlines())


REPLAYED = [one for one in SHOWN if one.output and one.words[:2] == ("offhook", "replay")]
CALLERS: tuple[tuple[Line, ...], ...] = (
    (Hears(text="press 1"), Presses(digits="1")),
    (Hears(text="press 1"), Presses(digits="0")),
    (Hears(text="press 1"), HangsUp()),
    (),
)


def record_calls(project: Path) -> None:
    for folder in ("calls", "candidate"):
        (project / folder).mkdir()
    candidate = next(block.text for block in BY_NAME["docs/replay.md"].blocks if block.text.startswith("flow: hello"))
    (project / "candidate" / "hello.flow.yaml").write_text(candidate, encoding="utf-8")
    for number, script in enumerate(CALLERS):
        found = recorded(project / "hello.flow.yaml", Scenario(script=script))
        first = found.events[0]
        assert isinstance(first, CallArrived)
        call_id = f"00000000-0000-4000-8000-{number:012}"
        text = encode(found).replace(found.run_id, inbound_run_id(call_id)).replace(first.call_id, call_id)
        (project / "calls" / f"{number}.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("command", REPLAYED, ids=str)
def test_replay_prints_what_is_shown(command: Shown, project: Path) -> None:
    """Of calls of the README's flow, with the candidate that the page shows."""
    record_calls(project)
    _compare(command, CliRunner().invoke(offhook, command.words[1:]).output.splitlines())


PHONES = [one for one in SHOWN if one.output and "phone" in one.words]


@pytest.mark.slow
@pytest.mark.parametrize("command", PHONES, ids=str)
def test_phone_prints_what_is_shown(command: Shown, project: Path) -> None:
    (_, typed), (_, *arguments) = split(command.words, "|")
    printed = _run(arguments, project, typed.replace("\\n", "\n"))
    _compare(command, printed)


def test_every_shown_output_is_compared() -> None:
    assert [
        one for one in SHOWN if one.output and one not in (*LINTS, *TESTS, *DRAWN, *EXPLORED, *REPLAYED, *PHONES)
    ] == []


def _compare(command: Shown, printed: list[str]) -> None:
    assert len(printed) == len(command.output), "\n".join(printed)
    wrong = [
        line
        for wanted, line in zip(command.output, printed, strict=True)
        if not same(_timeless(wanted), _timeless(line))
    ]
    assert not wrong, "\n".join(printed)


def _run(arguments: list[str], folder: Path, typed: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "engine.cli", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        input=typed,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_demo_prints_what_is_shown(tmp_path: Path) -> None:
    printed = [_timeless(line) for line in _run(["demo"], tmp_path)]
    excerpts = [block for block in blocks("text") if block.words == ("demo",)]
    assert excerpts
    for block in excerpts:
        _comes_in_order(block, printed)


def _comes_in_order(block: Block, printed: list[str]) -> None:
    left = iter(printed)
    for wanted in map(_timeless, block.text.splitlines()):
        assert any(same(wanted, line) for line in left), f"{block}: {wanted!r} does not come\n" + "\n".join(printed)


def _timeless(line: str) -> str:
    """Without the call's time at the beginning, which differs from run to run."""
    return re.sub(r"^\s*\d+:\d\d(\.\d+)?", "", line)
