"""docs/mutations.md: what was made of the verdicts, and why the rest is missed."""

from collections.abc import Sequence

from tests.architecture.source import ROOT
from tests.mutation.explained import EXPLAINED
from tests.mutation.kinds import KINDS
from tests.mutation.running import CAP, SAMPLE, SAMPLE_OF, UNSEEN, make
from tests.mutation.table import header, row
from tests.mutation.tally import by_kind, misses, tally
from tests.mutation.verdict import Bench, Verdict

PAGE = ROOT / "docs" / "mutations.md"
_HEAD = """\
# How good the linter is

Written by `make mutants`; `python -m tests.mutation --write` writes this page anew.

A mutant is a flow with one defect of a kind that authors make: a key that two choices have, a handler that is left out,
milliseconds where seconds are meant. Mutants are made of the flows in flows/ with their subflows, SWML and calendars, and
of flows that were written for this check alone (`tests/mutation/unseen/`), at every place where the defect can be{few}. What makes them knows no rule of the linter; but some
of the kinds were thought of when there were rules already, so there is [a second list](#defects-thought-of-by-somebody-who-had-not-seen-the-rules), whose author had seen none.

Each is then looked at twice. The linter's errors and warnings are held against those of the flow without the defect: a
code at a step where it was not before is a find. And the mutant is called: the flow without the defect is driven through
its ways by some hundred simulated callers (those of its test file first), and the mutant gets the same ones. What it
does is what leaves it: commands with their params, what is heard and when, requests, the end. A mutant that does the
same in all calls is counted apart; it may still differ in a call that nobody tried, and lint may be right to speak of it.

The share is that of the found ones among all others. It is no aim of its own: a rule that finds a mutant and is wrong
about a flow that works costs more than it gives. The aim is 80 %; what is missed is said below, kind by kind.
"""


def page(
    shipped: Sequence[Verdict],
    unseen: Sequence[Verdict],
    sample: Sequence[Verdict],
    others: Sequence[str] = (),
    strangers: Sequence[str] = (),
    *,
    cap: int = CAP,
) -> str:
    """`others`: what beside.py has to say of the other tools; `strangers`: what independent/section.py has of its own list."""
    few = (
        f" (at\nmost {cap} of a kind in one file, chosen by a fixed seed; `--cap 0` makes all {_everywhere():,}, which takes more than half"
        " an\nhour)"
    )
    return "\n".join(
        [
            _HEAD.format(few=few if cap else ""),
            *_totals(shipped, unseen, sample),
            "",
            *_as_they_stand(),
            "",
            *others,
            "",
            *strangers,
            "",
            "## By kind\n",
            "`flows/` and the unseen flows together; the last column is the share among the unseen ones.\n",
            *_kinds([*shipped, *unseen], unseen),
            "",
            "## What lint misses, and why\n",
            *_missed([*shipped, *unseen]),
            "",
            "## The kinds\n",
            *_meanings(),
            "",
        ]
    )


def _everywhere() -> int:
    return len(make(ROOT / "flows", 0)) + len(make(UNSEEN, 0))


def sample_row(sample: Sequence[Verdict]) -> str:
    """The line that the test of the sample looks for."""
    return row(f"a sample of {SAMPLE} of `{SAMPLE_OF}`", tally(sample))


def _totals(shipped: Sequence[Verdict], unseen: Sequence[Verdict], sample: Sequence[Verdict]) -> list[str]:
    return [
        *header("flows"),
        row("flows/", tally(shipped)),
        row("unseen", tally(unseen)),
        sample_row(sample),
    ]


def _as_they_stand() -> list[str]:
    """The other half of the truth: what lint says of unseen flows in which nothing is wrong on purpose."""
    said = Bench(UNSEEN).said_of_all()
    if not said:
        return ["Of the unseen flows as they stand lint says nothing."]
    return ["What lint says of the unseen flows as they stand:", "", *(f"- {one}" for one in said)]


def _kinds(verdicts: Sequence[Verdict], unseen: Sequence[Verdict]) -> list[str]:
    apart = by_kind(unseen)
    lines = header("kind", "unseen")
    for name, found in by_kind(verdicts).items():
        if found:
            lines.append(row(f"`{name}`", tally(found), tally(apart[name]).share))
    return lines


def _missed(verdicts: Sequence[Verdict]) -> list[str]:
    lines = []
    for name, found in by_kind(verdicts).items():
        missed = misses(found)
        if missed:
            lines.append(
                f"- `{name}` ({len(missed)}): {EXPLAINED.get(name, 'Not explained yet.')} Such as {_example(missed[0])}."
            )
    return lines


def _example(verdict: Verdict) -> str:
    mutant = verdict.mutant
    return f"`{mutant.path}`, `{mutant.where}`: {mutant.change.replace('${', '$ {')}"


def _meanings() -> list[str]:
    lines = ["| kind | what the author has done | what a caller notices |", "|---|---|---|"]
    return lines + [f"| `{one.name}` | {one.sentence} | {one.notices} |" for one in KINDS.values()]
