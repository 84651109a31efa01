"""The part of docs/mutations.md about the other tools: who finds what of the mutants that were drawn."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from engine.simulate.shaken.shown import LAW
from tests.mutation.explained import UNNOTICED
from tests.mutation.running import DRAWN, DRAWN_CAP, SHORT, SHORT_OF
from tests.mutation.trying import FAULTY, PLAIN, REFUSED, Tried

_HEAD = f"""\
## Lint, exploring and tests

Of at most {DRAWN_CAP} mutants of a kind in one file {DRAWN} that do something else were drawn by a fixed seed, those of `flows/` and of
the unseen flows in proportion, and given to the other tools as well. `offhook explore` searches each of them for breaches of its laws and of the
`invariants` of the test file, among {PLAIN:,} situations where all goes well and {FAULTY:,} with a fault or something slow: a
bound of a few seconds, so that this can be run. It also plays the cases of the flow's own test file, as they stand, and then in
[other orders](exploring.md#cases-in-other-orders). `offhook test` plays the cases of every flow that has the file in it. A mutant
that does not compile is found by each of the three: none of them goes on. What a tool says of the flow without the defect does
not count. The tests of the unseen flows were written from what those are for, as their authors would.

All laws of `explore` but one are about what no flow may do: wait without end, leave a call up, send what is refused, go another
way for another order of webhooks. A flow that says or does the wrong thing, in good order, breaks none of these. What it should do
stands nowhere but in its cases, and the law `as-tested` takes it from there. So explore finds nearly all that the tests of a flow
find, and only where there are some; what it owes to that law alone is said below the table.

The aim for lint and explore together is 95 %. Where the table shows less, it is not reached, and what is missing is what no case
looks at: a field that is not sent, an hour at which nobody calls, a text that nobody waits for.
"""


def section(shipped: Sequence[Tried], unseen: Sequence[Tried], short: Sequence[Tried]) -> list[str]:
    both = [*shipped, *unseen]
    return [
        _HEAD,
        "| flows | drawn | lint | explore | tests | lint and explore | all three |",
        "|---|---:|---:|---:|---:|---:|---:|",
        _row("flows/", shipped),
        _row("unseen", unseen),
        _row("both", both),
        short_row(short),
        "",
        "Laws that do not hold, with the mutants that compile: " + _laws(both),
        _by_cases_alone(both),
        "",
        "### Missed by all three\n",
        *_missed(both),
    ]


def short_row(short: Sequence[Tried]) -> str:
    """The line that the test looks for."""
    return _row(f"a sample of {SHORT} of `{SHORT_OF}`", short)


def unexplained(every: Iterable[Tried]) -> set[str]:
    return {one.verdict.mutant.kind for one in every if not _found(one)} - set(UNNOTICED)


def _row(name: str, every: Sequence[Tried]) -> str:
    cells = [
        _share(every, [one.by_lint for one in every]),
        _share(every, [one.by_exploring for one in every]),
        _share(every, [one.by_tests for one in every]),
        _share(every, [one.by_lint or one.by_exploring for one in every]),
        _share(every, [_found(one) for one in every]),
    ]
    return f"| {name} | {len(every)} | {' | '.join(cells)} |"


def _share(every: Sequence[Tried], found: list[bool]) -> str:
    return f"{100 * sum(found) / len(every):.0f} %" if every else "-"


def _found(one: Tried) -> bool:
    return one.by_lint or one.by_exploring or one.by_tests


def _laws(every: Iterable[Tried]) -> str:
    counted = Counter(law for one in every for law in one.laws if law != REFUSED)
    told = ", ".join(f"`{law}` {count}" for law, count in sorted(counted.items()))
    return f"{told}." if told else "none."


def _by_cases_alone(every: Iterable[Tried]) -> str:
    alone = [one for one in every if set(one.laws) == {LAW}]
    neither = sum(not one.by_lint for one in alone)
    return f"Of {len(alone)} of them `{LAW}` alone does not hold; {neither} of these lint does not find either."


def _missed(every: Sequence[Tried]) -> Iterator[str]:
    missed = [one.verdict.mutant for one in every if not _found(one)]
    for kind in dict.fromkeys(one.kind for one in missed):
        same = [one for one in missed if one.kind == kind]
        why = UNNOTICED.get(kind, "Not explained yet.")
        change = same[0].change.replace("${", "$ {")
        yield f"- `{kind}` ({len(same)}): {why} Such as `{same[0].path}`, `{same[0].where}`: {change}."
    if not missed:
        yield "None."
