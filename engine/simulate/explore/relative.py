"""Times and ids made relative, in bytes: what differs in nothing else is the same.

times   count by how far off they are, to the millisecond: anything rougher would let a call go round for ever in which
        something that is far off comes nearer with every round
ids     only which is which counts; of those within values (the URL of a recording) not even that
"""

import re
from collections.abc import Callable, Mapping

from engine.model.ids import StepName

_MOMENT = re.compile(rb"\xcf(\x00\x00\x01[\x00-\xff]{5})")
"""msgpack's uint64 of Unix milliseconds."""
_ID = re.compile(
    rb"[io][a-z2-7]{20}\.(\d+)\.([a-z0-9_.]+?)\.(\d+)\.(\d+)\.([a-z_]+)"
    rb"(?:(?:\.([a-z][a-z_0-9]*))?\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-]))?"
)
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Looked for by itself, and only where there is a hyphen: that is seldom, and much faster."""

Visits = Mapping[bytes, Callable[[StepName], int]]
"""By the number of a frame: how often a step of it was entered."""


def moments(data: bytes, now_ms: int) -> bytes:
    return _MOMENT.sub(lambda one: b"@%d" % (int.from_bytes(one[1]) - now_ms), data)


def about(off_ms: int, doublings: int = 2) -> int:
    """The same number for times of which none is four times as far off as another (or twice as often doubled); half a second
    is at once."""
    size = -(-(abs(off_ms) // 500).bit_length() // doublings)
    return size if off_ms > 0 else -size


def ids(data: bytes, visits: Visits) -> bytes:
    """An id of the present visit of a step on the stack is that step's."""
    known: dict[bytes, bytes] = {}
    drawn: dict[bytes, bytes] = {}

    def named(found: re.Match[bytes]) -> bytes:
        name = known.get(found[0])
        if name is None:
            name = known[found[0]] = _named(visits, drawn, found)
        return name

    data = _ID.sub(named, data)
    return _UUID.sub(lambda one: _which(drawn, one[0]), data) if b"-" in data else data


def no_ids(data: bytes) -> bytes:
    data = _ID.sub(b"#", data)
    return _UUID.sub(b"#", data) if b"-" in data else data


def _named(visits: Visits, drawn: dict[bytes, bytes], found: re.Match[bytes]) -> bytes:
    frame, step = found[1], found[2]
    mine = visits.get(frame)
    present = mine is not None and mine(StepName(step.decode())) == int(found[3])
    number = _which(drawn, b"%s.%s.%s" % (step, found[3], found[4]))
    return b"~%s.%s.%s.%s.%s" % (step, b"" if present else b"-", number, found[5], found[6] or b"")


def _which(drawn: dict[bytes, bytes], name: bytes) -> bytes:
    """Of what was drawn by chance, or is over with its visit, only which is which counts."""
    return drawn.setdefault(name, b"#%d" % len(drawn))
