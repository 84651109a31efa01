"""The audit finds what it looks for: a sound call's records, and what is wrong in each when something is taken away."""

import sqlite3
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.journal.reader import open_reader
from engine.journal.sealing import Sealing
from tests.crashes.cases import INBOUND, Lives
from tests.soak.__main__ import growth_of, reasons
from tests.soak.audit import Audit, Counts

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def lives(tmp_path: Path) -> Lives:
    found = Lives(INBOUND, tmp_path, tried_again=True)
    found.live()
    found.audited()
    return found


def counts(lives: Lives, call: dict[str, Any], last: str = INBOUND.last) -> Counts:
    reader = open_reader(lives.path)
    audit = Audit(reader, Sealing())
    (row,) = reader.runs()
    audit.look(call, row.run_id, last)
    reader.close()
    return audit.counts


def sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_run_that_is_gone_is_a_lost_run(lives: Lives) -> None:
    (call,) = lives.world.calls()
    reader = open_reader(lives.path)
    (row,) = reader.runs()
    sql(lives.path, "DELETE FROM runs")
    audit = Audit(reader, Sealing())
    audit.look(call, row.run_id, INBOUND.last)
    reader.close()
    assert audit.counts.faults == {"lost_runs": 1}


@pytest.mark.parametrize("n", [4, 9, 14])
def test_acknowledged_event_that_is_gone_is_lost_and_the_replay_differs(lives: Lives, n: int) -> None:
    (call,) = lives.world.calls()
    kinds = [webhook["kind"] for webhook in call["webhooks"]]
    assert kinds
    sql(lives.path, f"DELETE FROM events WHERE n >= {n}")
    faults = counts(lives, call).faults
    assert faults["lost_events"] > 0
    assert faults["different_replays"] == 1


def test_sound_that_comes_twice_is_found_and_a_repeated_command_is_counted(lives: Lives) -> None:
    (call,) = lives.world.calls()
    twice = deepcopy(call)
    sound = next(line for line in twice["heard"] if line.get("control_id"))
    twice["heard"].insert(0, sound)
    assert counts(lives, twice).faults == {"heard_twice": 1}
    command = next(one for one in twice["commands"] if one["control_id"] == sound["control_id"])
    twice["commands"].append(command)
    found = counts(lives, twice)
    assert found.faults == {}
    assert found.unsettled_repeats == 1


def test_end_that_is_none_is_wrong_and_an_apology_is_a_named_failure(lives: Lives) -> None:
    (call,) = lives.world.calls()
    assert counts(lives, call).ended_rightly == 1
    assert counts(lives, {**call, "state": "answered"}).faults == {"wrong_ends": 1}
    assert counts(lives, call, "Another end").faults == {"wrong_ends": 1}
    sorry = {**call, "heard": [*call["heard"], {"text": "I am sorry.", "sound": "speech", "duration_ms": 1}]}
    assert counts(lives, sorry).ended_in_named_failure == 1


def test_growth_is_that_of_the_end_to_the_first_minute() -> None:
    assert growth_of([(0, 50), (62, 100), (200, 110), (215, 150), (220, 150)]) == 1.5
    assert growth_of([(0, 50), (62, 100), (70, 150)]) is None


@pytest.mark.parametrize(
    ("calls", "kills", "growth", "said"),
    [
        (9, 9, 1.02, []),
        (9, 9, None, ["memory was not measured: that wants more than two minutes (--minutes)"]),
        (9, 9, 1.2, ["memory grew to 1.20 of what it was after the first minute"]),
        (0, 0, 1.0, ["no call was made", "no runner was killed"]),
    ],
)
def test_what_was_not_tried_has_not_passed(calls: int, kills: int, growth: float | None, said: list[str]) -> None:
    assert reasons(Counts(calls=calls, ended_rightly=calls), kills, growth) == said
