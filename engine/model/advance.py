"""What one event does to a run."""

from typing import Literal

from msgspec import Struct

from engine.model.commands import Command
from engine.model.state import RunState

What = Literal[
    "entered",
    "outcome",
    "sent",
    "repeated",
    "skipped",
    "late",
    "duplicate",
    "refused",
    "ignored",
    "interrupted",
    "handler",
    "limit",
    "timer",
    "looking_up",
    "fetching",
    "signal",
    "returned",
    "settling",
    "ended",
]


class Traced(Struct, frozen=True):
    """One line of a transcript: what happened, at which step (and visit), and to what (an outcome, a command, a
    control_id). `frame` is the number of the step's frame."""

    what: What
    step: str = ""
    visit: int = 0
    subject: str = ""
    detail: str = ""
    frame: int = 0


class Advance(Struct, frozen=True):
    """The new state, the commands to send (in order, after the state is journalled) and what happened."""

    state: RunState
    commands: tuple[Command, ...]
    trace: tuple[Traced, ...]
