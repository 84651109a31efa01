"""The verbs: one row each. Compiler, interpreter, wire, exchange and documents read this table.

A command of the API with the generic life cycle (start, events, stop) is a row here and a
schema in schemas/; only a verb with behaviour of its own gets a file in `compile/steps` and
`interpret/steps`.
"""

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


class LifeCycle(Struct, frozen=True, kw_only=True):
    """The marks (see `OperationReported.mark`) of an operation, and what they mean.

    `progress` marks say that it lives; `repeating` ones of them may come more than once.
    `ends` maps each mark that ends it to the step's outcome; `stopped` is the outcome when the
    engine or the flow stopped it. `input` marks are a sign of the caller's input (barge-in).
    `settles`: after a hang-up its last report is waited for.
    """

    stop: str
    progress: tuple[str, ...]
    ends: Mapping[str, str]
    stopped: str
    repeating: tuple[str, ...] = ()
    input: tuple[str, ...] = ()
    settles: bool = False


class Verb(Struct, frozen=True, kw_only=True):
    """`outcomes` are the ordinary ones; `failures` (error, rejected, lost) come on top where a command is sent.

    `fields` are what expressions find under `steps.<step>`, with their CEL types, besides `outcome`.
    `of` names the verb whose handle an order takes. `summary` is one line for documents and hovers.
    """

    name: str
    shape: Shape
    summary: str
    outcomes: tuple[str, ...] = ()
    fields: Mapping[str, str] = {}
    command: str = ""
    of: str = ""
    life: LifeCycle | None = None
    repeat: Repeat = "never"
    failures: bool = True
    ending: bool = False


INPUT_FIELDS = {
    "value": "string",
    "digits": "string",
    "terminator": "string",
    "text": "string",
    "confidence": "double",
}

VERBS: tuple[Verb, ...] = (
    Verb(
        name="play",
        shape="operation",
        command="calling.play",
        summary="Play text, audio, silence or a ringtone to the call.",
        outcomes=("finished", "interrupted"),
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.play.stop",
            progress=("playing", "paused"),
            ends={"finished": "finished", "error": "error"},
            stopped="finished",
        ),
    ),
    Verb(
        name="collect",
        shape="operation",
        command="calling.collect",
        summary="Collect digits, speech or both.",
        outcomes=("digits", "speech", "no_input", "no_match"),
        fields=INPUT_FIELDS,
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.collect.stop",
            progress=("collecting", "start_of_input", "partial"),
            repeating=("partial",),
            ends={
                "digit": "digits",
                "speech": "speech",
                "no_input": "no_input",
                "no_match": "no_match",
                "finished": "no_input",
                "error": "error",
            },
            stopped="no_input",
            input=("start_of_input", "partial", "digit", "speech"),
        ),
    ),
    Verb(
        name="record",
        shape="operation",
        command="calling.record",
        summary="Record the call; the URL comes with the last webhook.",
        outcomes=("finished", "no_input"),
        fields={"url": "string", "duration": "double", "size": "int", "format": "string"},
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.record.stop",
            progress=("recording", "paused"),
            repeating=("recording", "paused"),
            ends={"finished": "finished", "no_input": "no_input", "error": "error"},
            stopped="finished",
            settles=True,
        ),
    ),
    Verb(
        name="play.stop",
        shape="order",
        command="calling.play.stop",
        of="play",
        summary="Stop a playback.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="collect.stop",
        shape="order",
        command="calling.collect.stop",
        of="collect",
        summary="Stop a collect; it ends as no_input.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="collect.start_input_timers",
        shape="order",
        command="calling.collect.start_input_timers",
        of="collect",
        summary="Start the initial_timeout of a collect that was begun with start_input_timers: false.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="record.stop",
        shape="order",
        command="calling.record.stop",
        of="record",
        summary="Stop a recording.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="update",
        shape="order",
        command="update",
        summary="Cancel, complete or redirect a call leg.",
        outcomes=("accepted",),
        repeat="never",
    ),
    Verb(
        name="ask",
        shape="own",
        summary="Prompt and collect in one: barge-in, reprompts and timers are the engine's.",
        outcomes=("digits", "speech", "no_input", "no_match"),
        fields=INPUT_FIELDS,
    ),
    Verb(
        name="branch",
        shape="own",
        summary="Go to the first step whose condition holds.",
        failures=False,
    ),
    Verb(
        name="set",
        shape="own",
        summary="Compute variables; all right sides first.",
        outcomes=("done",),
        failures=False,
    ),
    Verb(
        name="wait",
        shape="own",
        summary="Wait for a time or for operations in the background.",
        outcomes=("done", "timeout"),
        failures=False,
    ),
    Verb(
        name="redirect",
        shape="leave",
        command="update",
        summary="Hand the call over to SWML, for good.",
        ending=True,
        repeat="never",
    ),
    Verb(
        name="end",
        shape="leave",
        command="calling.end",
        summary="Hang up, or with `done` end the run and send nothing.",
        ending=True,
        repeat="never",
    ),
)

VERB: Mapping[str, Verb] = {verb.name: verb for verb in VERBS}
COMMANDS: Mapping[str, Verb] = {
    verb.command: verb for verb in VERBS if verb.command and verb.shape in ("operation", "order")
}
REPEAT: Mapping[str, Repeat] = {
    "dial": "never",
    "calling.end": "safe",
    **{command: verb.repeat for command, verb in COMMANDS.items()},
}
"""The repeat class of every command. `calling.end` twice is one hang-up."""

FAILURES = ("error", "rejected", "lost")
"""The outcomes that go to the step where it names them, else to the flow's handler, else end the call."""

OWNED_KEYS = ("id", "control_id", "status_url")
"""Params that the engine sets itself."""

HANDLERS = ("hangup", *FAILURES)
"""What `handlers:` may name."""
