"""L2: what a change of a flow means for a caller. Pure: two graphs go in, changes come out.

change.py     one change
matching.py   which step of the old flow is which of the new one
content.py    a step as plain values: what is said, where its ways go, its settings
ways.py       the shortest way to each step
steps.py      what has changed in a step
joined.py     what has changed alike in several steps
compare.py    what has changed in a flow
calendars.py  what has changed in a calendar
words.py      two texts, word by word
wording.py    a change in a sentence
formats/      text, Markdown, JSON
"""

from engine.diff.calendars import compare_calendars
from engine.diff.change import Change, Compared, Kind
from engine.diff.compare import compare

__all__ = ["Change", "Compared", "Kind", "compare", "compare_calendars"]
