"""Calls while it is open and while it is closed; a run keeps the calendar that it was started with."""

from pathlib import Path

import pytest

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from engine.model.codec import encode
from engine.model.graph import FlowGraph
from engine.project.flows import FlowFile, gather
from engine.runner.library import Library, library_of
from tests.playbooks.machine import START_MS, arrived
from tests.playbooks.playbook import Playbook

FLOW = """
flow: line
language: 1
uses: {hours: calendar}
vars: {opening: ""}
defaults: {voice: {language: en-US}}
start: hours
steps:
  hours:
    branch:
      - if: open(uses.hours, now)
        next: welcome
      - else: closed
    next: {error: bye}
  welcome:
    play: "It is ${{ time(now) }}."
    next: bye
  closed:
    play: "We open ${{ when(next_open(uses.hours, now)) }}. You said ${{ or(steps.never.digits, 'nothing') }}."
    next: bye
  never:
    collect: {digits: {max: 1}}
    next: bye
  bye: {end: hangup}
"""
# START_MS is a Thursday, 20:26 in UTC and 22:26 in Berlin.
CALENDAR = "calendar: NAME\nzone: Europe/Berlin\nhours: {thursday: 'TIMES', friday: '08:30-12:00'}\n"


def bundle(times: str, name: str = "desk") -> Bundle:
    text = CALENDAR.replace("NAME", name).replace("TIMES", times)
    files = {f"calendars/{name}.calendar.yaml": text.encode()}
    return gather("line", FLOW.encode(), files.get, {"hours": name})


def graph(times: str) -> FlowGraph:
    found = compile_bundle(bundle(times))
    assert found.graph is not None, found.diagnostics
    return found.graph


def call_at(times: str, at_ms: int = START_MS) -> Playbook:
    return Playbook(graph(times), arrived(at_ms), {"hours": "desk"})


def test_call_while_it_is_open() -> None:
    call_at("22:00-23:00").says("It is 10:26 at night.").accepted().at("welcome")


def test_call_while_it_is_closed_hears_when_it_opens() -> None:
    p = call_at("22:30-23:00")
    p.says("We open today at 10:30 at night. You said nothing.").accepted().at("closed")


def test_call_after_hours_hears_of_the_next_day() -> None:
    call_at("08:00-18:00").says("We open tomorrow at 8:30 in the morning.").accepted().at("closed")


def test_run_keeps_the_name_only_and_its_digest_covers_the_calendar() -> None:
    early, late = graph("08:00-18:00"), graph("08:00-20:00")
    assert early.digest != late.digest
    p = Playbook(early, arrived(), {"hours": "desk"})
    p.says("We open").accepted()
    assert len(encode(p.state)) < 2_000
    assert sorted(bundle("08:00-18:00").files) == [
        "calendars/desk.calendar.yaml",
        "line.flow.yaml",
        "zones/Europe/Berlin",
    ]


def library_with(hours: str, uses: dict[str, object]) -> Library:
    return library_of([FlowFile("line.flow.yaml", bundle(hours))], uses)


def test_library_serves_a_flow_whose_calendar_is_there() -> None:
    library = library_with("08:00-18:00", {"hours": "desk"})
    assert (library.names, library.problems) == (["line"], {})


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ({}, "uses.hours of flow line is not bound"),
        ({"hours": 5}, "uses.hours of flow line wants string"),
        ({"hours": "shop"}, "the calendar shop, and there is no file calendars/shop.calendar.yaml"),
        ({"hours": "../desk"}, "there is no file"),
    ],
)
def test_library_does_not_serve_a_flow_without_its_calendar(uses: dict[str, object], said: str) -> None:
    library = library_with("08:00-18:00", uses)
    assert library.names == []
    assert said in library.problems["line"][0]


def test_library_names_the_mistake_of_a_calendar() -> None:
    library = library_with("18:00-08:00", {"hours": "desk"})
    assert library.problems["line"] == (
        "calendars/desk.calendar.yaml:3:19 CAL001 `18:00-08:00` ends before it begins.",
    )


def test_bundle_takes_no_calendar_from_outside_its_folder(tmp_path: Path) -> None:
    from engine.project import flows

    (tmp_path / "calendars").mkdir()
    (tmp_path / "other.calendar.yaml").write_text("calendar: other\n")
    (tmp_path / "line.flow.yaml").write_text(FLOW)
    found = flows.read(tmp_path / "line.flow.yaml", {"hours": "../other"})
    assert list(found.bundle.files) == ["line.flow.yaml"]
