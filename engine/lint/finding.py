"""A finding, and the edits that would repair it."""

from typing import Literal

from msgspec import Struct

from engine.model.diagnostics import Severity, Span

Safety = Literal["safe", "unsafe"]
"""safe: the flow does the same, or what it was meant to; unsafe: somebody has to look at it."""


class Edit(Struct, frozen=True):
    """Replaces the characters from `start` to `end` of the file's text (without a byte order mark)."""

    start: int
    end: int
    text: str


class Fix(Struct, frozen=True, kw_only=True):
    title: str
    safety: Safety
    edits: tuple[Edit, ...]


class Finding(Struct, frozen=True, kw_only=True):
    """`start` and `end` are offsets in characters, `span` the same as lines and columns. `path` is the place in the
    document (`steps.menu.ask`), `witness` how a caller gets there, step by step."""

    file: str
    code: str
    name: str
    severity: Severity
    span: Span
    start: int
    end: int
    message: str
    help: str = ""
    path: str = ""
    witness: tuple[str, ...] = ()
    fix: Fix | None = None

    def sort_key(self) -> tuple[str, Span, str, str]:
        return (self.file, self.span, self.code, self.message)
