"""Verbs with behaviour of their own: each has a file in `interpret/steps` and a builder in `compile/steps`."""

from engine.model.rows.media import INPUT_FIELDS
from engine.model.verb import LifeCycle, Verb

AWAY = LifeCycle(progress=(), ends={}, stop="update", stopped="lost")
"""The call is away: nothing is reported; stopped by sending it back to where it waits for commands."""

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
        summary="Wait for a time, for operations in the background, or for a signal.",
        outcomes=("done", "timeout"),
        failures=False,
    ),
    Verb(
        name="fetch",
        shape="own",
        summary="Ask an HTTP service; keep what `returns` declares of its reply.",
        outcomes=("ok", "http_4xx", "http_5xx", "invalid", "failed", "timeout"),
        fields={"status": "int"},
        gives=dict.fromkeys(("invalid", "failed", "timeout"), ("status", "code", "message")),
        failures=False,
    ),
    Verb(
        name="subflow",
        shape="own",
        summary="Run another flow, and go on with the outcome that it returns.",
    ),
    Verb(
        name="return",
        shape="own",
        summary="End a subflow with an outcome, and fields for the step that has called it.",
        failures=False,
        ending=True,
    ),
    Verb(
        name="excursion",
        shape="own",
        command="update",
        summary="Send the call to SWML that can do what the API cannot, and have it back.",
        outcomes=("returned",),
        life=AWAY,
        repeat="never",
    ),
    Verb(
        name="connect",
        shape="own",
        command="update",
        summary="Connect the caller with somebody, and go on when they have talked.",
        outcomes=("bridge_ended", "busy", "no_answer", "declined", "failed"),
        life=AWAY,
        repeat="never",
    ),
)
