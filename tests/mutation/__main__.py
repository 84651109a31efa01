"""`python -m tests.mutation`: makes and judges all mutants, prints the page; `--write` writes it.

--folder FOLDER   other flows than those of flows/
--kinds WORDS     kinds with one of these words in their names; prints each mutant with its verdict
--cap N           at most N of a kind in one file; 0: all of them
--independent     only the part about the list of somebody who had not seen the rules
"""

import argparse
import sys
import time
from pathlib import Path

from tests.architecture.source import ROOT
from tests.mutation.beside import section, unexplained
from tests.mutation.explained import EXPLAINED
from tests.mutation.independent import section as independent
from tests.mutation.page import PAGE, page
from tests.mutation.running import CAP, UNSEEN, capped, drawn, judge, make, sampled, shortly_tried, try_all
from tests.mutation.tally import misses
from tests.mutation.verdict import Verdict


def main() -> None:
    options = _options()
    if options.kinds:
        _print_each(options)
    elif options.independent:
        _only_independent(options)
    else:
        _all(options)


def _all(options: argparse.Namespace) -> None:
    began = time.monotonic()
    shipped = judge(options.folder, make(options.folder, options.cap))
    unseen = judge(UNSEEN, make(UNSEEN, options.cap))
    sample = judge(UNSEEN, sampled())
    of_flows, of_unseen = drawn(capped(options.folder, shipped), capped(UNSEEN, unseen))
    tried = try_all(options.folder, of_flows), try_all(UNSEEN, of_unseen)
    strangers = independent.judged()
    others = section(*tried, shortly_tried(ROOT / "flows"))
    text = page(shipped, unseen, sample, others, independent.section(strangers), cap=options.cap)
    _give(text, options)
    print(f"{len(shipped) + len(unseen)} mutants in {time.monotonic() - began:.0f} s", file=sys.stderr)
    _complain(
        {one.mutant.kind for one in misses([*shipped, *unseen])} - set(EXPLAINED)
        | unexplained([*tried[0], *tried[1]])
        | independent.unexplained(strangers)
    )


def _only_independent(options: argparse.Namespace) -> None:
    found = independent.judged()
    _give(independent.spliced(PAGE.read_text(encoding="utf-8"), independent.section(found)), options)
    _complain(independent.unexplained(found))


def _give(text: str, options: argparse.Namespace) -> None:
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)


def _complain(lacking: set[str]) -> None:
    if lacking:
        sys.exit(f"Say in explained.py of tests/mutation/ why nobody finds {', '.join(sorted(lacking))}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--independent", action="store_true")
    parser.add_argument("--folder", type=Path, default=ROOT / "flows")
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--cap", type=int, default=CAP)
    return parser.parse_args()


def _print_each(options: argparse.Namespace) -> None:
    for root in (options.folder, UNSEEN):
        chosen = [one for one in make(root, options.cap) if any(word in one.kind for word in options.kinds)]
        for verdict in judge(root, chosen):
            print(_line(verdict))


def _line(verdict: Verdict) -> str:
    what = "the same" if verdict.same else "missed" if verdict.by == "nobody" else "found"
    return f"{what:9}{verdict.mutant.kind}  {verdict.mutant}  {' '.join(verdict.codes)}"


if __name__ == "__main__":
    main()
