"""What came of a simulated call."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from engine.exchange.caller import Line as ScriptLine
from engine.exchange.effects import CallerDid, Heard, Progressed
from engine.exchange.state import Call
from engine.model.advance import Advance
from engine.model.commands import Fetch
from engine.model.events import AnyEvent
from engine.model.graph import FlowGraph
from engine.simulate import hidden, story
from engine.simulate.laws import Refusal
from engine.simulate.transcript import Line

Happened = tuple[AnyEvent, Advance] | Heard | Progressed | CallerDid
"""An event with what the run made of it, or something that the person on the line notices or does."""


class Transition(Struct, frozen=True, order=True):
    """A step of a flow ended with an outcome and the run went on to `target` ("" where it ended). The outcome of
    a `branch` is the step that it chose."""

    flow: str
    step: str
    outcome: str
    target: str = ""


class Sent(Struct, frozen=True, kw_only=True):
    """A command of the API, as it first went out."""

    command: str
    params: Mapping[str, Any] = {}


class Requested(Struct, frozen=True, kw_only=True):
    """A request of the fetch `step`; `given` is False where the scenario has no reply to it."""

    step: str
    request: Fetch
    given: bool = True


class Returned(Struct, frozen=True, kw_only=True):
    """What the run's own `return` has handed back, of a flow that others call."""

    outcome: str
    fields: Mapping[str, Any] = {}


class Outcome(Struct, frozen=True, kw_only=True):
    """One call, from its beginning to its end.

    ended       "" or the run's end reason
    stuck       why it was given up before its end: the time or the number of events that it was given
    path        the steps entered, in their order; those of a subflow as `pin/lookup`, none of `finally`
    outcomes    each step's last outcome
    heard       texts (of audio files the URLs) that began to play, in their order
    vars        of the run's own flow, at the end
    returned    None where the run has not come to a `return` of its own; the fields are those that its graph keeps
    recordings  URLs
    handled     the flow and the event of each handler that the run went to; `limit` for a landing, and `visits of menu` where
                a step's own visits were used up
    open        what the platform was left with: calls that nobody ends
    unread      lines of the script that were never come to
    unused      steps (or URLs) with replies that no request took
    in_vain     of each `presses` and `says` of the script that was come to: how many of its keys nothing listened to, 1 for words
    unmet       places (from 0) of the scenario's faults that never happened
    refusals    commands that the platform did not take, though nothing went wrong on the way
    unbounded   a step that waited, and the run had no moment at which it would have looked
    call        the run's call, as the platform has it at the end
    broken      what was wrong with Offhook itself, if anything
    """

    ended: str
    stuck: str = ""
    path: tuple[str, ...] = ()
    outcomes: Mapping[str, str] = {}
    heard: tuple[str, ...] = ()
    commands: tuple[Sent, ...] = ()
    fetches: tuple[Requested, ...] = ()
    vars: Mapping[str, Any] = {}
    returned: Returned | None = None
    recordings: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()
    handled: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()
    unread: tuple[ScriptLine, ...] = ()
    unused: tuple[str, ...] = ()
    in_vain: tuple[int, ...] = ()
    unmet: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unbounded: str = ""
    call: Call | None = None
    broken: tuple[str, ...] = ()
    happened: tuple[Happened, ...] = ()
    began_ms: int = 0
    graph: FlowGraph

    @property
    def secrets(self) -> frozenset[str]:
        """What was given of the flow's secret and private inputs and questions: to be told to nobody."""
        return hidden.values(self.graph, (one[0] for one in self.happened if isinstance(one, tuple)))

    @property
    def transcript(self) -> list[Line]:
        """What happened, line by line, with what the person heard and did among it."""
        return list(story.lines(self.graph, self.happened, began_ms=self.began_ms))
