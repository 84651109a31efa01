"""A failure of the schema where it stands in the document, and what is said there."""

from typing import Any

from engine.compile.located import Mapping, Node, Path, Scalar, at, dotted
from engine.compile.report import Report
from engine.compile.schemas import Schema
from engine.compile.shape import Failure
from engine.compile.wording import is_no_name, short, subject


class Said:
    """A failure and where it stands."""

    def __init__(self, report: Report, root: Node, failure: Failure) -> None:
        self.report = report
        self.root = root
        self.failure = failure
        self.path: Path = failure.path
        self.instance: Any = failure.instance
        self.wanted: Any = failure.wanted
        self.schema: Schema = failure.schema
        self.node = at(root, failure.path)
        self.subject = subject(failure.path, report.kind.word)
        self.description = str(failure.schema.get("description", ""))

    @property
    def raw(self) -> str:
        """The value as it is written."""
        return short(self.report.source.text[self.node.start : self.node.end])

    @property
    def key(self) -> Scalar | None:
        """The key of the value, when it has one."""
        parent = at(self.root, self.path[:-1]) if self.path else None
        last = self.path[-1] if self.path else None
        return parent.key(last) if isinstance(parent, Mapping) and isinstance(last, str) else None

    def error(self, code: str, name: str, message: str, help: str = "", *, node: Node | None = None) -> None:
        if self.report.is_closed(self.node.start) or (
            code != "SYN008" and self.path[:1] == ("steps",) and is_no_name(self.path[1:2])
        ):
            return
        where = dotted(self.path)
        message = message[:1].upper() + message[1:]
        self.report.node_error(code, name, node or self.node, message, help=help, path=where)

    def at_key(self, code: str, name: str, message: str, help: str = "") -> None:
        self.error(code, name, message, help, node=self.key or self.node)
