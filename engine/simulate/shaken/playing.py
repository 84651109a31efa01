"""All cases: as they stand, and then shaken."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.faults import Fault
from engine.simulate.cases.failing import Failure
from engine.simulate.cases.ready import Ready
from engine.simulate.outcome import Outcome
from engine.simulate.shaken import shaking
from engine.simulate.shaken.alike import compares

_MOST_FOUND = 5


class Shaken(Struct, frozen=True, kw_only=True):
    """The case does not hold with the `fault`: `outcome` is what its call comes to then."""

    case: Ready
    fault: Fault
    failure: Failure
    outcome: Outcome


class AsTested(Struct, frozen=True, kw_only=True):
    """So many `cases` were played, all together `played` times. `failing` do not hold as they stand; `left` were not shaken
    to their end."""

    cases: int = 0
    played: int = 0
    left: int = 0
    failing: tuple[str, ...] = ()
    found: tuple[Shaken, ...] = ()

    @property
    def passed(self) -> bool:
        return not (self.failing or self.found)


def play(cases: Sequence[Ready], *, slow: bool, doubled: bool, goes_on: Callable[[], bool] = lambda: True) -> AsTested:
    """`slow` and `doubled` say what is done to them. `goes_on` is asked before each case is shaken; False leaves the rest."""
    playing = _Playing(slow=slow, doubled=doubled)
    standing = [(one, outcome) for one in cases if (outcome := playing.as_it_stands(one)) is not None]
    left = len(standing) if slow or doubled else 0
    while left and len(playing.found) < _MOST_FOUND and goes_on():
        playing.shake(*standing[-left])
        left -= 1
    return AsTested(
        cases=len(cases),
        played=playing.played,
        left=left,
        failing=tuple(playing.failing),
        found=tuple(playing.found),
    )


class _Playing:
    def __init__(self, *, slow: bool, doubled: bool) -> None:
        self._slow = slow
        self._doubled = doubled
        self.played = 0
        self.failing: list[str] = []
        self.found: list[Shaken] = []

    def as_it_stands(self, one: Ready) -> Outcome | None:
        self.played += 1
        outcome = one.play()
        if one.failures(outcome):
            self.failing.append(one.case.name)
            return None
        return outcome

    def shake(self, one: Ready, usual: Outcome) -> None:
        """The first that does not hold is enough of a case."""
        todo = list(self._faults(usual))
        for fault in todo:
            outcome = self._with(one, fault)
            failures = one.failures_of_another(outcome) if outcome is not None else ()
            if outcome is not None and failures and compares(outcome, usual, fault):
                self.found.append(Shaken(case=one, fault=fault, failure=failures[0], outcome=outcome))
                return
            if outcome is not None and fault.delay_ms > shaking.SOONER_MS:
                todo += shaking.sooner(outcome, usual, fault)

    def _faults(self, usual: Outcome) -> Iterator[Fault]:
        if self._doubled:
            yield from shaking.doubled(usual)
        if self._slow:
            yield from shaking.slow(usual)

    def _with(self, one: Ready, fault: Fault) -> Outcome | None:
        """What the case itself lets go wrong stays as it is; None where that happens to the same webhook."""
        self.played += 1
        own = one.given.scenario.faults
        outcome = one.play(replace(one.given.scenario, faults=(*own, fault)))
        return None if len(own) in outcome.unmet else outcome
