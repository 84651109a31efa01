"""Everything that a call of one flow may come to: what callers do, in which order webhooks come, and what goes wrong."""

from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.found import Counterexample, Covered, Explored, Way
from engine.simulate.explore.search import Bounds, Progress, explore

__all__ = ["Bounds", "Counterexample", "Covered", "Explored", "Given", "Progress", "Way", "explore"]
