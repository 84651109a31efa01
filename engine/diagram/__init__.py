"""L2: a compiled flow as a picture. Pure: a graph goes in, a text comes out.

families.py   which verbs belong together
captions.py   what a step says or does, in a few words
drawing.py    boxes and arrows, whatever draws them
draw.py       a graph as such a drawing
taken.py      which ways the tests have taken
mermaid.py    for Markdown pages
dot.py        for Graphviz
svg.py        a picture by itself; layout/ finds the places
"""

from engine.diagram.draw import draw
from engine.diagram.drawing import Arrow, Box, Drawing, Label

__all__ = ["Arrow", "Box", "Drawing", "Label", "draw"]
