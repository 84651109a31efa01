"""A file as rules see it: its text, its located document, its graph where it compiles, and what stands beside it."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from typing import TYPE_CHECKING

from engine.compile.located import Mapping as Entries
from engine.compile.located import Node, Path, Scalar, Sequence, Source, dotted, walk
from engine.compile.offsets import source_range
from engine.compile.paths import Paths
from engine.compile.patience import Late, asking, never
from engine.compile.scope import StepNode
from engine.compile.sketch import Sketch
from engine.lint.finding import Edit, Fix
from engine.lint.places import Places
from engine.lint.routes import Reached, Ways, entries, reached, ways
from engine.lint.rule import Found, Needs
from engine.model.bundle import FLOW_SUFFIX, Bundle
from engine.model.diagnostics import Severity
from engine.model.graph import UNKNOWN, FlowGraph
from engine.model.ids import StepName
from engine.model.verbs import VERB

if TYPE_CHECKING:
    from engine.lint.calls import Calls

_EMPTY = Entries(entries=(), start=0, end=0)


class Subject:
    """`root` is empty when the file is no mapping, and `graph` is None then.

    `graph` is that of a `sketch` where the file does not compile (`is_whole` is false): the `broken` steps are not
    looked at, as nobody knows what they will be, and lead nobody knows where. `beside` are the
    names of the test files in the same folder, and `tests` is the content of the flow's own. `late` says that the file's time
    is over, and `paths` are the graph's.
    """

    def __init__(
        self,
        *,
        file: str,
        bundle: Bundle,
        text: str,
        root: Node | None = None,
        graph: FlowGraph | None = None,
        sketch: Sketch | None = None,
        beside: Set[str] = frozenset(),
        tests: bytes | None = None,
        options: Mapping[str, int] | None = None,
        late: Late = never,
        paths: Paths | None = None,
    ) -> None:
        self.file = file
        self.bundle = bundle
        self.root = root if isinstance(root, Entries) else _EMPTY
        self.graph = graph if graph is not None or sketch is None else sketch.graph
        self.is_whole = graph is not None
        self.broken = sketch.broken if sketch is not None else frozenset[StepName]()
        self.is_sure = sketch is None or sketch.sure
        self.beside = beside
        self.tests = tests
        self.options: Mapping[str, int] = options or {}
        self.places = Places(text)
        self.check_time = asking(late)
        self._paths = paths
        self._steps_of: dict[tuple[str, ...], list[StepNode]] = {}

    def has(self, needs: Needs) -> bool:
        """What a rule needs."""
        return needs == "document" or (self.graph is not None if needs == "ways" else self.is_whole)

    @property
    def tests_file(self) -> str:
        """The name of the test file, wherever the flow's is."""
        return f"{self.file.removesuffix(FLOW_SUFFIX)}.test.yaml"

    @cached_property
    def tests_places(self) -> Places:
        return Places((self.tests or b"").removeprefix(BOM_UTF8).decode("utf-8", "replace"))

    @cached_property
    def ways(self) -> Ways:
        """Of the graph, which has to be there; so for `reached`."""
        assert self.graph is not None
        return ways(self.graph)

    @cached_property
    def reached(self) -> Reached:
        """The steps that a run may come to, from its start or a handler."""
        assert self.graph is not None
        return reached(self.ways, entries(self.graph))

    def may_lead(self, step: StepName, *more: StepName) -> bool:
        """May these steps lead to something that nobody knows: a broken step, or what is wrong around the steps?"""
        return not self.is_sure or not self.broken.isdisjoint(reached(self.ways, [step, *more]))

    @property
    def has_broken_steps(self) -> bool:
        """Are there steps of which nobody knows what they do?"""
        return bool(self.broken - {UNKNOWN})

    @cached_property
    def is_led(self) -> bool:
        """Is it known of every step that is reached where it leads?"""
        return self.is_sure and UNKNOWN not in self.reached

    @cached_property
    def calls(self) -> "Calls":
        """What may be so of a call on the way to each step."""
        from engine.lint.calls import Calls

        assert self.graph is not None
        return Calls(self.graph, self.check_time, self._paths)

    @cached_property
    def _scalars(self) -> tuple[tuple[Path, Scalar], ...]:
        return tuple(walk(self.root))

    @cached_property
    def _source(self) -> Source:
        return Source(self.file, self.places.text)

    @cached_property
    def _steps(self) -> Mapping[str, StepNode]:
        section = self.root.get("steps")
        found: dict[str, StepNode] = {}
        for key, node in section.entries if isinstance(section, Entries) else ():
            if not isinstance(node, Entries):
                continue
            verbs = [(name, value) for name, value in node.entries if name.text in VERB]
            if len(verbs) == 1 and key.text not in self.broken:
                name, value = verbs[0]
                found[key.text] = StepNode(StepName(key.text), key, node, VERB[name.text], value)
        return found

    def steps(self, *verbs: str) -> Iterator[StepNode]:
        """The sound steps in the order of the file: all, or those of the verbs."""
        if verbs not in self._steps_of:
            self._steps_of[verbs] = [one for one in self._steps.values() if not verbs or one.verb.name in verbs]
        for step in self._steps_of[verbs]:
            self.check_time()
            yield step

    def step(self, name: str) -> StepNode | None:
        return self._steps.get(name)

    def section(self, *path: str) -> Entries:
        """The mapping at the path, or an empty one."""
        node: Node | None = self.root
        for part in path:
            node = node.get(part) if isinstance(node, Entries) else None
        return node if isinstance(node, Entries) else _EMPTY

    def scalars(self) -> tuple[tuple[Path, Scalar], ...]:
        """Every value of the document that is no mapping and no list, with its path; those of broken steps too."""
        self.check_time()
        return self._scalars

    def is_in_brackets(self, path: Path) -> bool:
        """Does the value stand inside of `{}` or `[]`?"""
        node: Node | None = self.root
        for part in path:
            if node is not None and self.places.text.startswith(("{", "["), node.start):
                return True
            if isinstance(node, Sequence):
                node = node.items[part] if isinstance(part, int) else None
            else:
                node = node.get(str(part)) if isinstance(node, Entries) else None
        return False

    def found(
        self,
        node: Node,
        message: str,
        *,
        help: str,
        path: Path = (),
        witness: tuple[str, ...] = (),
        fix: Fix | None = None,
        severity: Severity | None = None,
        part: tuple[int, int] | None = None,
    ) -> Found:
        """At a node: a scalar is marked whole, a mapping or list at its first line. `part` of a scalar's text: where it begins
        and ends."""
        start = node.start
        end = node.end if isinstance(node, Scalar) else min(node.end, self.places.line_end(node.start))
        if part is not None and isinstance(node, Scalar):
            start, end = source_range(self._source, node, part[0], part[1] - part[0])
        return Found(
            start=start,
            end=end,
            message=message,
            help=help,
            path=dotted(path),
            witness=witness,
            fix=fix,
            severity=severity,
        )

    def adding(self, mapping: Entries, entry: str) -> Edit | None:
        """Puts `key: value` first into a mapping, in its own style."""
        text, start = self.places.text, mapping.start
        if text.startswith("{", start):
            return Edit(start + 1, start + 1, f"{entry}, " if mapping.entries else entry)
        if not mapping.entries:
            return None
        at = mapping.entries[0][0].start
        indent = " " * (at - self.places.line_start(at))
        return Edit(at, at, f"{entry}{self._return(at)}\n{indent}")

    def appending(self, mapping: Entries, entry: str) -> Edit | None:
        """Puts `key: value` last into a mapping that has entries, in its own style."""
        if not mapping.entries:
            return None
        if self.places.text.startswith("{", mapping.start):
            return Edit(mapping.end - 1, mapping.end - 1, f", {entry}")
        first, at = mapping.entries[0][0].start, self.places.line_end(self._end(mapping) - 1)
        return Edit(at, at, f"\n{' ' * (first - self.places.line_start(first))}{entry}{self._return(at)}")

    def _return(self, offset: int) -> str:
        """What stands before the line break there: nothing, or a carriage return."""
        end = self.places.line_end(offset)
        return "\r" if self.places.text[end - 1 : end] == "\r" else ""

    def _end(self, node: Node) -> int:
        """Behind the last character of it that is none of the layout."""
        if isinstance(node, Scalar) or self.places.text.startswith(("{", "["), node.start):
            return node.end
        inner = node.items if isinstance(node, Sequence) else (part for entry in node.entries for part in entry)
        return max((self._end(one) for one in inner), default=node.start)

    def whole_lines(self, key: Scalar, node: Node) -> tuple[int, int] | None:
        """The lines that hold nothing but this entry, for a fix that removes it."""
        end = max(key.end, self._end(node))
        start, after = self.places.line_start(key.start), self.places.line_end(end - 1)
        text = self.places.text
        if text[start : key.start].strip() or text[end:after].strip():
            return None
        return start, min(after + 1, len(text))


def text_at(node: Node | None, *path: str) -> str:
    """The text of the scalar at the path below a mapping, or nothing."""
    found = node_at(node, *path)
    return found.text if isinstance(found, Scalar) else ""


def node_at(node: Node | None, *path: str) -> Node | None:
    for part in path:
        node = node.get(part) if isinstance(node, Entries) else None
    return node


def number_at(node: Node | None, *path: str) -> float | None:
    """The number at the path; None where there is none, or a template."""
    found = node_at(node, *path)
    value = found.value if isinstance(found, Scalar) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
