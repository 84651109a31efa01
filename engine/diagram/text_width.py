"""How wide a text is, without a font: near enough for any sans-serif, and rather too wide than too narrow."""

import unicodedata
from collections.abc import Iterator

_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]{}“”‘’ "), frozenset("mwMW@%—…")


def width(text: str, size: float) -> float:
    return sum(map(_share, text)) * size


def _share(char: str) -> float:
    if char in _NARROW:
        return 0.36
    if char in _WIDE or unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.7 if char.isupper() else 0.6


def lines(text: str, size: float, room: float, most: int) -> list[str]:
    """The text in lines that fit; what does not fit into so many of them is left out."""
    found = list(_lines(text, size, room))
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and width(f"{last}…", size) > room:
        last = last[:-1]
    return [*found[: most - 1], f"{last.rstrip(' ,;:')}…"]


def _lines(text: str, size: float, room: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            yield line
        while width(word, size) > room:
            kept = max(1, next(n for n in range(len(word), -1, -1) if width(word[:n], size) <= room))
            yield word[:kept]
            word = word[kept:]
        line = word
    if line:
        yield line
