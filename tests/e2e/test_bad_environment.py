"""`offhook run` with something wrong: says what, where and what to do, status 2, and nothing is left behind."""

import json
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.journal.sqlite import open_journal
from tests.e2e.pair import OWN_FLOWS
from tests.e2e.ports import HOST, reserved
from tests.e2e.runner_process import FETCH, FLOWS, USES, offhook, runner_process, variables, write_environment


class Ended(NamedTuple):
    status: int
    said: str


def copied(folder: Path, *names: str) -> Path:
    """A folder `flows` with copies of some of the tests' own flows, and of shipped ones."""
    flows = folder / "flows"
    shutil.copytree(FLOWS / "swml", flows / "swml")
    for name in names:
        own = OWN_FLOWS / f"{name}.flow.yaml"
        shutil.copy(own if own.is_file() else FLOWS / own.name, flows)
    return flows


@pytest.fixture
def port() -> Iterator[int]:
    with reserved() as number:
        yield number


def run(file: Path, *options: str, **more: str) -> Ended:
    """The runner, which is to end by itself."""
    done = subprocess.run(
        offhook("run", file, *options), env=variables(**more), capture_output=True, text=True, timeout=20, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ended(done.returncode, done.stderr)


def sound(folder: Path, port: int, **document: Any) -> Path:
    """A sound environment but for what is given."""
    routes = {"+15550100": "reception"}
    base = {"space": f"{HOST}:9", "listen": f"{HOST}:{port}", "uses": USES, "fetch": FETCH, "routes": routes}
    return write_environment(folder, **{**base, **document})


def check(file: Path, **more: str) -> Ended:
    """`--check`, which starts and makes nothing."""
    before = sorted(file.parent.rglob("*"))
    ended = run(file, "--check", **more)
    assert sorted(file.parent.rglob("*")) == before
    return ended


def assert_said(ended: Ended, *parts: str) -> None:
    assert ended.status == 2, ended.said
    for part in parts:
        assert part in ended.said, ended.said


def test_missing_file_is_named(tmp_path: Path) -> None:
    ended = run(tmp_path / "no.env.yaml")
    assert_said(ended, f"There is no environment file {tmp_path / 'no.env.yaml'}.", "flows/environments/")


def test_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert_said(run(tmp_path), f"{tmp_path} cannot be read")


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        pytest.param(b"environment: test\n  routes: [\n", ["line 2"], id="not-yaml"),
        pytest.param(b"\x00\x01\x02\xff", ["is not a sound environment file"], id="binary"),
        pytest.param(b"", ["is not a sound environment file"], id="empty"),
        pytest.param(b"- a\n- b\n", ["line 1"], id="a-list"),
        pytest.param(
            b"environment: test\npublic_url: http://x.example\njournal: a\nroute: {}\n",
            ["line 4", "route", "routes"],
            id="unknown-key",
        ),
        pytest.param(b"environment: test\npublic_url: http://x.example\n", ["journal"], id="missing-key"),
        pytest.param(
            b"environment: test\npublic_url: http://x.example\njournal: a\nlisten: here\n",
            ["line 4", "listen"],
            id="wrong-value",
        ),
        pytest.param(
            b"environment: other\npublic_url: http://x.example\njournal: a\n",
            ["calls itself `other`", "Write `environment: test`"],
            id="another-name",
        ),
        pytest.param(
            b"environment: test\npublic_url: http://x.example\njournal: a\nlisten: 127.0.0.1:70000\nspace: a.example\n",
            ["70000", "65535"],
            id="no-such-port",
        ),
    ],
)
def test_unsound_file_is_refused_by_line(tmp_path: Path, content: bytes, parts: list[str]) -> None:
    path = tmp_path / "test.env.yaml"
    path.write_bytes(content)
    assert_said(run(path), str(path), *parts)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"])
def test_missing_credentials_are_named(tmp_path: Path, port: int, name: str) -> None:
    assert_said(run(sound(tmp_path, port), **{name: ""}), f"{name} is not set.")
    assert len(list(tmp_path.iterdir())) == 1


def test_missing_space_is_named(tmp_path: Path, port: int) -> None:
    assert_said(run(sound(tmp_path, port, space=None)), "SIGNALWIRE_SPACE is not set.")


