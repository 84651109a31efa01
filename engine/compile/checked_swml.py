"""A check of SWML documents that a shell may bring along, because it reads a schema of others."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from engine.compile.located import Path


class SwmlProblem(Struct, frozen=True):
    """`path` is where in the document; `known` are the names that are possible there, where one is unknown."""

    path: Path
    message: str
    known: tuple[str, ...] = ()


SwmlCheck = Callable[[Any], Iterable[SwmlProblem]]
"""What is wrong with a document that has `sections`, each of whose templates has been replaced by a value."""
