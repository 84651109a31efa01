"""Collects what is wrong with a file: everything, not only the first mistake, and nothing twice."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from copy import copy
from functools import lru_cache

from msgspec.structs import replace

from engine.compile.kinds import FLOW, Kind
from engine.compile.located import Node, Scalar, Source
from engine.compile.offsets import source_range
from engine.model.diagnostics import Diagnostic, Severity, Span

_MISREAD = frozenset(["SYN002", "SYN003", "SYN004", "SYN005", "SYN007"])
"""Codes of what stands where something else was meant."""


class Report:
    def __init__(self, source: Source, kind: Kind = FLOW) -> None:
        self.source = source
        self.kind = kind
        self.diagnostics: list[Diagnostic] = []
        self.partial = False
        """A part of the file could not be read, so what is missing may stand there."""
        self.lost_names: set[str] = set()
        """What may have been keys there."""
        self._marked: set[Span] = set()
        self._closed: list[tuple[int, int]] = []
        self._closed_places: set[int] = set()
        self._misread: list[int] = []

    def named(self, file: str) -> "Report":
        """The same for a file of that name, which goes on by itself."""
        other = copy(self)
        other.source = Source(file, self.source.text)
        other.diagnostics = [replace(one, file=file) for one in self.diagnostics]
        other.lost_names = {*self.lost_names}
        other._marked = {*self._marked}
        other._closed = [*self._closed]
        other._closed_places = {*self._closed_places}
        other._misread = [*self._misread]
        return other

    @property
    def has_errors(self) -> bool:
        return any(found.severity == "error" for found in self.diagnostics)

    def close(self, start: int, end: int) -> None:
        """What stands here is broken, which has been said: whatever else it causes is not reported."""
        self._closed.append((start, end))

    def close_place(self, start: int) -> None:
        """The same for the value that begins here."""
        self._closed_places.add(start)

    def is_closed(self, at: int) -> bool:
        return at in self._closed_places or any(start <= at < end for start, end in self._closed)

    def leaves_out(self, node: Node) -> bool:
        """Is a part of it closed? Then what seems to be missing may stand there."""
        return any(node.start <= start < node.end for start, _ in self._closed)

    def misreads(self, node: Node) -> bool:
        """Is a part of it not what it was meant to be (a misspelt key, a wrong type)? Then what follows from its parts is
        not known."""
        first = bisect_left(self._misread, node.start)
        return first < len(self._misread) and self._misread[first] < node.end

    def error(
        self,
        code: str,
        name: str,
        start: int,
        end: int,
        message: str,
        *,
        help: str = "",
        path: str = "",
        severity: Severity = "error",
        witness: tuple[str, ...] = (),
    ) -> None:
        """Only the first mistake at a place is reported: what comes after it is its consequence."""
        span = self.source.span(start, end)
        if span in self._marked or self.is_closed(start):
            return
        self._marked.add(span)
        if code in _MISREAD and severity == "error":
            insort(self._misread, start)
        self.diagnostics.append(
            Diagnostic(
                file=self.source.file,
                span=span,
                code=code,
                name=name,
                severity=severity,
                message=message,
                help=help,
                path=path,
                witness=witness,
            )
        )

    def node_error(
        self,
        code: str,
        name: str,
        node: Node,
        message: str,
        *,
        help: str = "",
        path: str = "",
        severity: Severity = "error",
        witness: tuple[str, ...] = (),
    ) -> None:
        """At a node: a scalar is marked whole, a mapping or list at its first line."""
        end = node.end if isinstance(node, Scalar) else self._line_end(node.start, node.end)
        self.error(code, name, node.start, end, message, help=help, path=path, severity=severity, witness=witness)

    def text_error(
        self,
        code: str,
        name: str,
        scalar: Scalar,
        offset: int,
        length: int,
        message: str,
        *,
        help: str = "",
        path: str = "",
        witness: tuple[str, ...] = (),
    ) -> None:
        """At some characters inside a scalar's text."""
        start, end = source_range(self.source, scalar, offset, length)
        self.error(code, name, start, end, message, help=help, path=path, witness=witness)

    def _line_end(self, start: int, end: int) -> int:
        line_end = self.source.text.find("\n", start)
        return min(end, line_end) if line_end >= 0 else end


_LIKENESS = 0.6


def nearest(name: str, known: Iterable[str], *, likeness: float = _LIKENESS) -> str:
    """`Did you mean ...?`, or what there is to choose from, or nothing."""
    offered = sorted(known)
    if near := closest(name, offered, likeness=likeness):
        return f"Did you mean `{near}`?"
    if 0 < len(offered) <= 12:
        return "Known: " + ", ".join(offered) + "."
    return ""


def closest(name: str, known: Iterable[str], *, likeness: float = _LIKENESS) -> str:
    """The known name that is most like this one (1: the same), or nothing. A very long name is like none."""
    return _closest(name, tuple(known), likeness) if len(name) <= 200 else ""


@lru_cache(maxsize=1024)
def _closest(name: str, known: tuple[str, ...], likeness: float) -> str:
    """The same slip is often made in many places."""
    import difflib  # only where something is misspelt

    near = difflib.get_close_matches(name, known, n=1, cutoff=likeness)
    return near[0] if near else ""
