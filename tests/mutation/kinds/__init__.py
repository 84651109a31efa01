"""The kinds of defects, by what they are about. None of them knows a rule of the linter."""

from tests.mutation.kinds import (
    around,
    asking,
    calling,
    ending,
    fetching,
    listening,
    numbers,
    recording,
    routing,
    values,
)
from tests.mutation.mutant import KINDS

__all__ = [
    "KINDS",
    "around",
    "asking",
    "calling",
    "ending",
    "fetching",
    "listening",
    "numbers",
    "recording",
    "routing",
    "values",
]
