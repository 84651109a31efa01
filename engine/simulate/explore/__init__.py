"""Everything that a call of one flow may come to: what callers do, in which order webhooks come, and what goes wrong.

situation.py   where a call stands: run, platform, what is under way
likeness.py    when two situations are the same: reads.py (ahead.py, used.py, classes.py), held.py, relative.py, hours.py, outside.py
beginnings.py  how a call may begin; bindings.py: what else it may be given
moves.py       what may happen next, as values; enabled.py: which of it may (callers.py, answers.py, literals.py)
taking.py      carries a move out (tidying.py: what can wait for no other moment); taken.py: what came of it
budgets.py     visits and steps that are used up (endless.py)
laws.py        what holds at every move (telling.py); whole.py, orders.py: what holds of all of them together (reached.py)
search.py      the search; frontier.py: what comes first; covering.py, findings.py, found.py: what comes of it
shown.py       a counterexample for people, and as a case (scripted.py, least.py)
"""

from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.bindings import others, together
from engine.simulate.explore.found import Counterexample, Covered, Explored, Way
from engine.simulate.explore.search import Bounds, Progress, explore
from engine.simulate.explore.shown import Beside, Shown, show

__all__ = [
    "Beside",
    "Bounds",
    "Counterexample",
    "Covered",
    "Explored",
    "Given",
    "Progress",
    "Shown",
    "Way",
    "explore",
    "others",
    "show",
    "together",
]
