"""`offhook runs export` and `offhook replay`: from which journals and files, what they say, with which status."""

import json
import sqlite3
from pathlib import Path

import anyio
import pytest
import yaml
from click.testing import CliRunner, Result

from engine.cli import offhook
from engine.exchange.caller import Hears, Line, Presses
from engine.journal.base import Entry
from engine.journal.sqlite import open_journal
from engine.model import codec
from engine.model.bundle import Bundle
from engine.model.errors import OffhookError
from engine.simulate.recorded.recording import Recording, history
from engine.simulate.scenario import Scenario
from tests.unit.simulate.recorded import of_bundle

FLOW = """
flow: line
language: 1
start: menu
steps:
  menu:
    ask: {prompt: "Press one.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: thanks, otherwise: bye}
  thanks: {play: "Thank you.", next: bye}
  bye: {end: hangup}
"""
PRESSES: tuple[Line, ...] = (Hears(text="press one"), Presses(digits="1"))


async def _keep(path: Path, made: Recording) -> None:
    """As a runner does."""
    with open_journal(path) as journal:
        await journal.put_bundle(made.digest, made.bundle.encode())
        for n, (event, done) in enumerate(history(made, made.graph()), 1):
            state = done.state
            entry = Entry(
                run_id=state.run_id,
                flow=made.flow,
                digest=made.digest,
                n=n,
                at_ms=event.at_ms,
                event=codec.encode(event),
                status=state.status,
                started_ms=state.started_ms,
                call_id=state.call.call_id,
                next_due_ms=state.next_due_ms,
                end_reason=state.end_reason,
                state=codec.encode(state),
            )
            await journal.commit([entry])


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """A call of one who presses 1, in `a.journal` beside the flow."""
    monkeypatch.chdir(tmp_path)
    Path("line.flow.yaml").write_text(FLOW)
    found = of_bundle(Bundle(flow="line", files={"line.flow.yaml": FLOW.encode()}), Scenario(script=PRESSES))
    anyio.run(_keep, tmp_path / "a.journal", found)
    return found


def given(*arguments: str) -> Result:
    return CliRunner().invoke(offhook, arguments)


def said(found: Result) -> str:
    assert isinstance(found.exception, OffhookError), found.output
    return str(found.exception)


def test_export_as_test_is_a_file_that_passes(made: Recording) -> None:
    found = given("runs", "export", made.run_id[:6], "-j", "a.journal", "--as-test", "-o", "line.call.test.yaml")
    assert found.exit_code == 0, found.output
    assert given("test", ".").exit_code == 0
    assert 'hears: "Press one."' in Path("line.call.test.yaml").read_text()


def test_export_of_a_run_whose_flow_version_is_gone_says_what_and_where(made: Recording) -> None:
    with sqlite3.connect("a.journal") as journal:
        journal.execute("DELETE FROM bundles")
    for more in ([], ["--as-test"]):
        text = said(given("runs", "export", made.run_id, "-j", "a.journal", *more))
        assert f"Run {made.run_id} cannot be gone through again: version {made.digest[:12]} of `line`" in text
        assert "is not in a.journal any more" in text
    found = given("replay", "a.journal", "--against", "line.flow.yaml")
    assert found.exit_code == 1
    assert f"version {made.digest[:12]} of `line`" in found.output


def test_export_of_no_run_and_to_no_place(made: Recording) -> None:
    assert "no run has an id that begins with 'zzz'" in said(given("runs", "export", "zzz", "-j", "a.journal"))
    text = said(given("runs", "export", made.run_id, "-j", "a.journal", "-o", "nowhere/x.json"))
    assert "nowhere/x.json cannot be written: No such file or directory." in text


def test_replay_takes_files_folders_journals_and_environments(made: Recording) -> None:
    Path("calls").mkdir()
    given("runs", "export", made.run_id, "-j", "a.journal", "-o", "calls/one.json")
    document = {"environment": "test", "journal": "a.journal", "public_url": "https://calls.example.com"}
    Path("test.env.yaml").write_text(yaml.safe_dump(document))
    for runs in (["calls/one.json"], ["calls"], ["a.journal"], ["test.env.yaml"]):
        found = given("replay", *runs, "--against", "line.flow.yaml")
        assert found.exit_code == 0, found.output
        assert "1 the same" in found.output
        assert ("1 without what is personal" in found.output) == runs[0].startswith("calls")


def test_replay_takes_a_run_once_that_several_places_have(made: Recording) -> None:
    Path("calls").mkdir()
    given("runs", "export", made.run_id, "-j", "a.journal", "-o", "calls/one.json")
    found = given("replay", "calls", "a.journal", "calls/one.json", "--against", "line.flow.yaml")
    assert found.exit_code == 0, found.output
    assert "1 the same" in found.output


def test_replay_says_at_which_step_a_call_takes_another_course(made: Recording) -> None:
    Path("line.flow.yaml").write_text(FLOW.replace("one: thanks", "one: bye"))
    found = given("replay", "a.journal", "--against", "line.flow.yaml", "--format", "json")
    assert found.exit_code == 1
    whole = json.loads(found.output)
    assert (whole["format"], whole["runs"], whole["course"]) == (1, 1, 1)
    assert whole["calls"][0]["difference"] == {
        "step": "menu",
        "at_ms": 0,
        "was": "goes to `thanks`",
        "now": "goes to `bye`",
        "why": "",
    }


def test_replay_other_words_are_told_and_no_failure(made: Recording) -> None:
    Path("line.flow.yaml").write_text(FLOW.replace("Thank you.", "Thanks a lot."))
    found = given("replay", "a.journal", "--against", "line.flow.yaml")
    assert found.exit_code == 0
    assert "was: “Thank you.”" in found.output
    assert "now: “Thanks a lot.”" in found.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["gone.json", "--against", "line.flow.yaml"], "There is no gone.json."),
        (["a.journal", "--against", "gone.flow.yaml"], "There is no flow file gone.flow.yaml."),
        (["a.journal", "--against", "broken.flow.yaml"], "broken.flow.yaml does not compile."),
        (["a.journal", "--against", "other.flow.yaml"], "There is no run of `other` in a.journal."),
    ],
)
@pytest.mark.usefixtures("made")
def test_replay_wrong_usage(arguments: list[str], says: str) -> None:
    Path("broken.flow.yaml").write_text("flow: broken")
    Path("other.flow.yaml").write_text(FLOW.replace("flow: line", "flow: other"))
    assert says in said(given("replay", *arguments))


def test_replay_a_file_that_is_none_does_not_keep_the_others(made: Recording) -> None:
    Path("calls").mkdir()
    Path("calls/song.json").write_text('{"what": "a song", "format": 1}')
    found = given("replay", "calls", "a.journal", "--against", "line.flow.yaml")
    assert found.exit_code == 1
    assert "1 the same, 1 cannot be compared" in found.output
    assert "calls/song.json is no recorded run" in found.output
