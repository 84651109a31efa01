"""Times and ids made relative, in bytes: what differs in nothing else is the same.

times   count by their order, and by about how far off they are: which of two that are both half a minute off comes first
        counts, and whether one is half a minute off or an hour; whether it is 30 s or 31 does not
ids     only which is which counts; of those within values (the URL of a recording) not even that
"""

import re
from functools import partial

_MOMENT = re.compile(rb"\xcf(\x00\x00\x01[\x00-\xff]{5})")
"""msgpack's uint64 of Unix milliseconds."""
_ID = re.compile(
    rb"[io][a-z2-7]{20}\.(\d+)\.([a-z0-9_.]+?)\.(\d+)\.(\d+)\.([a-z_]+)"
    rb"(?:(?:\.([a-z][a-z_0-9]*))?\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-]))?"
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_OLD_MS = 4_000
"""What began longer ago is as old as any other: what is still to come of it stands beside."""
_NEAR_MS = 12_000
"""Longer than a prompt: what is due later is compared with what will be due then by how far off it is alone."""

Visits = dict[bytes, dict[str, int]]
"""By the number of a frame: its steps' visits."""


def moments(data: bytes, now_ms: int) -> bytes:
    found = {raw: _off(raw, now_ms) for raw in set(_MOMENT.findall(data))}
    near = sorted({off_ms for off_ms in found.values() if off_ms <= _NEAR_MS})
    ranks = {off_ms: rank for rank, off_ms in enumerate(near)}
    words = {raw: b"@%d/%d" % (ranks.get(off_ms, -1), _about(off_ms)) for raw, off_ms in found.items()}
    return _MOMENT.sub(lambda one: words[one[1]], data)


def _off(raw: bytes, now_ms: int) -> int:
    return max(int.from_bytes(raw) - now_ms, -_OLD_MS - 1)


def _about(off_ms: int) -> int:
    """The same number for times of which none is twice as far off as another; half a second is at once."""
    size = (abs(off_ms) // 500).bit_length()
    return size if off_ms > 0 else -size


def ids(data: bytes, visits: Visits) -> bytes:
    """An id of the present visit of a step on the stack is that step's."""
    return _ID.sub(partial(_named, visits, {}), data)


def no_ids(data: bytes) -> bytes:
    return _ID.sub(b"#", data)


def _named(visits: Visits, drawn: dict[bytes, bytes], found: re.Match[bytes]) -> bytes:
    frame, step = found[1], found[2]
    if frame is None:
        return _which(drawn, found[0])
    mine = visits.get(frame)
    present = mine is not None and mine.get(step.decode()) == int(found[3])
    number = b"" if present else _which(drawn, step + found[3])
    return b"~%s.%s.%s.%s.%s" % (step, number, found[4], found[5], found[6] or b"")


def _which(drawn: dict[bytes, bytes], name: bytes) -> bytes:
    """Of what was drawn by chance, or is over with its visit, only which is which counts."""
    return drawn.setdefault(name, b"#%d" % len(drawn))
