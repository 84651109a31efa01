"""What the compiler and the linter say of an author's file."""

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "info"]


class Span(Struct, frozen=True, order=True):
    """A range of a file. Lines and columns count from 1, columns in characters; `end_column` is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Span(1, 1, 1, 1)


class Diagnostic(Struct, frozen=True, kw_only=True):
    """One finding: `code` (`SYN003`) and `name` (`unknown-key`) are stable, `path` is the place in the document
    (`steps.menu.ask`), `help` says what to write instead, `witness` how a caller gets there, step by step."""

    file: str
    span: Span
    code: str
    name: str
    severity: Severity
    message: str
    help: str = ""
    path: str = ""
    witness: tuple[str, ...] = ()

    def sort_key(self) -> tuple[str, Span, str, str]:
        return (self.file, self.span, self.code, self.message)
