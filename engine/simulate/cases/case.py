"""A test file and its cases, located: everything that is wrong with one has its place."""

from collections.abc import Mapping as Map
from typing import Any

from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, at
from engine.compile.plain import plain
from engine.compile.report import Report
from engine.model.diagnostics import Diagnostic, Span

SUFFIX = ".test.yaml"


class Case:
    """One call of a test file. What is asked for by its path (`expect`, `path`, 2) is there as node, as value, and by its place."""

    def __init__(self, report: Report, name: Scalar, node: Mapping) -> None:
        self.name = name.text
        self.key = name
        self.node = node
        self._report = report

    def find(self, *path: str | int) -> Node | None:
        """The node at the path, or None."""
        found = at(self.node, path)
        return found if self._is_there(path) else None

    def value(self, *path: str | int) -> Any:
        """The plain value at the path; None where there is nothing."""
        node = self.find(*path)
        return None if node is None else plain(self._report, node)

    def entries(self, *path: str) -> tuple[tuple[Scalar, Node], ...]:
        node = self.find(*path)
        return node.entries if isinstance(node, Mapping) else ()

    def items(self, *path: str) -> tuple[Node, ...]:
        node = self.find(*path)
        return node.items if isinstance(node, Sequence) else ()

    def span(self, node: Node | None = None) -> Span:
        """Of the node; without one, of the case's name."""
        where = self.key if node is None else node
        return self._report.source.span(where.start, where.end)

    def wrong(self, code: str, name: str, node: Node, message: str, help: str = "") -> None:
        """Something of the case cannot be, whatever the call does."""
        self._report.node_error(code, name, node, message, help=help, path=f"cases.{self.name}")

    @property
    def plain_uses(self) -> Map[str, Any]:
        found = self.value("uses")
        return found if isinstance(found, dict) else {}

    def _is_there(self, path: Path) -> bool:
        node: Node | None = self.node
        for part in path:
            if isinstance(node, Mapping) and isinstance(part, str):
                node = node.get(part)
            elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
            else:
                return False
        return node is not None


class TestFile:
    """`flow` is the name of the flow that is tested. `cases` are those without mistakes of shape."""

    __test__ = False

    def __init__(
        self,
        report: Report,
        flow: str,
        cases: tuple[Case, ...],
        *,
        about: Scalar | None,
        root: Mapping | None = None,
    ) -> None:
        self.root = root
        self.report = report
        self.flow = flow
        self.cases = cases
        self.about = about

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found so far, sorted by place."""
        return tuple(sorted(self.report.diagnostics, key=Diagnostic.sort_key))

    @property
    def lines(self) -> list[str]:
        return self.report.source.text.splitlines()
