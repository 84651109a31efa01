"""Two texts word by word: what is kept, what goes, what comes."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_MANY = 2_000
"""Words; longer texts are not compared word by word."""


class Words(NamedTuple):
    how: Literal["kept", "gone", "come"]
    text: str


def words(before: str, after: str) -> Iterator[Words]:
    old, new = before.split(), after.split()
    if len(old) + len(new) > _MANY:
        yield from (Words("gone", before), Words("come", after))
        return
    for tag, at, to, new_at, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Words("kept", " ".join(old[at:to]))
            continue
        if to > at:
            yield Words("gone", " ".join(old[at:to]))
        if new_to > new_at:
            yield Words("come", " ".join(new[new_at:new_to]))
