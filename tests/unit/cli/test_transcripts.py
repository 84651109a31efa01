"""Transcripts at the widths that terminals have."""

import click
import pytest

from engine.cli import transcripts
from engine.journal.base import RunRow
from engine.model.ids import CallId, Digest, RunId
from engine.simulate.transcript import Line

RUN = "izl5idemo"
ROW = RunRow(
    run_id=RunId(RUN),
    flow="reception",
    digest=Digest("d"),
    status="ended",
    started_ms=0,
    updated_ms=1,
    call_id=CallId("c"),
    next_due_ms=None,
    end_reason="hangup",
    events=9,
)
LONG = "0.ask_for_the_number_of_the_account.12.3.collect"
TOLD = [
    Line(at_ms=0, way="in", what="call arrived", detail="+15550177 -> +15550100, call 0e9c80d7-a149-4917-892d"),
    Line(at_ms=0, way="step", what="entered", step="menu#2", detail="ask"),
    Line(
        at_ms=1,
        way="out",
        what="calling.collect",
        step="menu",
        control_id=f"{RUN}.0.menu.2.1.collect",
        detail="x " * 200,
    ),
    Line(
        at_ms=2,
        way="out",
        what="calling.collect.start_input_timers",
        step="menu",
        control_id=f"{RUN}.0.menu.2.1.collect",
    ),
    Line(at_ms=3, way="in", what="collect start_of_input", control_id=f"{RUN}.0.menu.2.1.collect"),
    Line(at_ms=4, way="in", what="answer 1", outcome="accepted", detail="200"),
    Line(at_ms=5, way="step", what="outcome", outcome="hours", step="menu#2"),
    Line(at_ms=6, way="out", what="calling.end", step="bye", detail="reason=hangup"),
]


def shown(capsys: pytest.CaptureFixture[str], width: int, *more: Line) -> list[str]:
    transcripts.show(ROW, [*TOLD, *more], width=width)
    return click.unstyle(capsys.readouterr().out).splitlines()[1:]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_operation_is_never_cut_and_only_details_are(capsys: pytest.CaptureFixture[str], width: int) -> None:
    long = Line(at_ms=7, way="out", what="calling.collect", control_id=f"{RUN}.{LONG}", detail="abc def " * 40)
    found = shown(capsys, width, long)
    assert LONG in found[-1]
    assert found[-1].endswith("…")
    assert sum("0.menu.2.1.collect" in line for line in found) == 3
    assert RUN not in "".join(found)
    for line in found[:-1]:
        assert len(line) <= width or "start_input_timers" in line


@pytest.mark.parametrize("width", [80, 120, 200])
def test_columns_stand_under_one_another(capsys: pytest.CaptureFixture[str], width: int) -> None:
    head, *found = shown(capsys, width)
    at = head.index("where")
    straight = [line for line in found if "start_input_timers" not in line or width > 80]
    assert [line[at:].split()[0] for line in straight if line[at:].strip() and "0.menu" in line] == [
        "0.menu.2.1.collect"
    ] * (2 if width == 80 else 3)
    assert [line[at:].strip() for line in found if "outcome hours" in line] == ["menu#2"]
    assert [line[at:].split() for line in found if "calling.end" in line] == [["bye", "reason=hangup"]]
    details = {line.index(word) for line in found for word in ("ask", "200", "reason=") if word in line}
    assert len(details) == 1


def test_details_of_what_concerns_no_operation_may_have_its_column(capsys: pytest.CaptureFixture[str]) -> None:
    assert "+15550177 -> +15550100" in shown(capsys, 80)[1]
    assert shown(capsys, 200)[1].endswith("call 0e9c80d7-a149-4917-892d")


def test_text_from_outside_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    forged = Line(at_ms=8, way="in", what="call arrived", detail="+1\n  0:00.009  → forged \x1b[2J")
    found = shown(capsys, 120, forged)
    assert found[-1].endswith(r"+1\n  0:00.009  → forged \x1b[2J")


def test_transcript_of_nothing_has_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    transcripts.show(ROW, [])
    assert len(capsys.readouterr().out.splitlines()) == 2
