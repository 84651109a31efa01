"""What a case names of a path, of a command or of a request, held against what there was. `...` stands for anything."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

ANY = "..."
"""In a list any entries, also none; within a text any characters; alone any value that is there."""


def fits(wanted: Any, found: Any) -> bool:
    """Is all that is wanted there? Of mappings the keys that are named, of lists every entry."""
    if wanted == ANY:
        return True
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(key in found and fits(one, found[key]) for key, one in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list | tuple) and matches(wanted, found)
    if isinstance(wanted, str) and ANY in wanted:
        return isinstance(found, str) and _reads(wanted, found)
    return isinstance(wanted, bool) == isinstance(found, bool) and bool(wanted == found)


def apart(wanted: Any, found: Any) -> tuple[str | int, ...]:
    """Where the two differ first, as a path: to a value that is another one or not there."""
    for key, one in _parts(wanted, found):
        if not _has(found, key) or not fits(one, found[key]):
            return (key, *(apart(one, found[key]) if _has(found, key) else ()))
    return ()


def _parts(wanted: Any, found: Any) -> Iterable[tuple[str | int, Any]]:
    """Of lists only those that have the same entries, one by one."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.items()
    same = isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found) and ANY not in wanted
    return enumerate(wanted) if same else ()


def _has(found: Any, key: str | int) -> bool:
    return isinstance(key, int) or key in found


def matches(wanted: Sequence[Any], found: Sequence[Any]) -> bool:
    """What stands between two `...` is taken where it comes first: nothing later can then be missing that is there."""
    first, *others = _between(wanted)
    if not others:
        return len(first) == len(found) and _all_fit(first, found, 0)
    *middle, last = others
    at, end = len(first), len(found) - len(last)
    if at > end or not _all_fit(first, found, 0) or not _all_fit(last, found, end):
        return False
    for part in middle:
        place = next((one for one in range(at, end - len(part) + 1) if _all_fit(part, found, one)), None)
        if place is None:
            return False
        at = place + len(part)
    return True


def _reads(wanted: str, found: str) -> bool:
    first, *middle, last = wanted.split(ANY)
    at, end = len(first), len(found) - len(last)
    if at > end or not found.startswith(first) or not found.endswith(last):
        return False
    for part in middle:
        place = found.find(part, at, end)
        if place < 0:
            return False
        at = place + len(part)
    return True


def _between(wanted: Sequence[Any]) -> Iterator[list[Any]]:
    """The entries before the first `...`, between two, and after the last one."""
    part: list[Any] = []
    for one in wanted:
        if one == ANY:
            yield part
            part = []
        else:
            part.append(one)
    yield part


def _all_fit(wanted: Sequence[Any], found: Sequence[Any], at: int) -> bool:
    return all(fits(one, found[at + index]) for index, one in enumerate(wanted))
