"""A document that is being written, and what stands beside it."""

from functools import cached_property
from typing import Literal

from msgspec import Struct

from engine.compile import Survey, suffix, survey, yaml_reader
from engine.compile.located import Mapping, Node, Source
from engine.compile.patience import Late, never
from engine.compile.schemas import Schema, schema
from engine.model.bundle import Bundle
from engine.model.graph import FlowGraph

Kind = Literal["flow", "calendar", "environment", "test", "swml"]
_SCHEMAS: dict[Kind, str] = {
    "flow": "flow.schema.json",
    "calendar": "calendar.schema.json",
    "environment": "environment.schema.json",
    "test": "test.schema.json",
}


class Beside(Struct, frozen=True, kw_only=True):
    """The names of what stands in the flows folder. `bound`: to which calendars environments bind a use."""

    flows: tuple[str, ...] = ()
    subflows: tuple[str, ...] = ()
    swml: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    bound: dict[str, tuple[str, ...]] = {}


class Document:
    """`bundle` is that of the flow: this document, or the one that a test file or SWML is about. `earlier` is the graph of the
    last version that compiled. `late`: nobody waits for an answer any more (`OutOfTime`)."""

    def __init__(
        self,
        kind: Kind,
        text: str,
        *,
        bundle: Bundle | None = None,
        beside: Beside | None = None,
        earlier: FlowGraph | None = None,
        late: Late = never,
    ) -> None:
        self.kind = kind
        self.text = text
        self.bundle = bundle
        self.beside = beside or Beside()
        self._earlier = earlier
        self.late = late
        self._surveys: dict[str, Survey | None] = {}

    @cached_property
    def root(self) -> Node | None:
        """What can be read; a block that is not YAML is empty."""
        return yaml_reader.read("", self.text.encode())[0]

    @cached_property
    def source(self) -> Source:
        return Source("", self.text)

    @property
    def schema(self) -> Schema:
        """Empty where there is none."""
        return schema(_SCHEMAS[self.kind]) if self.kind in _SCHEMAS else {}

    @property
    def survey(self) -> Survey | None:
        """Of the flow as it stands."""
        return self._surveyed(self.text)

    @property
    def graph(self) -> FlowGraph | None:
        """As it stands, or as it was when it compiled last."""
        found = self.survey
        return found.graph if found and found.graph else self._earlier

    @property
    def graph_so_far(self) -> FlowGraph | None:
        """The same, as far as it has been looked for."""
        return next((one.graph for one in self._surveys.values() if one and one.graph), self._earlier)

    def section(self, *path: str) -> Mapping | None:
        node: Node | None = self.root
        for part in path:
            node = node.get(part) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else None

    def survey_at(self, offset: int, step: str) -> Survey | None:
        """As if the line that is being written were not, when the step cannot be read with it."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = (self.text + "\n").find("\n", offset)
        line = self.text[start:end]
        bare = line[: len(line) - len(line.lstrip(" -"))] + line.lstrip(" -").partition(": ")[0].rstrip(":") + ":"
        known = self.survey
        for instead in (line, bare, ""):
            known = self._surveyed(self.text[:start] + instead + self.text[end:]) or known
            if known is not None and (not step or step in known.scope.steps):
                break
        return known

    def _surveyed(self, text: str) -> Survey | None:
        """That of a test file or of SWML is its flow's, whatever its own text."""
        if self.bundle is None:
            return None
        text = text if self.kind == "flow" else ""
        if text not in self._surveys:
            path = suffix(self.bundle.flow)
            files = {**self.bundle.files, path: text.encode()} if self.kind == "flow" else self.bundle.files
            self._surveys[text] = survey(Bundle(self.bundle.flow, files), late=self.late)
        return self._surveys[text]