def test_token_with_a_line_break_is_refused_without_showing_it(tmp_path: Path, port: int) -> None:
    ended = run(sound(tmp_path, port), SIGNALWIRE_API_TOKEN="hush\nhush")
    assert_said(ended, "API token", "SIGNALWIRE_API_TOKEN")
    assert "hush" not in ended.said
    assert len(list(tmp_path.iterdir())) == 1


def test_missing_folder_of_flows_is_named(tmp_path: Path, port: int) -> None:
    assert_said(run(sound(tmp_path, port, flows="nowhere")), str(tmp_path / "nowhere"), "Set `flows`")


def test_folder_without_flows_is_named(tmp_path: Path, port: int) -> None:
    (tmp_path / "empty").mkdir()
    assert_said(run(sound(tmp_path, port, flows="empty")), f"No flow in {tmp_path / 'empty'}", ".flow.yaml")


def test_only_flow_without_its_binding_is_named(tmp_path: Path, port: int) -> None:
    copied(tmp_path, "mailbox")
    ended = run(sound(tmp_path, port, flows="flows", uses={}))
    assert_said(ended, "uses.front_desk of flow mailbox is not bound", "add it to the environment's `uses`")


def test_port_in_use_is_named_and_no_journal_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        ended = run(sound(tmp_path, taken))
    assert_said(ended, f"Cannot listen on {HOST}:{taken}", "choose another port")
    last = json.loads(ended.said.splitlines()[-1])
    assert (last["level"], last["logger"]) == ("critical", "offhook.runner")
    assert [path.name for path in tmp_path.iterdir()] == ["test.env.yaml"]


def test_folder_in_place_of_the_journal_is_named(tmp_path: Path, port: int) -> None:
    (tmp_path / "test.journal").mkdir()
    assert_said(run(sound(tmp_path, port)), f"{tmp_path / 'test.journal'} is a folder, not a journal", "Name a file")


def test_journal_under_a_file_is_named(tmp_path: Path, port: int) -> None:
    (tmp_path / "file").touch()
    ended = run(sound(tmp_path, port, journal="file/test.journal"))
    assert_said(ended, f"the journal {tmp_path / 'file' / 'test.journal'} cannot be made", "Name a file")


def test_journal_in_no_folder_is_named(tmp_path: Path, port: int) -> None:
    ended = run(sound(tmp_path, port, journal="a/b/test.journal"))
    assert_said(ended, "there is no folder", "Make that folder")
    assert [path.name for path in tmp_path.iterdir()] == ["test.env.yaml"]


def test_file_that_is_no_journal_is_named_and_left_alone(tmp_path: Path, port: int) -> None:
    (tmp_path / "test.journal").write_text("Dear diary, " * 200)
    ended = run(sound(tmp_path, port))
    assert_said(ended, str(tmp_path / "test.journal"), "name another one")
    assert (tmp_path / "test.journal").read_text().startswith("Dear diary")


