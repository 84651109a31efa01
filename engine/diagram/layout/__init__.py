"""Places for boxes and ways for arrows: layers from the top down, as Sugiyama, Tagawa and Toda did it.

graph.py    what is laid out: sizes and links, nothing of flows
ranks.py    which layer a box is in; what leads back is turned round for that
chains.py   arrows over several layers as chains of points, a label in the first of them
order.py    the order in each layer, with few crossings
columns.py  where in its layer each stands: near what it is linked to, without overlaps
whole.py    these in turn, for each part that hangs together, and the parts side by side
"""

from engine.diagram.layout.graph import Link, Placed, Size
from engine.diagram.layout.whole import layout

__all__ = ["Link", "Placed", "Size", "layout"]
