"""The fixtures: `fixtures/<CODE>/{ok,err}/*.flow.yaml`, and of calendars `*.calendar.yaml`.

Those under err/, or the test files beside them, mark the exact place of each finding of the rule by hand, as the compiler's
corpus does (tests/compile/corpus.py). Those under ok/ look alike and have none.
"""

from pathlib import Path

from engine.lint.finding import Finding
from engine.lint.settings import SECONDS, Settings
from engine.project import checking
from tests.compile.corpus import Finding as Marked

HERE = Path(__file__).parent / "fixtures"


def flows(kind: str) -> list[Path]:
    return sorted(HERE.glob(f"*/{kind}/*.flow.yaml"))


def files(kind: str) -> list[Path]:
    """Calendars too."""
    return [*flows(kind), *sorted(HERE.glob(f"*/{kind}/*.calendar.yaml"))]


def cases_of(path: Path) -> Path:
    """A flow's test file, where there may be marks too."""
    return path.with_name(f"{path.name.partition('.')[0]}.test.yaml")


def named(path: Path) -> str:
    return f"{code(path)}-{path.name.partition('.')[0]}"


def code(path: Path) -> str:
    return path.parts[-3]


def findings(path: Path, settings: Settings | None = None) -> tuple[Finding, ...]:
    """A file that takes too long is one whose time is none."""
    settings = settings or Settings(seconds=0 if path.parts[-3:-1] == ("LNT001", "err") else SECONDS)
    return checking.check(path, settings).findings


def marked(found: Finding) -> Marked:
    span = found.span
    end = span.end_column if span.line == span.end_line else 0
    return Marked(span.line, span.column, end, f"{found.code} {found.name}")