def test_journal_of_a_newer_version_is_named(tmp_path: Path, port: int) -> None:
    path = tmp_path / "test.journal"
    open_journal(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert_said(run(sound(tmp_path, port)), "newer version of Offhook (format 999", "Install that version")


def test_journal_of_another_runner_is_named_with_its_pid(tmp_path: Path, port: int) -> None:
    path = tmp_path / "test.journal"
    code = f"import sys; from engine.journal.sqlite import open_journal; j = open_journal({str(path)!r}); print(); sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen(
        [offhook()[0], "-c", code], env=variables(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        ended = run(sound(tmp_path, port))
        other.communicate()
    assert_said(ended, f"in use by process {other.pid}", "stop that process")


def test_check_of_a_sound_environment_status_0(tmp_path: Path, port: int) -> None:
    assert check(sound(tmp_path, port)) == Ended(0, "")


ANY = {"webhooks": "any"}


@pytest.mark.parametrize(
    ("key", "guard", "warned"),
    [
        ("key", {}, ""),
        ("key", {"webhooks": "all_signed"}, ""),
        ("key", ANY, "SIGNALWIRE_SIGNING_KEY is set, and webhooks without a signature are taken all the same"),
        ("", ANY, "SIGNALWIRE_SIGNING_KEY is not set, and `guard.webhooks` is `any`: no signature is looked for"),
    ],
)
def test_check_warns_of_signatures_that_nobody_looks_for(
    tmp_path: Path, port: int, key: str, guard: dict[str, str], warned: str
) -> None:
    ended = check(sound(tmp_path, port, guard=guard), SIGNALWIRE_SIGNING_KEY=key)
    assert ended.status == 0
    assert ended.said.startswith(f"warning: {warned}" if warned else "")
    assert bool(ended.said) == bool(warned)


@pytest.mark.anyio
@pytest.mark.parametrize(("guard", "warned"), [({}, False), (ANY, True)])
async def test_start_warns_of_it_too(tmp_path: Path, port: int, guard: dict[str, str], warned: bool) -> None:
    more, flows = {"SIGNALWIRE_SIGNING_KEY": "key"}, str(OWN_FLOWS)
    async with runner_process(tmp_path, f"{HOST}:9", port=port, flows=flows, more=more, guard=guard) as runner:
        assert ("webhooks without a signature are taken all the same" in runner.log) == warned


def test_real_space_without_a_signing_key_has_to_be_meant(tmp_path: Path, port: int) -> None:
    """The sandbox needs none; elsewhere whoever knows the runner's URL could begin runs."""
    space = "a-space.example"
    for ended in (run(sound(tmp_path, port, space=space)), check(sound(tmp_path, port, space=space))):
        assert_said(ended, "SIGNALWIRE_SIGNING_KEY is not set", "write `guard: {webhooks: any}`")
    assert check(sound(tmp_path, port, space=space), SIGNALWIRE_SIGNING_KEY="key") == Ended(0, "")
    assert check(sound(tmp_path, port, space=space, guard=ANY)).status == 0


def test_check_names_all_problems_at_once(tmp_path: Path, port: int) -> None:
    flows = copied(tmp_path, "mailbox", "pin_entry", "switchboard")
    (flows / "broken.flow.yaml").write_text("flow: broken\nlanguage: 1\nstart: nowhere\nsteps: {}\n")
    routes = {"+15550100": "switchboard", "+15550101": "mailbox", "+15550102": "unheard_of", "+15550103": "broken"}
    file = sound(tmp_path, port, flows="flows", uses={"account_service": 5}, routes=routes)
    assert_said(
        check(file, SIGNALWIRE_PROJECT_ID="", SIGNALWIRE_API_TOKEN=""),
        "SIGNALWIRE_PROJECT_ID is not set.",
        "SIGNALWIRE_API_TOKEN is not set.",
        f"flow broken: {flows / 'broken.flow.yaml'}:",
        "uses.account_service of flow pin_entry wants string",
        "uses.front_desk of flow mailbox is not bound",
        "route +15550101: flow mailbox cannot be served",
        "route +15550102: there is no flow unheard_of",
        "route +15550103: flow broken cannot be served",
    )


@pytest.mark.parametrize(
    ("fetch", "said"),
    [
        ({"hosts": ["*.com"]}, "fetch: *.com allows too much, or nothing."),
        ({"private": ["a..b"]}, "fetch: a..b is not a host."),
        ({"ca_file": "ca.pem"}, "ca.pem cannot be used: No such file or directory."),
    ],
)
def test_fetch_that_is_no_sound_part_of_an_environment_is_named(
    tmp_path: Path, port: int, fetch: dict[str, Any], said: str
) -> None:
    file = sound(tmp_path, port, fetch={"hosts": ["a.example"], **fetch})
    for ended in (check(file), run(file)):
        assert_said(ended, said)
    assert list(tmp_path.iterdir()) == [file]


def test_check_names_a_host_that_is_fetched_from_and_not_allowed(tmp_path: Path, port: int) -> None:
    flows = copied(tmp_path, "switchboard")
    (flows / "asks.flow.yaml").write_text(
        "flow: asks\nlanguage: 1\nuses: {api: url}\nstart: ask_it\nsteps:\n"
        '  ask_it:\n    fetch: {url: "${{ uses.api }}/x"}\n    next: {otherwise: bye}\n'
        "  bye:\n    end: hangup\n"
    )
    more: dict[str, Any] = {"uses": {**USES, "api": "https://api.example"}, "routes": {"+15550100": "switchboard"}}
    ended = check(sound(tmp_path, port, flows=str(flows), **more))
    assert_said(ended, "flow asks: step ask_it of flow asks: the environment does not allow api.example;")
    assert check(sound(tmp_path, port, flows=str(flows), **more, fetch={"hosts": ["api.example"]})).status == 0


def test_check_of_an_unsound_file_or_folder_says_what_is_wrong(tmp_path: Path, port: int) -> None:
    assert_said(check(sound(tmp_path, port, lissten="x")), "has 1 problem:", "lissten")
    assert_said(check(sound(tmp_path, port, flows="nowhere")), "There is no folder of flows")
    (tmp_path / "empty").mkdir()
    assert_said(check(sound(tmp_path, port, flows="empty", routes={})), "There is no flow in")


@pytest.mark.anyio
@pytest.mark.asyncio_only
async def test_flows_that_cannot_be_served_are_named_and_the_others_are_served(tmp_path: Path, port: int) -> None:
    flows = copied(tmp_path, "mailbox", "pin_entry", "appointment", "switchboard")
    (flows / "broken.flow.yaml").write_text("flow: broken\nlanguage: 1\nstart: nowhere\nsteps: {}\n")
    (flows / "noise.flow.yaml").write_bytes(b"\x00\xff\xfe")
    (flows / "more").mkdir()
    shutil.copy(OWN_FLOWS / "appointment.flow.yaml", flows / "more")
    routes = {"+15550100": "switchboard", "+15550101": "mailbox", "+15550102": "unheard_of"}
    uses = {"account_service": 5}
    async with runner_process(tmp_path, f"{HOST}:9", port=port, flows="flows", uses=uses, routes=routes) as runner:
        facts = (await runner.client.get("/readyz")).json()
        call = {"call_id": "c1", "to": "+15550101"}
        answer = await runner.client.post("/calls/inbound", json={"call": call})
    assert "cannot take your call right now" in answer.text
    assert facts["flows"] == ["appointment", "switchboard"]
    assert facts["broken"] == ["appointment", "broken", "mailbox", "noise", "pin_entry"]
    for said in (
        f"flow broken is not served: {flows / 'broken.flow.yaml'}:",
        f"flow noise is not served: {flows / 'noise.flow.yaml'}:",
        "flow pin_entry is not served: uses.account_service of flow pin_entry wants string",
        "flow appointment is not served: ",
        "another file has this name already",
        "flow mailbox is not served: uses.front_desk of flow mailbox is not bound",
        "route +15550102: there is no flow unheard_of",
        "route +15550101: flow mailbox cannot be served, callers are asked to call again later",
        "inbound call turned away: flow mailbox",
    ):
        assert said in runner.log, runner.log


CALENDAR_FLOW = """
flow: line
language: 1
uses: {hours: calendar}
start: a
steps:
  a: {branch: [{if: "open(uses.hours, now)", next: z}, {else: z}], next: {error: z}}
  z: {end: hangup}
"""
CALENDAR = "calendar: desk\nzone: Europe/Berlin\nhours: {monday: '08:00-18:00'}\n"


def test_check_knows_the_calendars(tmp_path: Path, port: int) -> None:
    calendars = tmp_path / "own" / "calendars"
    calendars.mkdir(parents=True)
    (calendars.parent / "line.flow.yaml").write_text(CALENDAR_FLOW)
    file = sound(tmp_path, port, flows="own", uses={"hours": "desk"}, routes={"+15550100": "line"})
    assert_said(check(file), "flow line: ", "there is no file calendars/desk.calendar.yaml", "route +15550100")
    (calendars / "desk.calendar.yaml").write_text(CALENDAR.replace("08:00-18:00", "18:00-08:00"))
    assert_said(check(file), "calendars/desk.calendar.yaml:3:17 CAL001", "ends before it begins")
    (calendars / "desk.calendar.yaml").write_text(CALENDAR)
    assert check(file).status == 0
