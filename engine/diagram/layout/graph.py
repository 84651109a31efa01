"""What is laid out, and what comes of it. Lengths are in pixels, x to the right and y down."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct


class Size(NamedTuple):
    width: float
    height: float


class Link(NamedTuple):
    """`label` is the room that it wants beside its line."""

    source: str
    target: str
    label: Size = Size(0, 0)


class Point(NamedTuple):
    x: float
    y: float


class Placed(Struct, frozen=True):
    """`boxes` and `labels` are centres, `labels` and `lines` by the number of the link. A line begins at its source and
    is to be drawn smoothly: pairs of points with the same x are straight, and between them it swings over."""

    size: Size
    boxes: Mapping[str, Point]
    labels: Mapping[int, Point]
    lines: Mapping[int, tuple[Point, ...]]
