"""What a row of the table of verbs says."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Repeat = Literal["safe", "while_unseen", "never"]
"""May a command be sent again after a crash, when its answer is not known?

safe          it may: doing it twice does nothing more (stops, timers)
while_unseen  only with the same control_id, while none of its events is journalled, on a live call
never         it is looked up instead, and then `lost`
"""

Shape = Literal["operation", "order", "leave", "own"]
"""How a step of the verb runs.

operation  starts an operation, which reports until it is over; may stand in the background
order      one command about a handle or the call; over when it is answered
leave      one command that ends the run when it is accepted
own        behaviour of its own, in `interpret/steps/<verb>.py`
"""

Background = Literal["may", "always"]
"""May an operation stand in the background, or does it always (its step is over when it is accepted)?"""


class LifeCycle(Struct, frozen=True, kw_only=True):
    """The marks (see `OperationReported.mark`) of an operation, and what they mean.

    `progress` marks say that it lives; `repeating` ones of them may come more than once.
    `ends` maps each mark that ends it to the step's outcome; where one of the marks in `after` was seen
    before, its own mapping comes first. `stop` is the command that stops it (empty: none does), `stopped`
    the outcome then. `results` are marks that give an outcome without ending it (continuous); they are kept
    until a `wait` takes them. `input` marks are a sign of the caller's input (barge-in). `settles`: after
    a hang-up its last report is waited for. `leaves`: outcomes with which the call has left for good.
    `trails` are ending marks that follow the mark that says how it ended, and may overtake it: what they
    end with holds when nothing better comes for a while (`limits.LINGER_MS`).
    """

    progress: tuple[str, ...]
    ends: Mapping[str, str]
    stop: str = ""
    stopped: str = "finished"
    after: Mapping[str, Mapping[str, str]] = {}
    repeating: tuple[str, ...] = ()
    results: Mapping[str, str] = {}
    input: tuple[str, ...] = ()
    settles: bool = False
    leaves: tuple[str, ...] = ()
    trails: tuple[str, ...] = ()


class Verb(Struct, frozen=True, kw_only=True):
    """`outcomes` are the ordinary ones; `failures` (error, rejected, lost) come on top where a command is sent.

    fields   what expressions find under `steps.<step>`, with their CEL types, besides `outcome`
    gives    outcome -> those of the fields that come with it, where these are not all
    answers  fields that come with the HTTP answer: our name -> the answer's
    of       the verb whose handle an order takes; literal: it takes a control_id as it stands
    needs_only_call  an order that names nothing but the call, so that a 404 to it is about the call
    modes    other life cycles, by name (`detect` without the wait for a message's end, for a fax, for a key)
    summary  one line for documents and hovers
    """

    name: str
    shape: Shape
    summary: str
    outcomes: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    gives: Mapping[str, tuple[str, ...]] = {}
    command: str = ""
    answers: Mapping[str, str] = {}
    of: str = ""
    literal: bool = False
    life: LifeCycle | None = None
    modes: Mapping[str, LifeCycle] = {}
    background: Background = "may"
    needs_only_call: bool = False
    repeat: Repeat = "never"
    failures: bool = True
    ending: bool = False
