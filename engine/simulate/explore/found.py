"""What an exploration has found, and what it has looked at."""

from collections.abc import Mapping

from msgspec import Struct

from engine.simulate.explore.beginnings import Beginning
from engine.simulate.explore.moves import AnyMove
from engine.simulate.laws import Breach


class Way(Struct, frozen=True, kw_only=True):
    """How a call goes, move by move."""

    beginning: Beginning
    moves: tuple[AnyMove, ...] = ()


class Counterexample(Struct, frozen=True, kw_only=True):
    """The shortest way on which something does not hold. `other`: the way with which it is compared, if with any. `counted`: budgets
    of steps up to so many visits were counted."""

    breach: Breach
    way: Way
    other: Way | None = None
    counted: int = 0


class Covered(Struct, frozen=True, kw_only=True):
    """`merged` are transitions to a situation that was known; `paths` ways until they ended or met a known one; `faults`
    how often each was tried; `ends` the end reasons that were reached. `unseen` are steps that no way has entered,
    `ways` how many outcomes of steps were taken, and `untaken` those that were not.
    `untried` are names that conditions read and that have one value here, whatever it may be on a call.
    `usual` are the situations without faults in which nothing is slow, which are looked at before, and `usual_cut` those of
    them that were left unexplored, because of `usual_why`.
    `scenes` are situations that differ in more than what was before, where something may go wrong or be slow, and `scenes_cut`
    those of which none was gone on from.
    `cut` are situations that were left unexplored by a bound (`why`), with the steps at which they stand."""

    states: int
    transitions: int
    merged: int
    paths: int
    depth: int
    ends: tuple[str, ...]
    steps: int
    all_steps: int
    unseen: tuple[str, ...]
    faults: Mapping[str, int]
    ways: int = 0
    untaken: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    usual: int = 0
    usual_cut: int = 0
    usual_why: str = ""
    scenes: int = 0
    scenes_cut: int = 0
    cut: int = 0
    why: str = ""
    cut_at: tuple[str, ...] = ()


class Explored(Struct, frozen=True, kw_only=True):
    covered: Covered
    found: tuple[Counterexample, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.found
