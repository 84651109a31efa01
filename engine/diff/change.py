"""One change that somebody who calls, or who starts calls, could notice."""

from typing import Literal

from msgspec import Struct

Kind = Literal[
    "goes",
    "way_added",
    "way_lost",
    "event",
    "start",
    "reached",
    "unreached",
    "ending_added",
    "ending_lost",
    "recording",
    "said",
    "condition",
    "order",
    "verb",
    "setting",
    "declared",
    "step_added",
    "step_removed",
    "step_renamed",
]
"""goes           what led to one step leads to another
way_added      a way out of a step that there was not, such as another key
way_lost       one that there is no more
event          a handler, or where a limit lands
start          the first step
reached        a step to which there was no way, and now is
unreached      the other way round
ending_added   a way in which a call can end that it could not
ending_lost    one in which it can no more
recording      a new way to where the caller's voice is kept or passed on
said           what the caller hears
condition      of a branch, which goes where it went
order          in which a branch looks at its conditions
verb           a step does something else
setting        anything else of a step, and the flow's limits
declared       inputs, uses, variables, signals, how it dials
step_added, step_removed, step_renamed"""


class Change(Struct, frozen=True, kw_only=True):
    """`step` is its name in the new flow, where it has one; empty: the flow's own.

    what    by kind: what leads somewhere (`press 2`, `say agent`, `if <condition>`, `else`, `visits`, an outcome), the
            event, the setting, the part that is said
    before, after   steps, values or texts; None where there is nothing
    way     the shortest way of a call to it, step by step; in the old flow for what is lost
    line    of the step in the new flow; 0 where there is none
    steps   those that have changed alike, where it is about the voice of several; `step` is empty then, and `line` the first one's
    """

    kind: Kind
    step: str = ""
    what: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None
    way: tuple[str, ...] = ()
    line: int = 0
    steps: tuple[str, ...] = ()


class Compared(Struct, frozen=True, kw_only=True):
    """A flow before and after. `problems`: why it cannot be compared (`broken`), a line each."""

    flow: str
    status: Literal["changed", "same", "added", "removed", "broken"]
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()
    file: str = ""
