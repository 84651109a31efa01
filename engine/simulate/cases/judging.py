"""An outcome held against a case: what is not as expected, where the case says so, and where in the transcript it shows."""

from collections.abc import Iterator

from engine.simulate.cases.case import Case
from engine.simulate.cases.expected import Expected
from engine.simulate.cases.failing import Failure
from engine.simulate.cases.lawful import Usual
from engine.simulate.cases.script import Script
from engine.simulate.cases.unheeded import Unheeded
from engine.simulate.cases.unnamed import Unnamed
from engine.simulate.outcome import Outcome


def judge(
    case: Case, script: Script, outcome: Outcome, usual: Usual | None = None, *, ordered: bool = True
) -> tuple[Failure, ...]:
    """Everything that is not as it should be: first what the case does not even name, then its expectations in order. `usual`
    is the same call with nothing slow in it, for a case that names the law `same-end`. Not `ordered`: of a call in which something
    is slow that is not so in the case's own, and what depends on that is left out."""
    return tuple(_failures(case, script, outcome, usual, ordered))


def _failures(case: Case, script: Script, outcome: Outcome, usual: Usual | None, ordered: bool) -> Iterator[Failure]:
    unnamed = Unnamed(case, script, outcome)
    yield from unnamed.troubles()
    yield from Unheeded(case, script, outcome).failures()
    yield from Expected(case, script, outcome, usual, ordered=ordered).failures()
    yield from unnamed.leftovers()
