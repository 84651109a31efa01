"""What comes of compiling a flow."""

from msgspec import Struct

from engine.compile.declarations import Declarations
from engine.compile.located import Mapping
from engine.compile.paths import Paths
from engine.compile.report import Report
from engine.compile.scope import Scope
from engine.compile.sketch import Sketch
from engine.model.diagnostics import Diagnostic
from engine.model.graph import FlowGraph


class Compiled(Struct, frozen=True):
    """`graph` is None when a diagnostic is an error; then there is a `sketch` of what is sound, if there is a flow at all.
    `paths` are those of the graph, for who looks at them again. `unfinished`: what was being done when the file's time was over; the diagnostics are those until then."""

    graph: FlowGraph | None
    diagnostics: tuple[Diagnostic, ...]
    unfinished: str = ""
    sketch: Sketch | None = None
    paths: Paths | None = None


class Survey(Struct, frozen=True, kw_only=True):
    """What is known of a flow, though it may have mistakes. `graph` is None when it has others than names that may
    be unset."""

    report: Report
    root: Mapping
    scope: Scope
    declared: Declarations
    graph: FlowGraph | None
