"""Its part of docs/mutations.md: the first figure, the figure now, and why the rest is missed."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from tests.architecture.source import ROOT
from tests.mutation.independent.explained import EXPLAINED
from tests.mutation.independent.first import OLD, first
from tests.mutation.independent.listed import LISTED
from tests.mutation.independent.making import INDEPENDENT
from tests.mutation.kinds import KINDS
from tests.mutation.running import UNSEEN, judge, make
from tests.mutation.table import header, row
from tests.mutation.tally import by_kind, misses, tally
from tests.mutation.verdict import Verdict

TITLE = "## Defects thought of by somebody who had not seen the rules"
TRADES = Path(__file__).parent / "flows"
"""Flows of other trades, written with the list and from the language page alone."""
CAP = 2
"""Of a kind so many mutants of one file, 0 for all."""
FOLDERS = {"flows/": ROOT / "flows", "unseen": UNSEEN, "other trades": TRADES}
OTHER_LIST = f"other trades{OLD}"
_HEAD = f"""\
{TITLE}

The kinds of the tables above were thought of by those who wrote the linter, and some of them after its rules. So somebody who had
read [the language](language.md) and what is known of the platform, and neither a rule nor the catalogue of rules, wrote down
what authors of call flows do wrong (`tests/mutation/independent/listed/`: {len(LISTED)} kinds, each with why people do it), then what makes
them, and four flows of other trades from the language page alone: a hospital's prescription line, a hotel's desk, a
school's absence line, a bank's line for lost cards. Only then was lint asked, and what it found *first* stands in
`tests/mutation/independent/first.csv`, which is not written anew. What it finds *now* is after rules were written for some of what it
had missed; a rule written for a kind says nothing about how many kinds nobody has thought of yet, so the first share is the one to
believe of flows and defects that are new.
"""


def section(judged: Mapping[str, Sequence[Verdict]], *, cap: int = CAP) -> list[str]:
    """`judged` by folder: `flows/`, `unseen`, `other trades`, and of these what the other list's kinds are found."""
    mine = [*chain.from_iterable(found for folder, found in judged.items() if folder != OTHER_LIST)]
    few = f"At most {cap} mutants of a kind in one file, chosen by a fixed seed." if cap else "All mutants."
    return [
        _HEAD,
        few + " The columns before the last one are of now.\n",
        *header("flows", "first share"),
        *(row(folder, tally(found), first(folder).share) for folder, found in judged.items()),
        row("all but the other list's", tally(mine), first().share),
        "",
        *_without(mine),
        *_as_they_stood(),
        "",
        *header("kind", "first share"),
        *(
            row(f"`{name}`", tally(found), first(kind=name).share)
            for name, found in by_kind(mine, INDEPENDENT).items()
            if found
        ),
        "",
        "### What is missed, and why\n",
        *_missed(mine),
        "",
        "### The list\n",
        "| kind | what the author has done | why | what comes of it |",
        "|---|---|---|---|",
        *(f"| `{one.name}` | {one.sentence} | {one.why} | {one.notices} |" for one in LISTED),
    ]


def judged(cap: int = CAP) -> dict[str, list[Verdict]]:
    """Every mutant of the list in all three folders, and those of the other list in the flows of other trades."""
    found = {folder: judge(root, make(root, cap, INDEPENDENT)) for folder, root in FOLDERS.items()}
    return {**found, OTHER_LIST: judge(TRADES, make(TRADES, cap, KINDS))}


def unexplained(judged: Mapping[str, Sequence[Verdict]]) -> set[str]:
    """Kinds of this list with misses of which nothing is said."""
    mine = chain.from_iterable(found for folder, found in judged.items() if folder != OTHER_LIST)
    return {one.mutant.kind for one in misses(mine)} - set(EXPLAINED)


def spliced(page: str, lines: Sequence[str]) -> str:
    """The page with this section in the place of the one that it has."""
    if TITLE not in page:
        page = page.replace("\n## By kind", f"\n{TITLE}\n\n## By kind", 1)
    before, _, rest = page.partition(f"{TITLE}\n")
    _, _, after = rest.partition("\n## ")
    return before + "\n".join(lines) + "\n\n## " + after


_STOOD = """\
Of the four flows as they were written lint said this, before anything was mended:

- UX007, five times: requests in which a caller waits for up to 13.5 s and hears nothing. True; they have got a `filler`.
- VAR004, `address_ok` of `card_blocking.flow.yaml`: left over from a way that was thought of and not written. True; gone.
- UX013, `card` of the same flow: a reprompt says "press 0 and pound", and the question takes eight or nine digits. True, and the worst of
  them: callers without a card at hand would have gone round in circles. The text is another one now.
- Notes: UX005 (four times), UX006 (twice), UX009 and UX011. They are a matter of taste here, and were left.

So seven warnings on some 230 steps, all of them true. No rule that was written later says anything of these flows."""


_SAME_WORDS = "placeholder_said"


def _without(mine: Sequence[Verdict]) -> list[str]:
    others = tally([one for one in mine if one.mutant.kind != _SAME_WORDS])
    return [
        f"The mutants of `{_SAME_WORDS}` all say the same words, which UX018 has come to know with their like. Without that kind the last",
        f"line would have {others.share}.",
        "",
    ]


def _as_they_stood() -> list[str]:
    return [_STOOD]


def _missed(verdicts: Sequence[Verdict]) -> list[str]:
    lines = []
    for name, found in by_kind(verdicts, INDEPENDENT).items():
        missed = misses(found)
        if missed:
            one = missed[0].mutant
            example = f"`{one.path}`, `{one.where}`: {one.change.replace('${', '$ {')}"
            lines.append(f"- `{name}` ({len(missed)}): {EXPLAINED.get(name, 'Not explained yet.')} Such as {example}.")
    return lines
