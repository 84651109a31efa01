"""Verdicts counted: made, alike, found and by whom, missed."""

from collections.abc import Iterable

from msgspec import Struct

from tests.mutation.kinds import KINDS
from tests.mutation.verdict import Verdict


class Tally(Struct, frozen=True, kw_only=True):
    """`same` are the mutants that do what the original does in every call that was tried (of those `spoken_of` are found
    all the same); the others are found by the compiler or by the rules, or missed."""

    made: int = 0
    same: int = 0
    spoken_of: int = 0
    compiler: int = 0
    rules: int = 0
    missed: int = 0

    @property
    def share(self) -> str:
        """Of the mutants that behave otherwise, or cannot be run, how many are found."""
        counted = self.made - self.same
        return f"{100 * (self.compiler + self.rules) / counted:.0f} %" if counted else "-"


def tally(verdicts: Iterable[Verdict]) -> Tally:
    found = list(verdicts)
    other = [one for one in found if not one.same]
    return Tally(
        made=len(found),
        same=len(found) - len(other),
        spoken_of=sum(one.same and one.by != "nobody" for one in found),
        compiler=sum(one.by == "compiler" for one in other),
        rules=sum(one.by == "rules" for one in other),
        missed=sum(one.by == "nobody" for one in other),
    )


def by_kind(verdicts: Iterable[Verdict], kinds: Iterable[str] = KINDS) -> dict[str, list[Verdict]]:
    """In the order of the kinds; those of which no mutant was made are there as well."""
    found: dict[str, list[Verdict]] = {name: [] for name in kinds}
    for one in verdicts:
        found[one.mutant.kind].append(one)
    return found


def misses(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [one for one in verdicts if one.by == "nobody" and not one.same]
