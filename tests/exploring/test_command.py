"""`offhook explore`: what it says, with which status; its cases can be pasted and played."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import offhook
from engine.project.testing import run
from tests.architecture.source import ROOT

FLOW = """
flow: visit
language: 1
vars: {told: false}
start: menu
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: look, otherwise: bye}
  look:
    fetch: {url: "https://visits.example.com", returns: {free: bool}, timeout: 2s}
    next: {ok: which, otherwise: bye}
  which:
    branch:
      - if: steps.look.body.free
        next: note
      - else: bye
  note: {set: {told: "true"}, next: bye}
  bye: {end: hangup}
"""
CASES = "cases:\n  nobody answers:\n    expect: {ends: hangup}\n"


def explored(folder: Path, invariants: str, *options: str, flow: str = FLOW) -> Result:
    (folder / "visit.flow.yaml").write_text(flow, encoding="utf-8")
    tests = f"tests: visit\ninvariants: [{invariants}]\n{CASES}"
    (folder / "visit.test.yaml").write_text(tests, encoding="utf-8")
    return CliRunner().invoke(offhook, ["explore", str(folder / "visit.flow.yaml"), *options])


def test_flow_whose_invariants_hold_passes(tmp_path: Path) -> None:
    done = explored(tmp_path, "\"run.end_reason != 'done'\"")
    assert done.exit_code == 0, done.output
    assert "cut off   nothing" in done.output


@pytest.mark.parametrize(
    "invariant", ['"!vars.told"', "\"run.end_reason != 'hangup'\"", "\"run.end_reason != 'lost'\""]
)
def test_case_of_a_counterexample_can_be_pasted_and_fails(invariant: str, tmp_path: Path) -> None:
    done = explored(tmp_path, invariant, "--format", "json")
    assert done.exit_code == 1, done.output
    found = json.loads(done.output)["found"]
    found = [one for one in found if one["case"]]  # the case of the file may break it as well, and is named then
    assert [one["law"] for one in found] == ["invariant"]
    tests = tmp_path / "visit.test.yaml"
    tests.write_text(f"tests: visit\ninvariants: [{invariant}]\ncases:\n{found[0]['case']}", encoding="utf-8")
    tested = run(tests)
    assert not tested.diagnostics, found[0]["case"]
    assert [one.law for result in tested.results for one in result.failures] == ["invariant"], found[0]["case"]
    assert found[0]["transcript"][found[0]["mark"]]["what"] == "ended"


def test_replies_that_the_flow_compares_with_are_tried(tmp_path: Path) -> None:
    found = json.loads(explored(tmp_path, '"!vars.told"', "--format", "json").output)["found"]
    assert "look: {body: {free: true}}" in found[0]["case"]
    assert 'presses: "1"' in found[0]["case"]


def test_transcript_is_that_of_the_case(tmp_path: Path) -> None:
    flow = """
flow: visit
language: 1
signals: {x: {}}
vars: {told: false}
start: hello
steps:
  hello: {play: "Hello.", next: bye}
  note: {set: {told: "true"}, next: more}
  more: {play: "More.", next: resume}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone, signal.x: note, error: bye, rejected: bye, lost: bye}
"""
    done = explored(tmp_path, '"!vars.told"', "--format", "json", flow=flow)
    (found,) = json.loads(done.output)["found"]
    told = [line["what"] for line in found["transcript"] if line["way"] == "does"]
    assert ("hangs up" in told) == ("hangs up" in found["case"]), found
    assert told.count("signal x") == found["case"].count("signal: x") == 1
    assert found["transcript"][found["mark"]]["what"] == "ended"


def test_order_that_matters_is_a_delay_in_the_case(tmp_path: Path) -> None:
    flow = """
flow: visit
language: 1
vars: {late: false}
start: tape
steps:
  tape:
    record: {beep: true}
    background: true
    next: hear
  hear:
    play: "Hello."
    next: stop
  stop:
    record.stop: tape
    next: {accepted: rest, rejected: rest}
  rest:
    wait: {handle: tape, timeout: 1s}
    next: {timeout: late, otherwise: bye}
  late: {set: {late: "true"}, next: bye}
  bye: {end: hangup}
