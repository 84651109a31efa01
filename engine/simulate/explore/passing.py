"""What can only follow: where nothing may be slow, and nothing go wrong, any more, what is under way arrives as it left, and the
next command goes out. What is between is no situation to be gone on from, but part of the move to it."""

from msgspec import Struct
from msgspec.structs import replace

from engine.simulate.explore.moves import AnyMove
from engine.simulate.explore.taken import Taken
from engine.simulate.laws import Breach


class Gone(Struct, frozen=True, kw_only=True):
    """A move, with what can only follow it, and what has come of the last of these. `fails`: a step has ended with a failure.
    `came`: where something came that was put off. It is not gone on from with something `broken`, or `beyond` a budget."""

    move: AnyMove | None
    taken: Taken
    fails: bool
    came: str
    beyond: str
    broken: tuple[Breach, ...]

    @property
    def may_go_on(self) -> bool:
        return not (self.beyond or self.broken)

    def behind(self, first: "Gone") -> "Gone":
        """This one, with what has happened in the one that it follows."""
        came = "; ".join(one for one in (first.came, self.came) if one)
        return replace(self, fails=first.fails or self.fails, came=came)


class Passed(Struct, frozen=True):
    """Where what can only follow has led to once: to the node `index`, by `then`, with what has happened on the way."""

    index: int
    then: tuple[AnyMove, ...]
    gone: Gone
