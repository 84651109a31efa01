"""A run is abandoned at its k-th await and at its k-th write, for every k, and taken over by the next process."""

import gc
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.journal.reader import open_reader
from engine.journal.sealing import Sealing
from engine.journal.sqlite import SqliteJournal
from engine.model.ids import RunId
from engine.project import flows
from engine.runner.library import Library, library_of
from tests.crashes.life import Dies, Lived, left_behind, live
from tests.crashes.loop import VirtualLoop
from tests.crashes.world import World
from tests.soak.audit import NEVER_MADE, Audit, Counts

# What an abandoned process leaves lying is put away when its loop is gone, and complains about that.
pytestmark = pytest.mark.filterwarnings("ignore")
OWN_FLOWS = Path(__file__).resolve().parents[1] / "e2e" / "flows"
MESSAGE: tuple[dict[str, Any], ...] = (
    {"hears": "press 1"},
    {"presses": "2"},
    {"hears": "beep"},
    {"silent_ms": 300},
    {"says": "Please call me back."},
    {"presses": "#"},
)


class Case(NamedTuple):
    """`last` is how the last prompt begins when all goes well."""

    flow: str
    script: tuple[dict[str, Any], ...]
    last: str
    request: dict[str, Any] | None = None

    def world(self, *, tried_again: bool) -> World:
        world = World(webhooks_are_tried_again=tried_again)
        if self.request is None:
            world.ring(*self.script)
        else:
            world.dial({"flow": self.flow, **self.request}, *self.script)
        return world

    @property
    def library(self) -> Library:
        found = library_of([flows.read(OWN_FLOWS / f"{self.flow}.flow.yaml")], {})
        assert not found.problems, found.problems
        return found


INBOUND = Case("switchboard", MESSAGE, "Thank you. We listen")
OUTBOUND = Case(
    "appointment",
    ({"hears": "press 1"}, {"presses": "1"}),
    "Thank you",
    {"inputs": {"name": "a", "date": "b", "time": "c"}},
)


class Lives:
    """A case's processes, one after the other; what they leave is put away at the end."""

    def __init__(self, case: Case, folder: Path, *, tried_again: bool) -> None:
        self.world = case.world(tried_again=tried_again)
        self.path = folder / "a.journal"
        self._case = case
        self._library = case.library
        self._left: list[tuple[VirtualLoop, SqliteJournal]] = []
        self._folder = folder

    def live(self, dies: Dies | None = None) -> Lived:
        lived, loop, journal = live(self.world, self.path, self._library, self._case.flow, dies or Dies())
        self._left.append((loop, journal))
        if lived.abandoned:
            self.path = left_behind(self.path, self._folder / f"taken-over-{len(self._left)}")
        return lived

    def audited(self) -> Counts:
        for loop, journal in self._left:
            loop.bury()
            journal.close()
        reader = open_reader(self.path)
        try:
            audit = Audit(reader, Sealing())
            (row,) = reader.runs()
            for call in self.world.calls() or [NEVER_MADE]:
                audit.look(call, RunId(row.run_id), self._case.last)
        finally:
            reader.close()
        assert not audit.told, audit.told
        return audit.counts


def taken_over(case: Case, folder: Path, dies: Dies, *, tried_again: bool) -> Counts:
    """The counts of a call whose first process was abandoned there."""
    lives = Lives(case, folder, tried_again=tried_again)
    assert lives.live(dies).abandoned
    assert not lives.live().abandoned
    return lives.audited()


def test_a_call_that_nobody_disturbs_is_what_the_others_are_held_against(tmp_path: Path) -> None:
    lives = Lives(INBOUND, tmp_path, tried_again=True)
    assert not lives.live().abandoned
    counts = lives.audited()
    assert (counts.ended_rightly, counts.steps_entered, counts.heard, counts.unsettled_repeats) == (1, 6, 5, 0)
    assert counts.acknowledged_events == 12


@pytest.mark.parametrize("tried_again", [True, False], ids=["webhooks-tried-again", "webhooks-lost"])
@pytest.mark.parametrize("case", [INBOUND, OUTBOUND], ids=lambda case: case.flow)
def test_abandoned_at_every_await_and_every_write_the_call_goes_on_and_ends_rightly(
    case: Case, tried_again: bool, tmp_path: Path
) -> None:
    whole = Lives(case, made(tmp_path / "whole"), tried_again=True)
    lived = whole.live()
    awaits = [Dies(step=k) for k in range(1, lived.steps + 1)]
    writes = [Dies(before_write=k) for k in range(1, lived.writes + 1)]
    writes += [Dies(after_write=k) for k in range(1, lived.writes + 1)]
    undisturbed, counts = whole.audited(), Counts()
    for number, dies in enumerate((*awaits, *writes)):
        counts.add(taken_over(case, made(tmp_path / str(number)), dies, tried_again=tried_again))
    gc.collect()
    assert len(awaits) > 100
    assert len(writes) > 30
    assert counts.calls == len(awaits) + len(writes)
    assert counts.faults == {}
    assert counts.unsettled_repeats == 0
    # A dial that was decided, and may have been sent, is not sent again: its run ends as `lost`, which is told.
    assert counts.ended_in_named_failure <= (0 if case is INBOUND else len(awaits) // 10)
    assert counts.steps_entered == undisturbed.steps_entered * counts.ended_rightly


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder
