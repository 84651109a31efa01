"""A test file in parts, each for a process of its own."""

from collections.abc import Sequence

from msgspec import Struct

from engine.simulate.cases.case import Case


class Part(Struct, frozen=True):
    """One of so many parts of a file's cases, from 0, in the order of the file."""

    index: int
    of: int

    def among(self, cases: Sequence[Case]) -> Sequence[Case]:
        return cases[len(cases) * self.index // self.of : len(cases) * (self.index + 1) // self.of]


WHOLE = Part(0, 1)
