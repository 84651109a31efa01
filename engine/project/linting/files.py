"""Which files `offhook lint` looks at."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.model.bundle import CALENDAR_SUFFIX as CALENDAR
from engine.model.bundle import FLOW_SUFFIX as FLOW
from engine.model.bundle import TEST_SUFFIX as TEST
from engine.model.errors import ConfigurationError
from engine.project.flows import nothing_at


def find(paths: Iterable[Path]) -> list[Path]:
    """The files named, and what is called like a flow or a calendar in the folders named, or like tests without their flow,
    sorted and without repetition: links that lead nowhere, pipes, and folders that nobody may look into too. Whoever reads
    them says what is wrong.

    Links to folders are not followed. `ConfigurationError` for a path that is not there, or when there is nothing.
    """
    named = list(paths)
    found = list(
        dict.fromkeys(one for path in named for one in (_within(path) if os.path.isdir(path) else _named(path)))
    )
    if not found:
        raise ConfigurationError(
            f"There is no flow in {', '.join(map(str, named))}.",
            help=f"Flows are files that end in {FLOW}, calendars in {CALENDAR}.",
        )
    return found


def _named(path: Path) -> list[Path]:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise nothing_at(path) from None
    except OSError:
        pass  # whether it is there, nobody may know
    return [path]


def _within(folder: Path) -> list[Path]:
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        links = (name for name in folders if os.path.islink(os.path.join(place, name)))
        there = frozenset(names)
        yield from (Path(place, name) for name in (*names, *links) if name.endswith((FLOW, CALENDAR)))
        tests = (name for name in names if name.endswith(TEST))
        yield from (
            Path(place, name) for name in tests if name.removesuffix(TEST).partition(".")[0] + FLOW not in there
        )
    yield from (Path(error.filename) for error in closed if error.filename)
