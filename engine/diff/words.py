"""Two texts word by word: what is kept, what goes, what comes."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_How = Literal["kept", "gone", "come"]
_Part = tuple[_How, list[str]]
_MANY = 2_000
"""Words; longer texts are not compared word by word."""


class Words(NamedTuple):
    how: _How
    text: str


def words(before: str, after: str) -> Iterator[Words]:
    old, new = before.split(), after.split()
    if len(old) + len(new) > _MANY:
        yield from (Words("gone", before), Words("come", after))
        return
    for how, part in _slid(list(_parts(old, new))):
        if part:
            yield Words(how, " ".join(part))


def _parts(old: list[str], new: list[str]) -> Iterator[_Part]:
    for tag, at, to, new_at, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "kept", old[at:to]
        else:
            yield "gone", old[at:to]
            yield "come", new[new_at:new_to]


def _slid(parts: list[_Part]) -> list[_Part]:
    """`To {leave a message. To} speak` is `{To leave a message.} To speak`: what comes or goes alone begins with a
    sentence where it can."""
    found = [(how, part) for how, part in parts if part]
    for number in range(1, len(found) - 1):
        (one, before), (how, part), (other, after) = found[number - 1 : number + 2]
        by = _back(before, part) if one == other == "kept" else 0
        if by:
            moved = before[-by:]
            found[number - 1 : number + 2] = [
                (one, before[:-by]),
                (how, [*moved, *part[:-by]]),
                (other, [*moved, *after]),
            ]
    return found


def _back(before: list[str], part: list[str]) -> int:
    """How many words what comes or goes can be moved back, so that a sentence begins there; 0 for not at all."""
    by = 0
    while by < min(len(before), len(part)) and before[-1 - by] == part[-1 - by]:
        by += 1
        if by == len(before) or before[-1 - by].endswith((".", "!", "?")):
            return by
    return 0
