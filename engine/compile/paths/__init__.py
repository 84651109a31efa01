"""What holds on the way to a step: a forward analysis of the compiled graph.

edges.py        every way on: step, outcome, step
solve.py        what may be true before each step
witness.py      the shortest way on which it is, and which a call can take
memories.py     what is remembered along a way: handlers, visits, conditions (asked.py)
conditions.py   what a condition says of outcomes
decisions.py    what branches find out: outcomes, and constants of variables (constants.py)
given.py        what a step leaves after each outcome
results.py      which outcome each step may have had last, which variables may be unset
tracked.py      what is known of one step's, also while the next may come
overheard.py    secrets that are entered while something may listen
unset.py        names that are read where they may not be set
resumed.py      `next: resume` where nothing was interrupted
later.py        which results are still read: the other way about, from the end

A rule of its own is a `Transfer` for `solve`: what of the facts (bits) is left after an edge.
"""

from engine.compile.paths.decisions import Decisions
from engine.compile.paths.edges import Edge, Kind, Place, edges, is_own, onward
from engine.compile.paths.given import possible
from engine.compile.paths.later import kept
from engine.compile.paths.left_by_swml import methods as swml_methods
from engine.compile.paths.overheard import report_overheard
from engine.compile.paths.results import Results
from engine.compile.paths.resumed import report_resumes
from engine.compile.paths.solve import Facts, Paths, Solved, Transfer, solve
from engine.compile.paths.unset import report_unset, unset_before
from engine.compile.paths.witness import steps_of, witness

__all__ = [
    "Decisions",
    "Edge",
    "Facts",
    "Kind",
    "Paths",
    "Place",
    "Results",
    "Solved",
    "Transfer",
    "edges",
    "is_own",
    "kept",
    "onward",
    "possible",
    "report_overheard",
    "report_resumes",
    "report_unset",
    "solve",
    "steps_of",
    "swml_methods",
    "unset_before",
    "witness",
]
