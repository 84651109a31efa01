"""How much the webhooks of one operation may bring, and what becomes of more."""

import logging

import pytest

from engine.journal.memory import MemoryJournal
from engine.model.ids import ControlId, inbound_run_id
from engine.model.limits import MAX_HEARD, MAX_REPORTS, MAX_REPORTS_BYTES
from engine.runner.budget import Budget
from engine.webhook.intake import Refused
from tests.unit.runner.inside import inside

RUN = inbound_run_id("c1")


def taken(budget: Budget, op: str, size: int, times: int) -> int:
    """How many of them are."""
    count = 0
    for _ in range(times):
        try:
            budget.spend(ControlId(f"{RUN}.{op}"), size)
        except Refused as error:
            count -= error.status != 429
        else:
            count += 1
    return count


@pytest.mark.parametrize(
    ("op", "most"), [("call", MAX_REPORTS), ("0.a.1.1.play", MAX_REPORTS), ("0.a.1.1.collect", MAX_HEARD)]
)
def test_operation_may_report_so_often(op: str, most: int) -> None:
    budget = Budget()
    assert taken(budget, op, 100, most + 50) == most
    assert taken(budget, "0.b.1.1.play", 100, 1) == 1


def test_operation_may_report_so_much() -> None:
    budget = Budget()
    assert taken(budget, "call", 60_000, 100) == MAX_REPORTS_BYTES // 60_000
    assert taken(budget, "call", 100, 1) == 1


def test_the_busiest_are_remembered_whatever_else_reports() -> None:
    budget = Budget()
    assert taken(budget, "call", 100, MAX_REPORTS) == MAX_REPORTS
    for number in range(9_000):
        assert taken(budget, f"0.x{number}.1.1.play", 100, 1) == 1
        if number % 3_000 == 0:
            assert not taken(budget, "call", 100, 1)
    assert len(budget._spent) <= 4_001


@pytest.mark.anyio
async def test_stolen_url_fills_neither_the_journal_nor_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "offhook")
    async with inside() as at:
        await at.arrive()
        statuses = [(await at.report(f"{RUN}.call", x=number)).status_code for number in range(MAX_REPORTS + 100)]
        for _ in range(40):
            statuses.append((await at.report(f"{RUN}.call", x="y" * 60_000)).status_code)
        assert statuses == [200] * MAX_REPORTS + [429] * 140
        assert at.runner.app.refused.total["webhook refused: its operation has had too many reports"] == 140
        events = list(at.journal.events_of(RUN))
        assert len(events) <= MAX_REPORTS + 5
        assert sum(len(event.event) for event in events) < 200 * MAX_REPORTS
    said = [record.getMessage() for record in caplog.records if record.name.startswith("offhook.")]
    about = [line for line in said if "without effect" in line]
    assert about[0] == f"webhook without effect, from run {RUN}: it has no `call_state`"
    assert len(about) == 2, "the first at once, and how many more at the end"
    assert f"{MAX_REPORTS - 1} times more" in about[1]
    assert len(said) < 20


@pytest.mark.anyio
async def test_restart_begins_it_anew_and_the_bound_of_the_run_goes_on() -> None:
    """The one is in memory; the other counts the run's events, which the journal has (`test_expiry.py`)."""
    journal = MemoryJournal()
    async with inside(journal=journal) as at:
        await at.arrive()
        for number in range(MAX_REPORTS):
            await at.report(f"{RUN}.call", x=number)
        assert (await at.report(f"{RUN}.call", x="more")).status_code == 429
        before = journal.run(RUN).events
    async with inside(journal=journal) as at:
        assert [(await at.report(f"{RUN}.call", x=number)).status_code for number in range(3)] == [200] * 3
        assert before > MAX_REPORTS
        assert journal.run(RUN).events >= before + 3
        live = at.runner.supervisor.find(RUN)
        assert live is not None
        assert live.events == journal.run(RUN).events
