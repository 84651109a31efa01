"""The commands as a shell runs them: what they print, what they leave, and how they end."""

import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from engine.cli import shipped
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.runner_process import FLOWS, offhook, variables

ERRORS = Path(__file__).resolve().parents[1] / "compile" / "err"


def run(
    *arguments: str | Path, cwd: Path | None = None, given: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """A command in a process group of its own, of which nothing may be left."""
    with subprocess.Popen(
        offhook(*arguments),
        cwd=cwd,
        env=variables(**more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        out, err = process.communicate(given, timeout=60)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def test_demo_plays_a_call_and_leaves_nothing(tmp_path: Path) -> None:
    done = run("demo", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []
    urls = re.findall(r"http://127\.0\.0\.1:(\d+)", done.stdout)
    assert len(urls) == 2
    for port in urls:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(port))) != 0
    operations = set(re.findall(r"← calling\.(?:play|collect|record) +(\S+)", done.stdout))
    reported = set(re.findall(r"→ (?:play|collect|record) \w+ +(\S+)", done.stdout))
    assert len(operations) > 5
    assert operations == reported
    assert "> 1\n" in done.stdout
    assert "(the prompt is stopped)" in done.stdout
    assert "The call ended: hangup." in done.stdout
    assert "+15550177 -> +15550100" in done.stdout
    *_, last = done.stdout.splitlines()
    (tmp_path / "elsewhere").mkdir()
    advised = subprocess.run(
        [*last.partition("Be the caller yourself: ")[2].split(" "), "--speed", "20"],
        cwd=tmp_path / "elsewhere",
        env=variables(),
        input="hangup\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (advised.returncode, "Calling reception." in advised.stdout) == (0, True), advised.stderr


def test_lint_sound_flows_status_0(tmp_path: Path) -> None:
    done = run("lint", FLOWS)
    flows, calendars = (len(list(FLOWS.rglob(f"*.{kind}.yaml"))) for kind in ("flow", "calendar"))
    counted = f"{flows} flows and {calendars} calendars checked, nothing found.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, counted, "")
    as_json = run("lint", FLOWS, "--format", "json")
    assert as_json.returncode == 0
    checked = {"format": 1, "files": flows + calendars, "errors": 0, "warnings": 0, "infos": 0, "findings": []}
    assert json.loads(as_json.stdout) == checked


def test_lint_mistakes_status_1_and_every_one_in_its_place(tmp_path: Path) -> None:
    path = ERRORS / "dangling_targets.flow.yaml"
    done = run("lint", path)
    as_json = run("lint", path, "--format", "json")
    assert (done.returncode, as_json.returncode) == (1, 1)
    found = json.loads(as_json.stdout)
    assert found["errors"] == len([one for one in found["findings"] if one["severity"] == "error"]) > 0
    for one in found["findings"]:
        assert f"{path}:{one['line']}:{one['column']}: {one['severity']} {one['code']} {one['name']}: " in done.stdout
        assert one["end_line"] >= one["line"] >= 1


def test_lint_without_paths_checks_the_folder_flows(tmp_path: Path) -> None:
    assert run("lint", cwd=FLOWS.parent).stdout == run("lint", FLOWS).stdout
    done = run("lint", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no file or folder flows." in done.stderr


def test_lint_folder_without_flows_says_so_status_2(tmp_path: Path) -> None:
    for form in ("text", "json"):
        done = run("lint", tmp_path, "--format", form)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"There is no flow in {tmp_path}." in done.stderr
    os.mkfifo(tmp_path / "pipe.flow.yaml")
    done = run("phone", tmp_path / "pipe.flow.yaml")
    assert (done.returncode, "is not a regular file" in done.stderr) == (2, True)


def test_lint_counts_calendars_and_finds_fault_with_a_pipe_that_is_called_like_one(tmp_path: Path) -> None:
    (tmp_path / "desk.calendar.yaml").write_text("calendar: desk\nzone: Europe/Berlin\nhours: {monday: 08:00-18:00}\n")
    assert run("lint", tmp_path).stdout == "1 calendar checked, nothing found.\n"
    (tmp_path / "odd.calendar.yaml").write_text('calendar: odd\nzone: "Mars/\\e[2J"\nhours: {}\n')
    done = run("lint", tmp_path)
    assert (done.returncode, "SYN005" in done.stdout, "\x1b" in done.stdout) == (1, True, False), done.stdout
    os.mkfifo(tmp_path / "pipe.calendar.yaml")
    found = json.loads(run("lint", tmp_path, "--format", "json").stdout)
    assert (found["files"], [one["code"] for one in found["findings"]]) == (3, ["SYN005", "SYN005", "SYN009"])
    done = run("lint", tmp_path / "pipe.calendar.yaml")
    assert (done.returncode, "it is a pipe, a socket or a device" in done.stdout) == (1, True)


def test_lint_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "odd.flow.yaml").write_text('flow: odd\nlanguage: 1\nstart: a\nsteps: {a: {"p\x9b2J\\e[2J": x}}\n')
    done = run("lint", tmp_path)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\x9b" not in done.stdout


def test_lint_file_that_is_no_flow_is_a_finding_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "binary.flow.yaml").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "empty.flow.yaml").touch()
    (tmp_path / "sound.flow.yaml").write_text((OWN_FLOWS / "quiet.flow.yaml").read_text().replace("quiet", "sound", 1))
    done = run("lint", tmp_path, "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert found["files"] == 3
    assert {Path(one["file"]).name for one in found["findings"] if one["severity"] == "error"} == {
        "binary.flow.yaml",
        "empty.flow.yaml",
    }


def test_lint_unreadable_file_is_a_finding(tmp_path: Path) -> None:
    loop = tmp_path / "mem.flow.yaml"
    loop.symlink_to("/proc/self/mem")
    if not loop.exists():
        pytest.skip("no file here that cannot be read by root")
    done = run("lint", loop)
    assert done.returncode == 1
    assert "The file cannot be read" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["lint", "nowhere"], ["lint", "--format", "xml"], ["lnit"], ["phone", "no.flow.yaml"]]
)
def test_wrong_usage_status_2_without_a_traceback(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_phone_from_a_pipe_plays_the_lines_and_ends(tmp_path: Path) -> None:
    lines = "help\n2\nsay please call me back\n#\n"
    done = run("phone", FLOWS / "reception.flow.yaml", "--speed", "5", "--transcript", given=lines)
    assert (done.returncode, done.stderr) == (0, "")
    for said in (
        "Thank you for calling Riverside Dental.",
        "> 2",
        "> say please call me back",
        "(recorded:",
        "I could not pass on your message",
        "The run ended: hangup.",
    ):
        assert said in done.stdout, done.stdout
    assert re.search(r"^ +\d:\d\d\.\d{3}    entered +take_message/message +record$", done.stdout, re.MULTILINE)
    assert "+15550177 -> +15550100" in done.stdout


def test_phone_picks_up_when_an_outbound_flow_calls(tmp_path: Path) -> None:
    done = run("phone", FLOWS / "reminder.flow.yaml", "--speed", "20", "--input", "name=Kim", given="1\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("reminder calls you.")
    for said in ("(ringing)", "(answered)", "a reminder for Kim.", "> 1", "I cannot say", "The run ended: hangup."):
        assert said in done.stdout, done.stdout


@pytest.mark.parametrize("name", ["reception", "flows/reception.flow.yaml"])
def test_phone_takes_a_shipped_flow_where_there_is_no_file(name: str, tmp_path: Path) -> None:
    done = run("phone", name, "--speed", "20", given="hangup\n", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Calling reception.")


def test_phone_finds_flows_here_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hello.flow.yaml").write_text(
        'flow: hello\nlanguage: 1\nstart: hi\nsteps:\n  hi: {play: "Hi.", next: bye}\n  bye: {end: hangup}\n'
    )
    done = run("phone", "hello", "--speed", "20", cwd=tmp_path, given="")
    assert "Hi." in done.stdout
    done = run("phone", "helo", cwd=tmp_path)
    assert "In flows/ here: hello. With Offhook come: " in done.stderr


def test_phone_refuses_what_would_be_in_vain() -> None:
    done = run("phone", "account_line", "--reply", "sing_in=401")
    assert done.returncode == 2
    assert "account_line has no step 'sing_in' that fetches." in done.stderr
    done = run("phone", "voicemail", "--use", "practice_hours=nevr")
    assert done.returncode == 2
    assert "There is no calendar 'nevr' for `uses.practice_hours`." in done.stderr


def test_phone_prefers_the_file_and_names_the_shipped_flows_where_there_is_neither(tmp_path: Path) -> None:
    (tmp_path / "reception").write_text("nothing")
    done = run("phone", "reception", cwd=tmp_path)
    assert (done.returncode, "reception does not compile" in done.stderr) == (2, True)
    for wrong in ("recption", "elsewhere/reception.flow.yaml"):
        done = run("phone", wrong, cwd=tmp_path)
        assert done.returncode == 2
        assert f"There is no flow file {wrong}." in done.stderr
        assert f"With Offhook come: {', '.join(shipped.known())}." in done.stderr


def test_phone_fetches_from_the_hosts_that_it_is_told(tmp_path: Path) -> None:
    """Nobody listens there: the difference is in why it fails."""
    (tmp_path / "asks.flow.yaml").write_text(
        "flow: asks\nlanguage: 1\nuses: {api: url}\nstart: ask_it\nsteps:\n"
        '  ask_it:\n    fetch: {url: "${{ uses.api }}/x", timeout: 1s}\n    next: {otherwise: bye}\n'
        "  bye:\n    end: hangup\n"
    )
    phone = ("phone", "asks.flow.yaml", "--transcript", "--use", "api=http://127.0.0.1:9")
    assert "host-not-allowed" in run(*phone, given="", cwd=tmp_path).stdout
    assert "unreachable" in run(*phone, "--allow-host", "http://127.0.0.1:9", given="", cwd=tmp_path).stdout
    refused = run(*phone, "--allow-host", "https://a.example", cwd=tmp_path)
    assert (refused.returncode, "fetch: https://a.example is" in refused.stderr) == (2, True)


def test_phone_wrong_input_is_named(tmp_path: Path) -> None:
    done = run("phone", "reminder", "--input", "age=3", cwd=tmp_path)
    assert (done.returncode, "no input `age`" in done.stderr) == (2, True)
    done = run("phone", "reminder", "--from", "kim", cwd=tmp_path)
    assert (done.returncode, "number" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", [("phone", "reception"), ("demo",)], ids=lambda one: one[0])
def test_interrupted_command_status_130_without_a_traceback(command: tuple[str, ...], tmp_path: Path) -> None:
    with subprocess.Popen(
        offhook(*command),
        cwd=tmp_path,
        env=variables(PYTHONUNBUFFERED="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        while "(answered)" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in err) == (130, False), err


def test_phone_from_an_empty_pipe_hangs_up(tmp_path: Path) -> None:
    done = run("phone", OWN_FLOWS / "taped.flow.yaml", "--speed", "20")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The run ended: hangup." in done.stdout


@pytest.mark.anyio
@pytest.mark.asyncio_only
async def test_runs_are_listed_and_shown_while_the_runner_runs(tmp_path: Path) -> None:
    async with pair(tmp_path, {"+15550100": "quiet"}, flows=str(OWN_FLOWS)) as (platform, runner):
        call_id = await platform.ring("+15550100")
        await platform.until(call_id, lambda call: len(call["webhooks"]) == 2 and call["webhooks"][-1]["status"] == 200)
        journal = ("--journal", runner.journal)
        listed = json.loads(run("runs", "list", *journal, "--format", "json").stdout)
        (row,) = listed["runs"]
        assert (listed["format"], row["flow"], row["status"], row["call_id"]) == (1, "quiet", "running", call_id)
        text = run("runs", "list", *journal)
        assert (text.returncode, text.stderr) == (0, "")
        assert row["run_id"] in text.stdout
        assert run("runs", "list", *journal, "--status", "ended").stdout == "No runs.\n"
        shown = run("runs", "show", row["run_id"][:6], *journal)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "“Hello.”" in shown.stdout
        found = json.loads(run("runs", "show", row["run_id"], *journal, "--format", "json").stdout)
        assert found["run_id"] == row["run_id"]
        assert [line["what"] for line in found["transcript"]][:3] == ["call arrived", "entered", "calling.play"]
        for wrong in (("show", "nobody", *journal), ("list", "--journal", tmp_path / "no.journal"), ("list",)):
            done = run("runs", *wrong, cwd=tmp_path)
            assert done.returncode == 2
            assert done.stderr.startswith("offhook: ")
        assert [row.status for row in runner.rows()] == ["running"]


def test_sandbox_by_itself_listens_and_stops(tmp_path: Path) -> None:
    with subprocess.Popen(
        offhook("sandbox", "--listen", "127.0.0.1:0"), env=variables(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        process.terminate()
        assert process.wait(10) == 0
    assert found


def test_phone_on_the_account_line_wrong_pin_slow_lookup_and_balance() -> None:
    replies = [
        *("--reply", "sign_in=401"),
        *("--reply", 'sign_in=2s {"session": "s1", "name": "Ann"}'),
        *("--reply", 'balance={"balance": 12.5, "available": 10.0, "currency": "USD"}'),
    ]
    done = run("phone", "account_line", "--speed", "4", *replies, given="1111#\n4242#\nsay hm\n1\nhangup\n")
    heard = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    said = [
        "That is not the PIN",
        "look up your account",
        "Thank you, Ann.",
        "12 dollars and 50 cents",
        "The run ended: hangup.",
    ]
    assert [one for one in said if one not in heard] == []
    assert [heard.index(one) for one in said] == sorted(heard.index(one) for one in said)
    assert "4242" not in done.stderr


def test_phone_hung_up_in_the_middle_of_a_slow_lookup_ends_the_run() -> None:
    done = run("phone", "account_line", "--speed", "4", "--reply", "sign_in=never", given="1111#\nhangup\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The run ended: hangup." in done.stdout
