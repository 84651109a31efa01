"""Proposed cases: they pass, take every transition that can be taken, and none of them could be left out."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import offhook
from engine.project import generating, testing
from tests.architecture.source import ROOT

FLOW = """
flow: visit
language: 1
uses: {api: url, open_hours: calendar}
start: hours
steps:
  hours:
    branch:
      - {if: "open(uses.open_hours, now)", next: menu}
      - {else: closed}
  closed: {play: "We are closed.", next: bye}
  menu:
    visits: {max: 2, next: tired}
    ask:
      prompt: "To look something up, press 1. To hear this again, press 2."
      digits: {max: 1}
      choices: {look: {keys: ["1"]}, again: {keys: ["2"]}}
      attempts: 1
    next: {look: look, again: menu, otherwise: bye}
  look:
    fetch: {url: "${{ uses.api }}/x", returns: {amount: string}, timeout: 2s}
    next: {ok: which, http_404: bye, otherwise: sorry}
  which:
    branch:
      - {if: double(steps.look.body.amount) > 40.0, next: tell}
      - {else: bye}
    next: {expression: sorry}
  tell: {play: "That is a lot.", next: {finished: bye, failures: bye}}
  sorry: {play: "Sorry.", next: bye}
  tired: {play: "That is enough.", next: bye}
  bye: {end: hangup}
handlers: {rejected: excuse}
"""
EXCUSE = '  excuse: {play: "Something went wrong.", next: bye}\nhandlers'
CALENDAR = "calendar: desk\nzone: UTC\nhours: {friday: 08:00-17:00}\n"


EVENTS = """
flow: visit
language: 1
signals: {hurry: {text: string}, stop: {}}
limits: {call: 10m, visits: 9, next: late}
defaults:
  choices:
    person: {keys: ["0"], next: desk}
start: menu
steps:
  menu:
    visits: {max: 12, next: tired}
    ask:
      prompt: "To hear this again, press 1."
      digits: {max: 1}
      choices: {again: {keys: ["1"]}}
      attempts: 1
    next: {again: menu, otherwise: bye}
  desk: {play: "Hold on.", next: bye}
  quick: {play: "Hurry up.", next: resume}
  stopped: {play: "We have to stop.", next: bye}
  unheard: {play: "Something was lost.", next: bye}
  refused: {play: "Something was refused.", next: bye}
  broken: {play: "Something went wrong.", next: bye}
  tired: {play: "That is enough.", next: bye}
  late: {play: "It is late.", next: bye}
  gone: {end: done}
  bye: {end: hangup}
handlers:
  hangup: gone
  lost: unheard
  rejected: refused
  error: broken
  signal.hurry: quick
  signal.stop: stopped
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "desk.calendar.yaml").write_text(CALENDAR)
    (tmp_path / "visit.flow.yaml").write_text(FLOW.replace("handlers", EXCUSE))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given(*arguments: str) -> Result:
    return CliRunner().invoke(offhook, ["test", *arguments])


PIN = """
flow: visit
language: 1
uses: {api: url}
start: pin
steps:
  pin:
    ask:
      prompt: "Your four digit PIN."
      digits: {max: 4}
      accept: '^[0-9]{4}$'
      reprompt: {no_input: ["I did not hear a PIN."], no_match: ["That is not a PIN."]}
      attempts: 3
    next: {digits: look, no_input: bye, no_match: sorry}
  look:
    fetch:
      {method: POST, url: "${{ uses.api }}/x", timeout: 2s, retry: {times: 2, backoff: 1s}, filler: {after: 1s, play: "Please wait."}}
    next: {ok: bye, failed: down, otherwise: sorry}
  down: {play: "It is down.", next: bye}
  sorry: {play: "Sorry.", next: bye}
  bye: {end: hangup}
"""


def test_generate_tells_prompts_of_one_text_apart_and_times_each_reply_by_its_own_request(folder: Path) -> None:
    (folder / "visit.flow.yaml").write_text(PIN)
    found = given("--generate", "visit.flow.yaml")
    assert "not taken" not in found.output, found.output
    tested = given("visit.generated.test.yaml", "--coverage", "--min-coverage", "100")
    assert tested.exit_code == 0, tested.output


