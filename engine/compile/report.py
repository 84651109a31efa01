"""Collects what is wrong with a file: everything, not only the first mistake."""

import difflib
from collections.abc import Iterable

from engine.compile.located import Node, Scalar, Source, source_offset
from engine.model.diagnostics import Diagnostic, Severity


class Report:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    @property
    def has_errors(self) -> bool:
        return any(found.severity == "error" for found in self.diagnostics)

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
    ) -> None:
        self.diagnostics.append(
            Diagnostic(
                file=self.source.file,
                span=self.source.span(start, end),
                code=code,
                name=name,
                severity=severity,
                message=message,
                help=help,
                path=path,
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
    ) -> None:
        """At a node: a scalar is marked whole, a mapping or list at its first line."""
        end = node.end if isinstance(node, Scalar) else self._line_end(node.start, node.end)
        self.error(code, name, node.start, end, message, help=help, path=path, severity=severity)

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
    ) -> None:
        """At some characters inside a scalar's text."""
        start = source_offset(self.source, scalar, offset)
        end = source_offset(self.source, scalar, offset + max(length, 1) - 1) + 1
        self.error(code, name, start, end, message, help=help, path=path)

    def _line_end(self, start: int, end: int) -> int:
        line_end = self.source.text.find("\n", start)
        return min(end, line_end) if line_end >= 0 else end


def nearest(name: str, known: Iterable[str]) -> str:
    """`Did you mean ...?`, or what there is to choose from, or nothing."""
    offered = sorted(known)
    near = difflib.get_close_matches(name, offered, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    if 0 < len(offered) <= 12:
        return "Known: " + ", ".join(offered) + "."
    return ""
