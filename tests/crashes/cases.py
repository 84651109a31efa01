"""Calls whose process is abandoned somewhere, and what is found of them when the next one is done."""

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

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


class Abandoned(NamedTuple):
    """`places` is how often a call was abandoned; the counts are of all of them, and of one that was not."""

    awaits: int
    writes: int
    counts: Counts
    undisturbed: Counts

    @property
    def places(self) -> int:
        return self.awaits + 2 * self.writes


def everywhere(case: Case, folder: Path, *, tried_again: bool) -> Abandoned:
    """At each await of an undisturbed call, and before and after each of its writes."""
    whole = Lives(case, made(folder / "whole"), tried_again=True)
    lived = whole.live()
    undisturbed, counts = whole.audited(), Counts()
    for number, dies in enumerate(_places(lived)):
        counts.add(taken_over(case, made(folder / str(number)), dies, tried_again=tried_again))
    # What an abandoned process leaves lying is put away when its loop is gone, and complains about that.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    return Abandoned(lived.steps, lived.writes, counts, undisturbed)


def _places(lived: Lived) -> Iterator[Dies]:
    yield from (Dies(step=k) for k in range(1, lived.steps + 1))
    yield from (Dies(before_write=k) for k in range(1, lived.writes + 1))
    yield from (Dies(after_write=k) for k in range(1, lived.writes + 1))


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder
