"""A test file whose flow is gone: nobody runs it, and nobody sees that."""

import re
from pathlib import Path

from engine.lint.finding import Finding
from engine.lint.places import Places
from engine.lint.report import Checked
from engine.lint.settings import Settings
from engine.project import flows

_ABOUT = re.compile(r"^tests:[ \t]*([^\s#]+)", re.MULTILINE)


def is_left_behind(path: Path) -> bool:
    return path.name.endswith(flows.TEST) and not path.with_name(_flow(path) + flows.FLOW).exists()


def checked(path: Path, settings: Settings) -> Checked:
    """What says nothing of `tests` is another program's file. One that cannot be read is an OSError."""
    text = flows.text_of(flows.read_file(path))
    about = _ABOUT.search(text) if settings.takes("TST008", str(path)) else None
    found = (_finding(path, text, *about.span(1)),) if about else ()
    return Checked(file=str(path), calendar=False, findings=found, text=text)


def _flow(path: Path) -> str:
    """`reception.more.test.yaml` is of the same flow as `reception.test.yaml`."""
    return path.name.removesuffix(flows.TEST).partition(".")[0]


def _finding(path: Path, text: str, start: int, end: int) -> Finding:
    flow = _flow(path)
    return Finding(
        file=str(path),
        code="TST008",
        name="no-flow",
        severity="warning",
        span=Places(text).span(start, end),
        start=start,
        end=end,
        message=f"There is no flow `{flow}` beside these tests.",
        help=f"Its file is {flow}{flows.FLOW}. If the flow is gone on purpose, remove its tests too.",
        path="tests",
    )
