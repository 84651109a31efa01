"""Whatever `offhook lint` is given to read, and wherever it has to write: an answer, no traceback, no hang."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.lint.flow import small

SOUND = small("  a:\n    play: [Hello.]\n    next: bye\n")
WARNED = small("  a:\n    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n")
LINT = "from engine.cli import main; main()"
NOBODY = f"""
import engine.cli.lint, engine.lint.formats.as_json
from engine.lint.settings import Settings
from engine.project.checking import check
from pathlib import Path
check(Path("flows/warned.flow.yaml"), Settings())
if os.geteuid() == 0:
    os.seteuid(65534)  # now, as Python itself may stand where nobody else may look
{LINT}
"""
INTERRUPT = """
from engine.project.linting import copies
taken = copies._taken
def interrupted(todo):
    if os.getpid() == os.getpgrp():  # the first one, when all have begun
        os.killpg(0, signal.SIGINT)
    return taken(todo)
copies._taken = interrupted
"""
FORMATS = ("text", "json", "github", "sarif", "junit")


@pytest.fixture(autouse=True)
def _in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("flows").mkdir()


def write(name: str, text: str = SOUND) -> Path:
    path = Path("flows", f"{name}.flow.yaml")
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text.replace("flow: small", f"flow: {path.name.partition('.')[0]}"), encoding="utf-8")
    return path


def command(*arguments: str, script: str = LINT) -> list[str]:
    return [sys.executable, "-c", f"import os; {script}", "lint", *arguments]


def lint(*arguments: str, script: str = LINT, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    variables.pop("GITHUB_STEP_SUMMARY", None)
    done = subprocess.run(
        command(*arguments, script=script),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=variables,
        text=True,
        timeout=90,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def said(*arguments: str, script: str = LINT) -> dict[str, str]:
    """By file: the message, where it is that the file cannot be read, else the code."""
    done = lint("--format", "json", *arguments, script=script)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)["findings"]
    return {
        one["file"].removeprefix("flows/"): one["message"] if "cannot be read" in one["message"] else one["code"]
        for one in found
    }


def test_binary_empty_huge_and_deep_files_are_findings_and_stop_nothing() -> None:
    Path("flows/binary.flow.yaml").write_bytes(bytes(range(256)) * 100)
    Path("flows/empty.flow.yaml").touch()
    Path("flows/deep.flow.yaml").write_text("[" * 50_000)
    with Path("flows/huge.flow.yaml").open("wb") as file:
        file.truncate(20_000_000_000)  # no machine could hold it
    write("warned", WARNED)
    assert said() == {
        "binary.flow.yaml": "SYN009",
        "empty.flow.yaml": "SYN009",
        "deep.flow.yaml": "SYN009",
        "huge.flow.yaml": "SYN009",
        "warned.flow.yaml": "API012",
    }


def test_links_that_lead_nowhere_or_round_are_findings() -> None:
    write("warned", WARNED)
    Path("flows/gone.flow.yaml").symlink_to("nowhere.flow.yaml")
    Path("flows/itself.flow.yaml").symlink_to("itself.flow.yaml")
    Path("flows/around").symlink_to(".", target_is_directory=True)
    Path("flows/up.flow.yaml").symlink_to("..", target_is_directory=True)
    expected = {
        "warned.flow.yaml": "API012",
        "gone.flow.yaml": "The file cannot be read: it is a link to `nowhere.flow.yaml`, which leads nowhere.",
        "itself.flow.yaml": "The file cannot be read: it is a link to `itself.flow.yaml`, which leads nowhere.",
        "up.flow.yaml": "The folder cannot be read: it is a folder.",
    }
    assert said() == expected
    named = (f"flows/{name}" for name in expected if name != "up.flow.yaml")
    assert said(*named) == {name: text for name, text in expected.items() if name != "up.flow.yaml"}


def test_pipes_and_devices_are_findings_and_nobody_waits_for_them() -> None:
    write("warned", WARNED)
    os.mkfifo("flows/pipe.flow.yaml")
    odd = "The file cannot be read: it is a pipe, a socket or a device."
    assert said() == {"warned.flow.yaml": "API012", "pipe.flow.yaml": odd}
    assert said("flows/pipe.flow.yaml", "/dev/zero", "flows/warned.flow.yaml") == {
        "warned.flow.yaml": "API012",
        "pipe.flow.yaml": odd,
        "/dev/zero": odd,
    }


@pytest.fixture
def closed() -> Iterator[None]:
    """A file and a folder that nobody may read, and a flow that needs such a file."""
    write("warned", WARNED)
    write("secret").chmod(0)
    write("lib/pin").chmod(0)
    write("calling", small("  a:\n    subflow: {flow: pin}\n    next: bye\n"))
    write("folder/inner")
    Path("flows/folder").chmod(0)
    Path.cwd().chmod(0o755)
    yield
    Path("flows/folder").chmod(0o755)


@pytest.mark.usefixtures("closed")
def test_what_nobody_may_read_is_a_finding_and_stops_nothing() -> None:
    denied = "cannot be read: Permission denied."
    expected = {
        "secret.flow.yaml": f"The file {denied}",
        "lib/pin.flow.yaml": f"The file {denied}",
        "calling.flow.yaml": f"`flows/lib/pin.flow.yaml`, which it needs, {denied}",
        "folder": f"The folder {denied}",
        "warned.flow.yaml": "API012",
    }
    assert said("flows", script=NOBODY) == expected
    named = ("flows/secret.flow.yaml", "flows/folder/inner.flow.yaml", "flows/warned.flow.yaml")
    assert said(*named, script=NOBODY) == {
        "secret.flow.yaml": f"The file {denied}",
        "folder/inner.flow.yaml": f"The file {denied}",
        "warned.flow.yaml": "API012",
    }


def test_file_that_is_deleted_meanwhile_is_a_finding() -> None:
    write("first", WARNED)
    write("second", WARNED)
    deleting = (
        "from engine.project.linting import files\nfound = files.find\n"
        "def find(paths):\n    there = found(paths)\n    os.unlink('flows/first.flow.yaml')\n    return there\n"
        f"files.find = find\n{LINT}"
    ).replace("; ", "\n")
    assert said("flows", script=f"\n{deleting}") == {
        "first.flow.yaml": "The file cannot be read: No such file or directory.",
        "second.flow.yaml": "API012",
    }


@pytest.mark.parametrize("form", FORMATS)
def test_names_of_files_may_be_anything(form: str) -> None:
    names = (
        b"\xff.flow.yaml",
        b"a\nb.flow.yaml",
        b"\x1b[31m.flow.yaml",
        b"-x.flow.yaml",
        "\u00e9\U0001f600.flow.yaml".encode(),
    )
    for name in names:
        Path(os.fsdecode(b"flows/" + name)).write_text(WARNED, encoding="utf-8")
    first, again = lint("--format", form), lint("--format", form)
    assert (first.returncode, first.stderr) == (1, "")
    assert (again.returncode, again.stdout) == (1, first.stdout)
    assert "its name is not UTF-8" in first.stdout
    assert "\x1b" not in first.stdout


@pytest.mark.parametrize("option", ["--config", "--baseline"])
def test_pipe_or_device_in_place_of_a_file_is_told(option: str) -> None:
    write("warned", WARNED)
    os.mkfifo("pipe")
    for path in ("pipe", "/dev/zero"):
        done = lint(option, path)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{path} cannot be read: it is a pipe, a socket or a device" in done.stderr


def test_path_that_is_not_there_is_wrong_usage() -> None:
    write("sound")
    done = lint("flows/sound.flow.yaml", "flows/sond.flow.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no file or folder flows/sond.flow.yaml." in done.stderr


def test_current_folder_that_is_gone_is_said() -> None:
    Path("gone").mkdir()
    done = lint(script=f"os.chdir('gone'); os.rmdir('../gone'); {LINT}")
    assert done.returncode == 2
    assert "The current folder cannot be looked at" in done.stderr


def test_flow_of_50_000_lines_is_cut_short_when_its_time_is_over() -> None:
    step = "  s{0}:\n    play: Hi.\n    background: true\n    next:\n      started: s{1}\n"
    steps = "".join(step.format(at, at + 1) for at in range(10_000))
    text = f"flow: small\nlanguage: 1\nstart: s0\nsteps:\n{steps}  s10000: {{end: hangup}}\n"
    assert text.count("\n") >= 50_000
    assert len(text) < 1_000_000
    write("long", text)
    write("warned", WARNED)
    Path("offhook.toml").write_text("[lint]\nseconds = 1\n")
    done = lint("--format", "json", "--jobs", "1")
    assert done.returncode == 1
    found = {(Path(one["file"]).name, one["code"]): one for one in json.loads(done.stdout)["findings"]}
    assert ("warned.flow.yaml", "API012") in found
    over = found["long.flow.yaml", "LNT001"]["message"]
    assert over.startswith("The file takes longer than 1 s to look at; they were over ")
    assert "UX001" in over


@pytest.mark.slow
def test_2_000_files_have_an_answer() -> None:
    for number in range(2_000):
        write(f"f{number}", WARNED)
    for _ in range(2):
        assert lint().stdout.splitlines()[-1] == "2000 flows checked: 0 errors, 2000 warnings."


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("offhook.toml", "[lint]\nselect = ['UX091']\n", "offhook.toml:2: There is no rule `UX091`."),
        ("offhook.toml", "[lint]\nselect = 'UX'\n", "offhook.toml:2: `select` is a list of codes."),
        ("offhook.toml", "[lint]\nseconds = 'ten'\n", "offhook.toml:2: `seconds` is a whole number from 1."),
        ("offhook.toml", "[lnt]\nselect = ['UX']\n", "offhook.toml:1: There is no table `lnt`."),
        (
            "pyproject.toml",
            "[tool.offhook.lnt]\nignore = ['UX']\n",
            "pyproject.toml:1: There is no table `tool.offhook.lnt`.",
        ),
        ("pyproject.toml", "[tool]\noffhook = 3\n", "pyproject.toml:2: `offhook` is a table."),
        ("offhook.toml", "[lint\n", "offhook.toml is not TOML"),
        ("offhook.toml", "\xff", ""),
    ],
)
def test_mistake_in_the_settings_is_told_with_its_line(file: str, text: str, expected: str) -> None:
    write("sound")
    Path(file).write_bytes(text.encode("latin-1"))
    done = lint()
    assert (done.returncode, done.stdout) == (2, "")
    assert (expected or "is not UTF-8") in done.stderr


@pytest.mark.parametrize("text", ['{"baseline": 7, "findings": []}', "[]", "{", '{"baseline": 1, "findings": [{}]}'])
def test_baseline_of_another_version_or_none_is_told_with_what_to_do(text: str) -> None:
    write("warned", WARNED)
    Path("known.json").write_text(text)
    done = lint("--baseline", "known.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "offhook lint --write-baseline known.json" in done.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_full_disk_is_told(form: str) -> None:
    write("warned", WARNED)
    with open("/dev/full", "w") as full:
        done = lint("--format", form, stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr == "offhook: Not all of this could be written: No space left on device.\n"


@pytest.mark.parametrize("option", ["--write-baseline", "--diff", "--fix"])
def test_full_disk_is_told_of_other_output_too(option: str) -> None:
    write("owned", small("  a:\n    play:\n      play: [Hello.]\n      control_id: p1\n    next: bye\n"))
    with open("/dev/full", "w") as full:
        more = ("/dev/full",) if option == "--write-baseline" else ()
        done = lint(option, *more, stdout=full.fileno())
    assert done.returncode == 2
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_reader_that_leaves_early_is_no_fault(form: str) -> None:
    for number in range(60):
        write(f"f{number}", small("".join(f"  s{n}:\n    record: {{}}\n    next: s{n + 1}\n" for n in range(30))))
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    variables.pop("GITHUB_STEP_SUMMARY", None)
    with subprocess.Popen(
        command("--format", form), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 1


def test_interruption_ends_all_processes_without_a_word_of_theirs() -> None:
    """Ctrl-C reaches every process of the terminal's."""
    for number in range(40):
        write(f"f{number}", small("".join(f"  s{n}:\n    record: {{}}\n    next: s{n + 1}\n" for n in range(200))))
    with subprocess.Popen(
        command("--jobs", "2", "--no-cache", script=f"import signal\n{INTERRUPT}\n{LINT}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        start_new_session=True,
    ) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
