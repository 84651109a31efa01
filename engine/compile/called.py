"""What a flow has to know of the flows that it calls."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from engine.expr import TextTemplate, cel_type_of
from engine.model.bundle import FLOW_SUFFIX
from engine.model.graph import FlowGraph, ReturnValue, Tree

FOLDER = "lib"


def path_of(flow: str) -> str:
    """Where a flow that others call stands below the flows folder."""
    return f"{FOLDER}/{flow}{FLOW_SUFFIX}"


def names_of(files: Iterable[str]) -> list[str]:
    """The flows among these files that others can call."""
    return [one[len(FOLDER) + 1 : -len(FLOW_SUFFIX)] for one in files if one.startswith(f"{FOLDER}/")]


class Called(Struct, frozen=True, kw_only=True):
    """`graph` is None when the flow has mistakes. `outcomes` are those of its `return` steps, each with its fields and
    their CEL types."""

    graph: FlowGraph | None
    outcomes: Mapping[str, Mapping[str, str]] = {}

    @property
    def fields(self) -> dict[str, str]:
        """The fields of all outcomes. Where two differ in type, nobody can tell."""
        found: dict[str, str] = {}
        for fields in self.outcomes.values():
            for name, kind in fields.items():
                found[name] = kind if found.get(name, kind) == kind else "dyn"
        return found


def outcomes_of(graph: FlowGraph) -> dict[str, dict[str, str]]:
    """A field has to come with every `return` of its outcome to be there."""
    found: dict[str, dict[str, str]] = {}
    for step in graph.steps.values():
        if isinstance(step.value, ReturnValue):
            fields = {name: type_of(tree) for name, tree in step.value.given.items()}
            earlier = found.get(step.value.outcome, fields)
            found[step.value.outcome] = {name: kind for name, kind in fields.items() if earlier.get(name) == kind}
    return found


def type_of(tree: Tree) -> str:
    """CEL's name for the type of a compiled value."""
    return tree.type if isinstance(tree, TextTemplate) else cel_type_of(tree)