"""
    done = explored(tmp_path, '"!vars.late"', "--faults", "0", "--format", "json", flow=flow)
    case = json.loads(done.output)["found"][0]["case"]
    assert "{delay: record.finished" in case or "{late: calling.record.stop" in case, case


def test_bound_that_cuts_off_is_named_with_the_steps(tmp_path: Path) -> None:
    done = explored(tmp_path, "", "--max-states", "10")
    assert done.exit_code == 0
    assert "situations by --max-states 10, at " in done.output
    assert "with nothing slow; " in done.output
    assert " cut off by --max-states 10\n" in done.output
    assert "were not gone on from" in done.output


READS = """
flow: visit
language: 1
start: which
steps:
  which:
    branch:
      - if: "'X-Vip' in call.headers"
        next: vip
      - else: tape
  vip: {play: "Welcome.", next: tape}
  tape:
    record: {max_length: 60, beep: true}
    next: {finished: short, otherwise: bye}
  short:
    branch:
      - if: steps.tape.duration > 2000.0
        next: long
      - else: bye
  long: {play: "That was long.", next: bye}
  bye: {end: hangup}
handlers: {error: bye, rejected: bye, lost: bye}
"""


def test_what_was_never_taken_is_named_and_no_tick_is_put_before_the_flow(tmp_path: Path) -> None:
    done = explored(tmp_path, "", "--faults", "0", "--slow", "0", flow=READS)
    assert done.exit_code == 0, done.output
    assert "~ visit  " in done.output
    assert "never entered: long, vip\n" in done.output
    assert "never: long: finished, short: long, vip: finished, which: vip\n" in done.output
    assert "unknown   what follows the 4 outcomes that no call has taken" in done.output
    assert "untried   other values of call.headers, steps.tape.duration, which conditions read" in done.output


def test_tick_says_that_all_was_looked_at(tmp_path: Path) -> None:
    done = explored(tmp_path, "", "--faults", "0", "--slow", "0")
    assert "✓ visit  " in done.output
    assert not any(word in done.output for word in ("never", "unknown", "untried"))


@pytest.mark.parametrize("invariant", ["vars.nothing", "vars.told ==", "\"'text'\""])
def test_invariant_that_is_none_is_a_mistake_of_the_file(invariant: str, tmp_path: Path) -> None:
    done = explored(tmp_path, invariant)
    assert done.exit_code == 1
    assert "visit.test.yaml:2:" in done.output
    assert "TST009 bad-invariant" in done.output


def test_flow_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = CliRunner().invoke(offhook, ["explore", str(tmp_path / "none.flow.yaml")])
    assert "There is no flow file" in str(done.exception)


DESK = """
flow: visit
language: 1
inputs: {campaign: {type: string}, level: {type: int}}
uses: {api: url, hours: calendar, agents: number}
signals: {hurry: {text: string}}
vars: {said: ""}
start: open_now
steps:
  open_now:
    branch:
      - if: open(uses.hours, now)
        next: bye
      - else: ready
  ready:
    wait: {signal: hurry, timeout: 20s}
    next: {done: note, timeout: bye}
  note:
    set: {said: "inputs.level > 10 && uses.agents == '+15550111' ? signal.text : vars.said"}
    next: look
  look:
    fetch: {url: "${{ uses.api }}/visits", returns: {free: bool}}
    next: {ok: bye, otherwise: bye}
  bye: {end: hangup}
"""


def test_case_says_all_that_the_call_was_given(tmp_path: Path) -> None:
    """Whatever else the defaults of its file say."""
    (tmp_path / "calendars").mkdir()
    for name in ("always", "never"):
        calendar = ROOT / "flows" / "calendars" / f"{name}.calendar.yaml"
        (tmp_path / "calendars" / calendar.name).write_bytes(calendar.read_bytes())
    (tmp_path / "visit.flow.yaml").write_text(DESK, encoding="utf-8")
    tests = tmp_path / "visit.test.yaml"
    defaults = """defaults:
  at: "2026-11-23T10:00:00-05:00"
  from: "+15550123"
  uses: {hours: always}
  fetch: {look: {body: {free: true}}}
"""
    first = "  first:\n    uses: {hours: never, agents: '+15550111'}\n    inputs: {campaign: spring, level: 11}\n"
    head = f"tests: visit\ninvariants: [\"vars.said == ''\"]\n{defaults}cases:\n"
    plain = ("--faults", "0", "--slow", "0", "--format", "json")
    tests.write_text(f"{head}{first}    expect: {{ends: hangup}}\n", encoding="utf-8")
    done = CliRunner().invoke(offhook, ["explore", str(tmp_path / "visit.flow.yaml"), *plain])
    (found,) = json.loads(done.output)["found"]
    case = found["case"]
    for said in ("at:", "from:", "uses:", "hours: never", "level: 11", "with: {text:"):
        assert said in case, case
    tests.write_text(head + case, encoding="utf-8")
    tested = run(tests)
    assert not tested.diagnostics, case
    assert [one.law for result in tested.results for one in result.failures] == ["invariant"], case
    assert "`vars.said` is" in tested.results[0].failures[0].help
