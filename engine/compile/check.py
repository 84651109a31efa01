"""The document against the schema: every mistake of shape is reported, in the author's words."""

from typing import Any

from msgspec import Struct

from engine.compile.located import Node, Path
from engine.compile.report import Report
from engine.compile.schemas import outline
from engine.compile.shape import shape


class Wanted(Struct, frozen=True):
    """A template stands where the schema wants one of these JSON types."""

    path: Path
    types: tuple[str, ...]


def check(report: Report, root: Node, document: Any, name: str = "flow.schema.json") -> list[Wanted]:
    """Reports every mistake of shape; gives the types wanted of templates."""
    wanted: list[Wanted] = []
    for failure in shape(outline(name)).failures(document):
        if failure.wrong:
            from engine.compile.mistakes import say  # most documents are right

            say(report, root, failure)
        else:
            wanted.append(Wanted(failure.path, failure.wanted))
    return wanted
