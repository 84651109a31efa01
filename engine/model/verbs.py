"""The table of verbs: compiler, interpreter, wire, exchange and documents read it.

A command of the API with the generic life cycle (start, events, stop) is a row in `model/rows` and a
schema in schemas/; only a verb with behaviour of its own gets a file in `compile/steps` and
`interpret/steps`.
"""

from collections.abc import Mapping

from engine.model.rows import assistants, call, control, media
from engine.model.verb import Background, LifeCycle, Repeat, Shape, Verb

__all__ = [
    "COMMANDS",
    "FAILURES",
    "HANDLERS",
    "OWNED_KEYS",
    "REPEAT",
    "VERB",
    "VERBS",
    "Background",
    "LifeCycle",
    "Repeat",
    "Shape",
    "Verb",
    "fields_after",
]

VERBS: tuple[Verb, ...] = (*control.ROWS, *media.ROWS, *call.ROWS, *assistants.ROWS)

VERB: Mapping[str, Verb] = {verb.name: verb for verb in VERBS}
COMMANDS: Mapping[str, Verb] = {
    verb.command: verb for verb in VERBS if verb.command and verb.shape in ("operation", "order")
}
REPEAT: Mapping[str, Repeat] = {
    **{verb.command: verb.repeat for verb in VERBS if verb.command},
    "calling.end": "safe",
}
"""The repeat class of every command. `calling.end` twice is one hang-up."""

FAILURES = ("error", "rejected", "lost")
"""The outcomes that go to the step where it names them, else to the flow's handler, else end the call."""


def fields_after(verb: Verb, outcome: str) -> tuple[str, ...]:
    """The fields of `steps.<step>`, besides `outcome`, that are set when its verb has ended like that."""
    if outcome in FAILURES or outcome == "expression":
        return ("code", "message")
    return () if outcome == "interrupted" else verb.gives.get(outcome, tuple(verb.fields))


OWNED_KEYS = ("id", "control_id", "status_url")
"""Params that the engine sets itself."""

HANDLERS = ("hangup", *FAILURES)
"""What `handlers:` may name."""
