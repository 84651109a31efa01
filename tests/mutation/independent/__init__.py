"""Defects thought of by somebody who had read the language page and the platform's facts, and none of the rules.

listed.py     the list, which was there before the generators, and before any rule was looked at
making.py     a row of it and its generator are a kind; places.py: where flows say, compute and do something
pasting.py, refactoring.py, ... files.py    the generators
"""

from tests.mutation.independent import (
    conditions,
    failing,
    files,
    manners,
    pasting,
    platform,
    privacy,
    refactoring,
    saying,
    units,
)
from tests.mutation.independent.listed import LISTED
from tests.mutation.independent.making import INDEPENDENT

__all__ = [
    "INDEPENDENT",
    "LISTED",
    "conditions",
    "failing",
    "files",
    "manners",
    "pasting",
    "platform",
    "privacy",
    "refactoring",
    "saying",
    "units",
]
