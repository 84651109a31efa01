"""The facts about a call, a bit each. All of them say that something *may* be so on the way to a step.

begun      the operation of this step has been begun once
never      it has never been begun
live       it may go on
gone       it has ended for sure, or was never begun
armed      the clock of this collect's `initial_timeout` runs
unarmed    the collect goes on, and its clock does not run
forgotten  the call has left for SWML while it went on: nobody can wait for it any more
answered   a `wait` has taken what was entered for this collect, which has not been begun again
paused     this goes on, and is paused
resumed    this was paused, and goes on again
away       the call has left for SWML in this flow
left       a flow that was called may have left this on: the verb, and the step that has called it
heard      this goes on and takes in what the caller says: a recording that is not paused, a tap, a sidecar, ...
loud       this playback goes on, neither paused nor turned down
silent     this playback is not heard: it has ended for sure, or no way has come to it; one that has failed is no such
quiet      nothing plays in the background, and nothing that was meant to has failed
unnoticed  the caller has not been told that the call is recorded
untold     this recording was begun, and the caller has not been told yet
unchecked  nobody has looked at this name's value, which is the caller's
ended      this other leg has been canceled or completed
here       the way has come to the part of it that a rule is about
straight   since the call was over, no limit was reached, and nothing has failed that no step has named
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from engine.compile.paths import Facts

Kind = Literal[
    "begun", "never", "live", "gone", "armed", "unarmed", "heard", "loud", "silent", "quiet", "unnoticed",
    "untold", "unchecked", "ended", "straight", "here", "forgotten", "left", "answered", "paused", "resumed", "away", "anything",
]  # fmt: skip
ANYTHING: Facts = 1
"""Holds on every way: to ask for the shortest one."""


class Bits:
    """A bit for each fact; `name` is that of a step, or of a value."""

    def __init__(self) -> None:
        self._bits: dict[tuple[Kind, str], Facts] = {("anything", ""): ANYTHING}
        self._all: dict[tuple[Kind, ...], Facts] = {}

    @property
    def size(self) -> int:
        return len(self._bits)

    def add(self, kind: Kind, name: str = "") -> Facts:
        self._all.clear()
        return self._bits.setdefault((kind, name), 1 << len(self._bits))

    def of(self, kind: Kind, name: str = "") -> Facts:
        """0 where nobody keeps that fact."""
        return self._bits.get((kind, name), 0)

    def names(self, kind: Kind) -> Iterator[str]:
        return (name for one, name in self._bits if one == kind)

    def all(self, *kinds: Kind) -> Facts:
        if kinds not in self._all:
            self._all[kinds] = sum(bit for (one, _), bit in self._bits.items() if one in kinds)
        return self._all[kinds]


class Effect(Struct, frozen=True):
    """What is `lost` and what is `added`; and for each pair of `when`, if one of the first holds after all,
    the second does too."""

    lost: Facts = 0
    added: Facts = 0
    when: tuple[tuple[Facts, Facts], ...] = ()

    def __call__(self, facts: Facts) -> Facts:
        after = facts & ~self.lost | self.added
        for first, second in self.when:
            after |= second if facts & first else 0
        return after

    def also(self, *others: "Effect") -> "Effect":
        """All of them at once. What one adds is not lost by another."""
        found = self
        for one in others:
            if found is NONE:
                found = one
            elif one is not NONE:
                found = Effect(found.lost | one.lost, found.added | one.added, (*found.when, *one.when))
        return found

    @property
    def possible(self) -> Facts:
        """All that it may add."""
        found = self.added
        for _, second in self.when:
            found |= second
        return found


NONE = Effect()
