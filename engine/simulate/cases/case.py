"""A test file and its cases, located: everything that is wrong with one has its place."""

from collections.abc import Mapping as Map
from typing import Any

from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, Source, at, child
from engine.compile.plain import plain
from engine.compile.report import Report
from engine.model.diagnostics import Diagnostic, Severity, Span

SUFFIX = ".test.yaml"


def flow_of(file: str) -> str:
    """The flow that a test file is about, by the file's name: `reception.test.yaml` as well as `reception.more.test.yaml`."""
    return file.removesuffix(SUFFIX).partition(".")[0]


class Case:
    """One call of a test file. What is asked for by its path (`expect`, `path`, 2) is there as node, as value, and by its place.
    `moment` is when it begins, where `at` has several: then it is one case for each."""

    def __init__(
        self,
        report: Report,
        name: Scalar,
        node: Mapping,
        defaults: Mapping | None = None,
        moment: Scalar | None = None,
    ) -> None:
        self.name = name.text if moment is None else f"{name.text} ({moment.text})"
        self._moment = moment
        self.key = name
        self.node = node
        self.defaults = defaults
        self._report = report

    @property
    def source(self) -> Source:
        return self._report.source

    def find(self, *path: str | int) -> Node | None:
        """The node at the path, or None: the case's own, else that of the file's `defaults`."""
        for node in (self.node, self.defaults):
            if node is not None and _is_there(node, path):
                return at(node, path)
        return None

    @property
    def moment(self) -> Node | None:
        return self._moment or self.find("at")

    def value(self, *path: str | int) -> Any:
        """The plain value at the path; None where there is nothing."""
        node = self.find(*path)
        return None if node is None else plain(self._report, node)

    def entries(self, *path: str) -> tuple[tuple[Scalar, Node], ...]:
        """Those of the file's `defaults` first, less those that the case has of its own."""
        own = self.own(*path)
        if self.defaults is None or not _is_there(self.defaults, path):
            return own
        named, node = {key.text for key, _ in own}, at(self.defaults, path)
        others = node.entries if isinstance(node, Mapping) else ()
        return (*((key, one) for key, one in others if key.text not in named), *own)

    def own(self, *path: str) -> tuple[tuple[Scalar, Node], ...]:
        """The case's own entries."""
        node = at(self.node, path) if _is_there(self.node, path) else None
        return node.entries if isinstance(node, Mapping) else ()

    def items(self, *path: str) -> tuple[Node, ...]:
        node = self.find(*path)
        return node.items if isinstance(node, Sequence) else ()

    def span(self, node: Node | None = None) -> Span:
        """Of the node; without one, of the case's name."""
        where = self.key if node is None else node
        return self._report.source.span(where.start, where.end)

    def wrong(
        self, code: str, name: str, node: Node, message: str, help: str = "", severity: Severity = "error"
    ) -> None:
        """Something of the case cannot be, whatever the call does."""
        self._report.node_error(code, name, node, message, help=help, path=f"cases.{self.name}", severity=severity)

    @property
    def plain_uses(self) -> Map[str, Any]:
        return {key.text: plain(self._report, node) for key, node in self.entries("uses")}


def _is_there(root: Mapping, path: Path) -> bool:
    node: Node | None = root
    for part in path:
        node = None if node is None else child(node, part)
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
        """Everything found so far, sorted by place; what is wrong with the `defaults` once for all cases."""
        return tuple(sorted(set(self.report.diagnostics), key=Diagnostic.sort_key))

    @property
    def lines(self) -> list[str]:
        return self.report.source.text.splitlines()
