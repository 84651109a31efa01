"""What the law `as-tested` has found, for people: the call with the line at which it shows, and the case to paste."""

from collections.abc import Iterable, Iterator

from engine.simulate.explore.shown import Shown
from engine.simulate.shaken import pasted
from engine.simulate.shaken.playing import AsTested, Shaken

LAW = "as-tested"
_MOST_NAMED = 3


def show(found: AsTested, names: Iterable[str], files: Iterable[str]) -> Iterator[Shown]:
    """`names` are those of all cases, `files` where they stand."""
    taken = set(names)
    if found.failing:
        yield _in_short(found.failing, files)
    yield from (_shown(one, taken) for one in found.found)


def broken(files: Iterable[str]) -> Shown:
    """Test files with mistakes: nobody knows whether their cases hold."""
    return _without_case(f"{' and '.join(files)} has mistakes: `offhook test` shows them")


def _in_short(failing: tuple[str, ...], files: Iterable[str]) -> Shown:
    named = ", ".join(f"`{one}`" for one in failing[:_MOST_NAMED])
    more = f" and {len(failing) - _MOST_NAMED} more" if len(failing) > _MOST_NAMED else ""
    fail = "fails as it stands" if len(failing) == 1 else "fail as they stand"
    return _without_case(f"{named}{more} {fail}: `offhook test {' '.join(files)}` shows how")


def _without_case(why: str) -> Shown:
    return Shown(law=LAW, why=why, transcript=(), mark=0, case="", fails=False)


def _shown(one: Shaken, taken: set[str]) -> Shown:
    failure, name = one.failure, one.case.case.name
    why = f"`{name}` does not hold with {pasted.words(one.fault)}: {failure.message.removesuffix('.')}"
    written = pasted.case(one, f"{LAW}: {' '.join(why.split())}", taken)
    lines = tuple(one.outcome.transcript)
    mark = len(lines) - 1 if failure.mark is None else failure.mark
    return Shown(law=LAW, why=why, transcript=lines, mark=mark, case=written, fails=True)
