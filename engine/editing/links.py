"""From a name to where it is declared, and to where else it stands, in all documents of a flow."""

from collections.abc import Mapping

from msgspec import Struct

from engine.editing.document import Document
from engine.editing.occurrences import INNER, Occurrence, occurrence_at, occurrences

Together = Mapping[str, Document]
"""A flow, its test file and its SWML documents, and the tests of the flows that call it, by file."""


class Spot(Struct, frozen=True, order=True):
    """A part of a file; from 0 to 0 of one that is not among the documents."""

    file: str
    start: int = 0
    end: int = 0


_FILES = {
    "swml": "swml/{}",
    "subflow": "lib/{}.flow.yaml",
    "flow": "{}.flow.yaml",
    "calendar": "calendars/{}.calendar.yaml",
}


def definition(together: Together, file: str, offset: int) -> list[Spot]:
    """Where the name at the place is declared: a use that is a calendar leads on to the calendars it is bound to."""
    one = occurrence_at(together[file], offset)
    if one is None:
        return []
    if one.kind in _FILES:
        return [Spot(_FILES[one.kind].format(one.name))]
    if one.kind == "use" and one.declares:
        bound = together[file].beside.bound.get(one.name, ())
        return [Spot(_FILES["calendar"].format(calendar)) for calendar in bound]
    return [spot for spot, found in _all(together, one) if found.declares]


def references(together: Together, file: str, offset: int, *, declarations: bool = True) -> list[Spot]:
    one = occurrence_at(together[file], offset)
    if one is None:
        return []
    found = (*_all(together, one), *_by_callers(together, file, one))
    return sorted(spot for spot, found in found if declarations or not found.declares)


def _all(together: Together, one: Occurrence) -> list[tuple[Spot, Occurrence]]:
    return [
        (Spot(file, found.start, found.end), found)
        for file, document in together.items()
        for found in occurrences(document)
        if found.symbol == one.symbol and not _is_callers(together, file)
    ]


def _by_callers(together: Together, file: str, one: Occurrence) -> list[tuple[Spot, Occurrence]]:
    """Where the tests of other flows name the step of this one, which they call: `pin/look_up`."""
    flow = file.removeprefix("lib/").partition(".")[0]
    return [
        (Spot(other, found.start, found.end), found)
        for other, document in together.items()
        if one.kind == "step" and _is_callers(together, other)
        for found in occurrences(document)
        if found.symbol == (INNER, f"{flow}/{one.name}")
    ]


def _is_callers(together: Together, file: str) -> bool:
    """The test file of another flow, whose own names are others."""
    return file.endswith(".test.yaml") and file.replace(".test.yaml", ".flow.yaml") not in together
