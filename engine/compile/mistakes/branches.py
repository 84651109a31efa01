"""A value that fits none of the forms that are possible at its place."""

from engine.compile.located import Mapping
from engine.compile.mistakes.keys import inner_of, misspelt
from engine.compile.mistakes.said import Said
from engine.compile.mistakes.wrong_types import no_type
from engine.compile.report import nearest
from engine.compile.schemas import Schema
from engine.compile.wording import either, short

_ANSWERS = "Add `digits: {max: 1}` for keys, or `speech: {}` for words."


def any_of(said: Said) -> None:
    branches: list[Schema] = said.wanted
    if isinstance(said.instance, dict) and all("required" in one and "type" not in one for one in branches):
        keys = [key for one in branches for key in one["required"]]
        if not misspelt(said, keys) and not said.report.leaves_out(said.node):
            needed = either([f"`{key}`" for key in keys])
            advice = _ANSWERS if keys == ["digits", "speech"] else said.description
            said.at_key("API001", "nothing-to-do", f"{said.subject} needs {needed}.", advice)
    elif isinstance(said.instance, dict) and (mappings := [one for one in branches if "properties" in one]):
        _no_branch(said, mappings)
    else:
        no_type(said, branches)


def _no_branch(said: Said, branches: list[Schema]) -> None:
    """A mapping that has the keys of no branch, or not enough of several."""
    known = {key for one in branches for key in one["properties"]}
    assert isinstance(said.node, Mapping)
    unknown = next((key for key, _ in said.node.entries if key.text not in known), None)
    heads = sorted({one["required"][0] for one in branches if one.get("required")})
    if unknown is not None:
        near = inner_of(said, unknown.text) or nearest(unknown.text, known)
        advice = (
            near if near.startswith(("Did", "What")) else f"It begins with {either([f'`{key}`' for key in heads])}."
        )
        said.error("SYN003", "unknown-key", f"{said.subject} has no `{short(unknown.text)}`.", advice, node=unknown)
    else:
        needed = either([f"`{key}`" for key in heads])
        said.at_key("SYN007", "missing-key", f"{said.subject} needs {needed}.", said.description)
