"""What can only follow: where nothing may be slow, and nothing go wrong, any more, what is under way arrives as it left, and the
next command goes out. What is between is no situation to be gone on from, but part of the move to it."""

from msgspec import Struct

from engine.simulate.explore.moves import AnyMove
from engine.simulate.explore.taken import Taken
from engine.simulate.laws import Breach


class Marks(Struct, frozen=True):
    """What the laws of the whole know of a transition: a step has ended with a failure (`fails`), and where something came that was
    put off (`came`)."""

    fails: bool = False
    came: str = ""

    def and_then(self, more: "Marks") -> "Marks":
        return Marks(self.fails or more.fails, "; ".join(one for one in (self.came, more.came) if one))


class Gone(Struct, frozen=True, kw_only=True):
    """A move, with what can only follow it, and what has come of the last of these. It is not gone on from with something
    `broken`, or `beyond` a budget."""

    move: AnyMove | None
    taken: Taken
    marks: Marks
    beyond: str
    broken: tuple[Breach, ...]

    @property
    def may_go_on(self) -> bool:
        return not (self.beyond or self.broken)


class Passed(Struct, frozen=True):
    """Where what can only follow has led to once: to the node `index`, by `then`."""

    index: int
    then: tuple[AnyMove, ...]
    marks: Marks
