"""What the kinds of this list are: a row and a function of the row's name."""

from collections.abc import Callable

from tests.mutation.independent.listed import LISTED
from tests.mutation.mutant import Kind, Make

INDEPENDENT: dict[str, Kind] = {}
"""All of them by name, in the order in which the modules are imported."""
_ROWS = {one.name: one for one in LISTED}


def made(make: Make, file: str = ".flow.yaml") -> Make:
    """Makes a kind of a function that is called like a row of the list."""
    row = _ROWS[make.__name__]
    assert row.name not in INDEPENDENT, row.name
    INDEPENDENT[row.name] = Kind(name=row.name, sentence=row.sentence, notices=row.notices, make=make, file=file)
    return make


def made_of(file: str) -> Callable[[Make], Make]:
    """The same for files of another kind than flows."""
    return lambda make: made(make, file)
