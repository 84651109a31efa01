"""Steps as they are written, and the expressions in them, with their places."""

from typing import NamedTuple

from msgspec import Struct

from engine.compile.located import Mapping, Node, Path, Scalar
from engine.compile.report import Report
from engine.expr import Checked
from engine.model.ids import StepName
from engine.model.verbs import Verb


class StepNode(Struct, frozen=True):
    """A step of a well-shaped document: its verb and the nodes that belong to it."""

    name: StepName
    key: Scalar
    node: Mapping
    verb: Verb
    value: Node
    place: Path = ()
    """Where it stands, if not under `steps`."""

    @property
    def path(self) -> Path:
        return (*(self.place or ("steps", self.name)), self.verb.name)

    @property
    def background(self) -> bool:
        """Is the step over when its operation is accepted? Some verbs' always are."""
        node = self.node.get("background")
        return self.verb.background == "always" or (isinstance(node, Scalar) and node.value is True)


class Use(NamedTuple):
    """An expression of a step, and where it stands: `offset` characters into the scalar's text."""

    report: Report
    scalar: Scalar
    offset: int
    path: Path
    expression: Checked

    @property
    def step(self) -> StepName:
        return step_at(self.path)

    @property
    def case(self) -> int | None:
        """The number of the condition in its `branch`."""
        number = self.path[3] if self.path[2] == "branch" else None
        return number if isinstance(number, int) else None


def step_at(path: Path) -> StepName:
    """The step that a path leads into."""
    place, name = path[:2]
    return StepName(f"finally.{int(name) + 1}" if place == "finally" else str(name))
