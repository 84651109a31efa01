"""Verbs with behaviour of their own: each has a file in `interpret/steps` and a builder in `compile/steps`."""

from engine.model.rows.media import INPUT_FIELDS
from engine.model.verb import Verb

ROWS = (
    Verb(
        name="ask",
        shape="own",
        summary="Prompt and collect in one: barge-in, reprompts and timers are the engine's.",
        outcomes=("digits", "speech", "no_input", "no_match"),
        fields={**INPUT_FIELDS, "choice": "string"},
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
)
