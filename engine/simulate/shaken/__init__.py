"""The cases of a test file, played as they stand and then again with one thing of the platform's that no flow may notice: the law
`as-tested`.

shaking.py    which things those are, one at a time
alike.py      whether it is still the same call: what a person, or time, does otherwise then proves nothing
playing.py    all cases, and what does not hold
shown.py      what was found for people; pasted.py: a case with its fault, as text
"""

from engine.simulate.shaken.playing import AsTested, Shaken, play
from engine.simulate.shaken.shown import broken, show

__all__ = ["AsTested", "Shaken", "broken", "play", "show"]
