"""`offhook graph` and `offhook diff` as commands: files, formats, exit statuses."""

import json
from pathlib import Path

import pytest

from tests.lint.flow import small
from tests.unit.cli.conftest import Run

SOUND = small("  a:\n    play: [Hello.]\n    next: bye\n").replace("flow: small", "flow: t")
BROKEN = small("  a:\n    play: [Hello.]\n    next: nowhere\n").replace("flow: small", "flow: t")


def put(path: str, text: str) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return path


def test_graph_is_mermaid_unless_told(run: Run) -> None:
    done = run("graph", put("t.flow.yaml", SOUND))
    assert done.status == 0
    assert done.out.startswith("flowchart TD\n")


@pytest.mark.parametrize(
    ("name", "begins"), [("o.svg", "<svg "), ("o.dot", "digraph "), ("o.gv", "digraph "), ("o.mmd", "flowchart ")]
)
def test_form_is_that_of_the_files_ending(name: str, begins: str, run: Run) -> None:
    assert run("graph", put("t.flow.yaml", SOUND), "-o", name) == (0, "", "")
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


def test_broken_flow_is_said_and_not_drawn(run: Run) -> None:
    done = run("graph", put("t.flow.yaml", BROKEN))
    assert done.status == 1
    assert done.out == ""
    assert "error FLW001 dangling-target" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("none.flow.yaml",), (".",), ("t.flow.yaml", "-o", "none/o.svg"), ("t.flow.yaml", "--coverage", "none.json")],
)
def test_file_that_is_not_there_is_wrong_usage(arguments: tuple[str, ...], run: Run) -> None:
    put("t.flow.yaml", SOUND)
    done = run("graph", *arguments)
    assert done.status == 2
    assert done.err.startswith("offhook: ")


MENU = """\
flow: menu
language: 1
start: menu
steps:
  menu:
    ask: {prompt: "For sales, press 1.", digits: {max: 1}, choices: {sales: {keys: ["1"]}}, attempts: 1}
    next: {sales: bye, no_input: sorry, no_match: sorry}
  sorry: {play: Sorry., next: bye}
  bye: {end: hangup}
"""
TESTS = """\
tests: menu
cases:
  somebody wants sales:
    caller:
      - hears: For sales
      - presses: 1
    expect: {ends: hangup}
"""


def test_coverage_of_the_tests_is_drawn(run: Run) -> None:
    put("menu.flow.yaml", MENU)
    put("menu.test.yaml", TESTS)
    tested = run("test", "--format", "json", "menu.test.yaml")
    assert tested.status == 0, tested.out
    done = run("graph", "menu.flow.yaml", "--coverage", put("tests.json", tested.out))
    assert '-.->|"no_input (untested)<br/>no_match (untested)"|' in done.out
    assert '-->|"1 sales"|' in done.out


def test_svg_of_a_flow_that_is_no_picture_any_more_is_refused(run: Run) -> None:
    steps = "".join(f"  s{n}: {{play: Hello., next: s{n + 1}}}\n" for n in range(1_001))
    text = f"flow: t\nlanguage: 1\nstart: s0\nsteps:\n{steps}  s1001: {{end: done}}\n"
    done = run("graph", "--format", "svg", put("t.flow.yaml", text))
    assert done.status == 2
    assert "--format dot" in done.err


def test_mermaid_that_will_be_refused_is_said_on_stderr(run: Run) -> None:
    steps = "".join(f"  s{n}: {{play: Hello., next: s{n + 1}}}\n" for n in range(501))
    text = f"flow: t\nlanguage: 1\nstart: s0\nsteps:\n{steps}  s501: {{end: done}}\n"
    done = run("graph", put("t.flow.yaml", text))
    assert done.status == 0
    assert "maxEdges" in done.err


def test_diff_of_a_flow_with_itself_is_nothing(run: Run) -> None:
    file = put("t.flow.yaml", SOUND)
    assert run("diff", "--exit-code", file, file) == (0, "Nothing changes for a caller.\n", "")


def test_diff_says_what_has_changed_and_exits_with_0(run: Run) -> None:
    old, new = put("old/t.flow.yaml", SOUND), put("new/t.flow.yaml", SOUND.replace("Hello.", "Good morning."))
    done = run("diff", old, new)
    assert done.status == 0
    assert "[-Hello.-] {+Good morning.+}" in done.out
    assert run("diff", "--exit-code", old, new).status == 1


def test_diff_of_folders_goes_by_name(run: Run) -> None:
    inner = "flow: inner\nlanguage: 1\nstart: r\nsteps: {r: {return: done}}\n"
    put("old/t.flow.yaml", SOUND)
    put("old/gone.flow.yaml", SOUND.replace("flow: t", "flow: gone"))
    put("new/t.flow.yaml", SOUND)
    put("new/lib/inner.flow.yaml", inner)
    put("new/bad.flow.yaml", BROKEN)
    found = json.loads(run("diff", "old", "new", "--format", "json").out)
    status = {one["flow"]: one["status"] for one in found["flows"]}
    assert status == {"bad": "broken", "lib/inner": "added", "t": "same", "gone": "removed"}


def test_diff_of_folders_has_their_calendars(run: Run) -> None:
    calendar = "calendar: desk\nzone: UTC\nhours: {monday: 08:00-18:00}\n"
    for folder in ("old", "new"):
        put(f"{folder}/t.flow.yaml", SOUND)
        put(f"{folder}/calendars/same.calendar.yaml", calendar.replace("desk", "same"))
    put("old/calendars/desk.calendar.yaml", calendar)
    put("new/calendars/desk.calendar.yaml", calendar.replace("18:00", "10:00"))
    put("new/calendars/more.calendar.yaml", calendar.replace("desk", "more"))
    done = run("diff", "old", "new", "--exit-code")
    assert done.status == 1
    assert "calendars/desk: 1 change\n  `hours.monday` is `08:00-10:00` instead of `08:00-18:00`." in done.out
    assert "calendars/more: new" in done.out
    assert done.out.endswith("Nothing changes in 1 other flow.\n")


def test_diff_of_files_has_the_flows_that_they_call(run: Run) -> None:
    main_ = "flow: t\nlanguage: 1\nstart: a\nsteps: {a: {subflow: {flow: inner}, next: b}, b: {end: done}}\n"
    inner = "flow: inner\nlanguage: 1\nstart: p\nsteps: {p: {play: Hello., next: r}, r: {return: done}}\n"
    old, new = put("old/t.flow.yaml", main_), put("new/t.flow.yaml", main_)
    put("old/lib/inner.flow.yaml", inner)
    put("new/lib/inner.flow.yaml", inner.replace("Hello.", "Hi."))
    assert "lib/inner: 1 change\n  `p` says something else (play)." in run("diff", old, new).out


def test_diff_of_a_file_with_a_folder_is_wrong_usage(run: Run) -> None:
    assert run("diff", put("t.flow.yaml", SOUND), ".").status == 2
    Path("empty").mkdir()
    assert run("diff", "empty", "empty").status == 2
