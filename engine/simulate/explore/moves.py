"""What may happen next, as values that can be compared, printed and done again.

A move names what it is about, and not where that stands in some list, so that a way can be gone again with moves left out.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct

from engine.exchange.caller import Act
from engine.simulate.scenario import Reply, Signal

Spoils = Literal["", "422", "429", "500", "html", "hang", "execute_500", "execute_hang", "reset", "fail"]
"""What becomes of a command that does not get through: the faults of answers and of operations, by the exchange's words."""


class Move(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="move"):
    """`loses`: the webhook among those that leave by this move which never arrives, by its place. `worn`: the step whose visits are
    used up just before. `then`: what comes after, where nothing else can."""

    loses: int | None = None
    worn: str = ""
    then: tuple[Any, ...] = ()


class Hear(Move, frozen=True, kw_only=True, tag="hear"):
    """A webhook arrives: the `place`-th of those under way. `again`: another copy of it is under way."""

    place: int
    kind: str
    again: bool = False


class Read(Move, frozen=True, kw_only=True, tag="read"):
    """The answer to the command arrives."""


class Send(Move, frozen=True, kw_only=True, tag="send"):
    """The next command (or a look-up) goes out."""

    command: str
    spoilt: Spoils = ""


class Slow(Move, frozen=True, kw_only=True, tag="slow"):
    """What would be next takes its time: a webhook (`place`), the answer, or the command."""

    what: Literal["webhook", "answer", "command"]
    kind: str = ""
    place: int = 0


class Does(Move, frozen=True, kw_only=True, tag="does"):
    """The person on the line acts, or somebody decides."""

    act: Act


class Replies(Move, frozen=True, kw_only=True, tag="replies"):
    """A fetch is replied to."""

    name: str
    reply: Reply


class Signals(Move, frozen=True, kw_only=True, tag="signals"):
    signal: Signal


class Limit(Move, frozen=True, kw_only=True, tag="limit"):
    """The call has lasted as long as it may."""


class Tick(Move, frozen=True, kw_only=True, tag="tick"):
    """Time goes on, and the platform does what is due."""


class Due(Move, frozen=True, kw_only=True, tag="due"):
    """Time goes on to the run's timer."""


class Again(Move, frozen=True, kw_only=True, tag="again"):
    """Time goes on to the client's next attempt, or to the end of its patience."""


class GivesUp(Move, frozen=True, kw_only=True, tag="gives_up"):
    """Time goes on to the moment at which a fetch is given up."""

    name: str


AnyMove = Hear | Read | Send | Slow | Does | Replies | Signals | Limit | Tick | Due | Again | GivesUp


def each(moves: Iterable[AnyMove]) -> Iterator[AnyMove]:
    """One by one, with what comes after them."""
    for move in moves:
        yield move
        yield from move.then


def is_ordering(move: AnyMove) -> bool:
    """Is it only about which of what is under way comes first?"""
    plain = move.loses is None and not move.worn
    return plain and isinstance(move, Hear | Read | Send | Slow) and not fault_of(move)


def fault_of(move: AnyMove) -> str:
    """What goes wrong by it: `drop`, `duplicate`, or a fault of answers; "" for nothing."""
    if move.loses is not None:
        return "drop"
    if isinstance(move, Hear) and move.again:
        return "duplicate"
    return move.spoilt if isinstance(move, Send) else ""
