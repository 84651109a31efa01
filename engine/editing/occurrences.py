"""Where the names of a document stand: every declaration and every use, by what they are names of."""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from engine.compile import durations
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence
from engine.compile.offsets import source_range
from engine.compile.schemas import Schema
from engine.editing.document import Document
from engine.editing.keys import is_cel, named, schemas_at
from engine.editing.uses_of import in_text
from engine.model.graph import RESUME

INNER = "inner step"
"""`pin/look_up` in a test: a step of a flow that its flow calls."""
_DECLARED = {"steps": "step", "vars": "variable", "inputs": "input", "uses": "use", "signals": "signal"}
_MEANS = {"handle": "step", "given": "", "outcome": "", "input_outcome": ""}
"""A handle is the name of a step; names of another flow's are not this document's."""


class Occurrence(Struct, frozen=True, kw_only=True):
    """`start` and `end` hold the name alone, without quotes. `path` is where it stands: that of the value, or of the key."""

    kind: str
    name: str
    start: int
    end: int
    path: Path
    declares: bool = False
    reads: bool = False
    """In an expression."""
    handle: bool = False
    """The step stands for its operation."""

    @property
    def symbol(self) -> tuple[str, str]:
        return self.kind, self.name


@lru_cache(maxsize=16)
def occurrences(document: Document) -> tuple[Occurrence, ...]:
    """In the order of the file. A block that is not YAML has none."""
    if document.kind == "swml":
        return tuple(_in_plain_text(document))
    if document.root is None or not document.schema:
        return ()
    found = _Walk(document).found(document.root, (), [document.schema])
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def occurrence_at(document: Document, offset: int) -> Occurrence | None:
    return next((one for one in occurrences(document) if one.start <= offset <= one.end), None)


def _in_plain_text(document: Document) -> Iterator[Occurrence]:
    """A document of SWML belongs to no one flow: all that can be seen is what its expressions read."""
    for kind, name, start in in_text(document.text, whole=False):
        yield Occurrence(kind=kind, name=name, start=start, end=start + len(name), path=(), reads=True)


class _Walk:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.handles = self._handles()

    def found(self, node: Node, path: Path, schemas: list[Schema]) -> Iterator[Occurrence]:
        if isinstance(node, Scalar):
            yield from self._scalar(node, path, schemas)
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                yield from self.found(
                    item, (*path, index), [one for each in schemas for one in schemas_at(each, (index,))]
                )
        else:
            keys = named(schemas, keys=True)
            for key, value in node.entries:
                inner = [one for each in schemas for one in schemas_at(each, (key.text,))]
                yield from self._key(key, path, keys)
                yield from self.found(value, (*path, key.text), inner)

    def _key(self, key: Scalar, path: Path, kinds: tuple[str, ...]) -> Iterator[Occurrence]:
        here = (*path, key.text)
        if self.document.kind == "flow" and len(path) == 1 and path[0] in _DECLARED:
            yield self._at(_DECLARED[str(path[0])], key, key.text, here, declares=True)
        elif self.document.kind == "flow" and path[:1] == ("signals",) and len(path) == 2:
            yield self._at("field", key, key.text, here, declares=True)
        elif path == ("handlers",) and key.text.startswith("signal."):
            name = key.text.removeprefix("signal.")
            yield self._at("signal", key, name, here)
        for kind in kinds[:1]:
            yield from self._names(kind, key, here)

    def _scalar(self, node: Scalar, path: Path, schemas: list[Schema]) -> Iterator[Occurrence]:
        cel = is_cel(schemas)
        if cel or "${{" in node.text:
            for kind, name, at in in_text(node.text, whole=cel) if isinstance(node.value, str) else ():
                yield self._at(kind, node, name, path, offset=at, reads=True)
            return
        if path[-2:-1] == ("with",) and len(path) == 5 and path[2] == "subflow":
            yield from self._handed_over(node, path)
        for kind in named(schemas)[:1]:
            yield from self._names(kind, node, path)

    def _names(self, kind: str, node: Scalar, path: Path) -> Iterator[Occurrence]:
        handle, kind = kind == "handle", _MEANS.get(kind, kind)
        if not kind or not node.text or node.text in (RESUME, "...") or durations.parse(node.text) is not None:
            return
        flow, slash, step = node.text.partition("/")
        if slash and kind == "step":
            yield self._inner(node, flow, step, path)
            return
        given = kind == "step" and node.text in self.handles
        yield self._at("input" if given else kind, node, node.text, path, handle=handle)

    def _inner(self, node: Scalar, flow: str, step: str, path: Path) -> Occurrence:
        """A step of a flow that is called: of `pin/look_up` what is marked is `look_up`."""
        found = self._at(INNER, node, node.text, path)
        return replace(found, start=found.start + len(flow) + 1, end=found.start + len(flow) + 1 + len(step))

    def _handed_over(self, node: Scalar, path: Path) -> Iterator[Occurrence]:
        """An operation for an input that is a handle."""
        survey = self.document.survey
        steps = survey.scope.steps if survey else {}
        if node.text in steps and steps[node.text].background:
            yield self._at("step", node, node.text, path, handle=True)

    def _handles(self) -> frozenset[str]:
        inputs = self.document.section("inputs")
        kinds = (
            ((key.text, value.get("type")) for key, value in inputs.entries if isinstance(value, Mapping))
            if inputs
            else ()
        )
        return frozenset(name for name, kind in kinds if isinstance(kind, Scalar) and kind.text == "handle")

    def _at(
        self,
        kind: str,
        node: Scalar,
        name: str,
        path: Path,
        *,
        offset: int = -1,
        declares: bool = False,
        reads: bool = False,
        handle: bool = False,
    ) -> Occurrence:
        raw = self.document.text[node.start : node.end]
        if offset >= 0:
            start, _ = source_range(self.document.source, node, offset, len(name))
        else:
            start = node.start + max(raw.find(name), 0)
        return Occurrence(
            kind=kind,
            name=name,
            start=start,
            end=start + len(name),
            path=path,
            declares=declares,
            reads=reads,
            handle=handle,
        )