TAPE = """
flow: visit
language: 1
start: menu
steps:
  menu:
    ask: {prompt: "Press 2 to rate us.", digits: {max: 1}, choices: {rate: {keys: ["2"]}}, attempts: 1}
    next: {rate: tape, otherwise: bye}
  tape:
    record: {beep: true, max_length: 40, initial_timeout: 4, end_silence_timeout: 3}
    next: {finished: thanks, no_input: bye}
  thanks: {play: "Thank you.", next: bye}
  bye: {end: hangup}
"""


@pytest.mark.parametrize("start", ["menu", "tape"])
def test_generate_speaks_onto_a_tape_that_begins_upon_a_key_or_with_the_call(start: str, folder: Path) -> None:
    (folder / "visit.flow.yaml").write_text(TAPE.replace("start: menu", f"start: {start}"))
    found = given("--generate", "visit.flow.yaml")
    assert "`finished` of `tape`" not in found.output, found.output
    assert given("visit.generated.test.yaml").exit_code == 0


def test_generate_the_file_passes_and_takes_every_transition(folder: Path) -> None:
    found = given("--generate", "visit.flow.yaml")
    assert found.exit_code == 0, found.output
    assert "not taken" not in found.output
    tested = given("visit.generated.test.yaml", "--coverage", "--min-coverage", "100")
    assert tested.exit_code == 0, tested.output


def test_generate_takes_handlers_universal_choices_and_limits(folder: Path) -> None:
    (folder / "visit.flow.yaml").write_text(EVENTS)
    found = given("--generate", "visit.flow.yaml")
    assert "not taken" not in found.output, found.output
    tested = given("visit.generated.test.yaml", "--coverage", "--min-coverage", "100")
    assert tested.exit_code == 0, tested.output


def test_generate_no_case_could_be_left_out(folder: Path) -> None:
    cases = generating.run(folder / "visit.flow.yaml", lambda _: True).proposal.cases
    path = folder / "visit.generated.test.yaml"
    path.write_text(generating.run(folder / "visit.flow.yaml", lambda _: True).text)
    whole = testing.run(path)
    assert whole.passed
    for name in [one.name for one in cases]:
        text = path.read_text()
        begins = text.index(f"  {name}:\n") if f"  {name}:\n" in text else text.index(f'  "{name}":\n')
        ends = text.find("\n\n", begins)
        path.write_text(text[:begins] + (text[ends + 2 :] if ends >= 0 else ""))
        assert testing.run(path).taken < whole.taken, f"without {name} nothing is missing"
        path.write_text(text)


def test_generate_is_the_same_every_time(folder: Path) -> None:
    first, second = (generating.run(folder / "visit.flow.yaml", lambda _: True).text for _ in range(2))
    assert first == second


def test_generate_names_what_cannot_be_taken(folder: Path) -> None:
    never = FLOW.replace("handlers: {rejected: excuse}\n", "").replace(
        "next: tell}", "next: tell}\n      - {if: 1 > 2, next: sorry}"
    )
    (folder / "visit.flow.yaml").write_text(never)
    found = given("--generate", "visit.flow.yaml", "-o", "-")
    assert "# Not taken: `sorry` of `which` (line 23): no call that was tried comes to it." in found.output


def test_generate_says_where_the_search_was_cut_off(folder: Path) -> None:
    cut = generating.run(folder / "visit.flow.yaml", lambda _: False)
    assert {one.cut for one in cut.proposal.missing} == {True}
    assert "not found before the search was cut off" in cut.text


def test_generate_what_the_tests_give_is_tried(folder: Path) -> None:
    """A value that nobody could guess."""
    (folder / "visit.flow.yaml").write_text(
        FLOW.replace("handlers: {rejected: excuse}\n", "").replace("> 40.0", "== 1234567.0")
    )
    before = generating.run(folder / "visit.flow.yaml", lambda _: True).proposal
    assert ("which", "tell") not in [(one.way.step, one.way.outcome) for one in before.missing], "it is a literal"
    (folder / "visit.flow.yaml").write_text(
        FLOW.replace("handlers: {rejected: excuse}\n", "").replace(
            "double(steps.look.body.amount) > 40.0", "steps.look.body.amount.endsWith(string(7 * 191))"
        )
    )
    before = generating.run(folder / "visit.flow.yaml", lambda _: True).proposal
    assert ("which", "tell") in [(one.way.step, one.way.outcome) for one in before.missing]
    (folder / "visit.test.yaml").write_text(
        'tests: visit\ncases:\n  a lot:\n    fetch: {look: {body: {amount: "x1337"}}}\n    expect: {ends: hangup}\n'
    )
    after = generating.run(folder / "visit.flow.yaml", lambda _: True).proposal
    assert ("which", "tell") not in [(one.way.step, one.way.outcome) for one in after.missing]


def test_generate_gives_the_flow_what_its_conditions_tell_apart(folder: Path) -> None:
    """An input and a use, each with its other value in a case of its own."""
    declared = "inputs: {turn: {type: int, default: 1}}\nuses: {loud: bool, api: url, open_hours: calendar}"
    which = """
  again:
    branch:
      - {if: inputs.turn >= 3, next: sorry}
      - {if: uses.loud, next: tired}
      - {else: hours}
"""
    flow = FLOW.replace("handlers: {rejected: excuse}\n", "").replace("start: hours", "start: again")
    flow = flow.replace("uses: {api: url, open_hours: calendar}", declared).replace("steps:\n", f"steps:{which}", 1)
    (folder / "visit.flow.yaml").write_text(flow)
    found = given("--generate", "visit.flow.yaml")
    assert "not taken: `again" not in found.output, found.output
    text = (folder / "visit.generated.test.yaml").read_text()
    assert "inputs: {turn: 3}" in text
    assert given("visit.generated.test.yaml").exit_code == 0


def test_generate_what_only_a_case_of_the_flow_comes_to_is_its_call(folder: Path) -> None:
    """Somebody with a name that nobody could guess, on a day that nobody would try, at another address."""
    (folder / "visit.flow.yaml").write_text(
        FLOW.replace("handlers: {rejected: excuse}\n", "").replace(
            "double(steps.look.body.amount) > 40.0", "steps.look.body.amount == uses.api + '/' + call.from"
        )
    )
    case = """
  a lot:
    uses: {api: "https://other.example.com"}
    from: "+15550999"
    caller: [{hears: press 1}, {presses: 1}, {hears: a lot}, {presses: 5, ignored: true}]
    fetch: {"https://other.example.com/x": {body: {amount: "https://other.example.com/+15550999"}}}
    expect: {ends: hangup}
"""
    (folder / "visit.test.yaml").write_text(f"tests: visit\ncases:{case}")
    found = given("--generate", "visit.flow.yaml")
    assert "not taken: `tell`" not in found.output, found.output
    text = (folder / "visit.generated.test.yaml").read_text()
    assert "  # The call of `a lot`, of the flow's own tests.\n" in text
    assert given("visit.generated.test.yaml").exit_code == 0


def test_generate_of_what_is_no_flow_says_so(folder: Path) -> None:
    (folder / "visit.test.yaml").write_text("tests: visit\ncases: {a: {expect: {ends: hangup}}}\n")
    found = given("--generate", "visit.test.yaml")
    assert "visit.test.yaml is no flow file." in str(found.exception)


def test_generate_does_not_write_over_a_file(folder: Path) -> None:
    (folder / "visit.generated.test.yaml").write_text("mine")
    found = given("--generate", "visit.flow.yaml")
    assert "is there already" in str(found.exception)
    assert (folder / "visit.generated.test.yaml").read_text() == "mine"


def test_generate_says_that_the_file_is_there_before_it_searches(folder: Path) -> None:
    (folder / "visit.flow.yaml").write_text("flow: visit\n")
    (folder / "mine.test.yaml").write_text("mine")
    assert "is there already" in str(given("--generate", "visit.flow.yaml", "-o", "mine.test.yaml").exception)


@pytest.mark.parametrize("flow", ["pin_entry", "fax_or_human", "lib/rate", "lib/wait_for_claims", "lib/take_message"])
def test_generate_of_a_shipped_flow_is_complete(flow: str) -> None:
    path = ROOT / "flows" / f"{flow}.flow.yaml"
    found = generating.run(path, lambda _: True)
    assert found.proposal.missing == ()
    assert len(found.proposal.cases) <= found.proposal.ways
