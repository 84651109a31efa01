"""Keys that a mapping has and should not have, lacks, or has beside one that excludes it."""

import re

from engine.compile.located import Mapping, at
from engine.compile.mistakes import left_out
from engine.compile.mistakes.said import Said
from engine.compile.report import closest, nearest
from engine.compile.schemas import Schema, opened
from engine.compile.wording import both, either, short

_INNER = {("record", "record"): "record.audio", ("record", "audio"): "audio"}
_INNER |= {("detect", "detect"): "detect", ("detect", "params"): "params"}


def required(said: Said) -> None:
    if (said.report.partial and not said.path) or said.report.leaves_out(said.node):
        return
    missing = [key for key in said.wanted if key not in said.instance]
    if misspelt(said, missing):
        return
    names = both([f"`{key}`" for key in missing])
    properties = said.schema.get("properties", {})
    described = {key: properties[key].get("description", "") for key in missing if key in properties}
    advice = " ".join(f"{key}: {means}" for key, means in described.items() if means)
    if not said.path and len(missing) > 1:
        advice = f"{said.report.kind.article} has these: {', '.join(said.wanted)}."
    said.at_key("SYN007", "missing-key", f"{said.subject} lacks {names}.", advice)


def misspelt(said: Said, missing: list[str]) -> bool:
    """Is one of the keys there under another name? That is said of the name."""
    known = said.schema.get("properties", {})
    return any(closest(key, missing) for key in said.instance if key not in known)


def unknown_keys(said: Said) -> None:
    known = said.schema.get("properties", {})
    verbs = said.schema.get("x-one-of-verbs")
    if verbs and not set(verbs) & set(said.instance):
        return  # a step without a verb is said once, by the compiler
    assert isinstance(said.node, Mapping)
    outcomes = [one for one in left_out.outcomes(said) if one.text not in known]
    for key in (one for one, _ in said.node.entries if _is_unknown(said, one.text, known) and one not in outcomes[1:]):
        message = f"{said.subject}{_tagged(said, known)} has no `{short(key.text)}`."
        advice = left_out.advice(said, key) if key in outcomes else _advice(said, key.text, known)
        said.error("SYN003", "unknown-key", message, advice, node=key)


def _is_unknown(said: Said, key: str, known: Schema) -> bool:
    """And has not been said already: of a key that is indented like its home, it is said at the home."""
    if key in known or key not in said.instance or said.instance.get(_home(key, known), key) is None:
        return False
    return not any(re.search(one, key) for one in said.schema.get("patternProperties", {}))


def _advice(said: Said, key: str, known: Schema) -> str:
    left = [one for one in known if one not in said.instance]
    return inner_of(said, key) or _home_of(key, known) or _nearest_key(key, left, known)


def _tagged(said: Said, known: Schema) -> str:
    """What kind of it, where that decides which keys there are."""
    tag = next((key for key, one in known.items() if isinstance(one.get("const"), str) and key in said.instance), "")
    return f" with `{tag}: {said.instance[tag]}`" if tag else ""


def inner_of(said: Said, key: str) -> str:
    """The API nests a command's own name; a step's value is the object inside."""
    inner = _INNER.get((str(said.path[-1]), key)) if len(said.path) == 3 and said.path[0] == "steps" else None
    return f"What stands in the API's `{inner}` stands here without it." if inner else ""


def _nearest_key(key: str, left: list[str], known: Schema) -> str:
    if not known:
        return "It takes nothing: {}."
    taken = closest(key, known)
    return f"`{taken}` is there already." if taken and taken not in left else nearest(key, left)


def _home(key: str, known: Schema) -> str:
    return next((name for name, one in known.items() if key in opened(one).get("properties", {})), "")


def _home_of(key: str, known: Schema) -> str:
    """A key that stands one level too high."""
    home = _home(key, known)
    return f"It belongs into `{home}`: {{{home}: {{{key}: ...}}}}." if home else ""


def exclusive(said: Said) -> None:
    keys = said.wanted.get("required", ())
    names = both([f"`{key}`" for key in keys])
    second = said.node.key(keys[-1]) if keys and isinstance(said.node, Mapping) else None
    said.error("SYN013", "misplaced-key", f"{names} exclude each other.", "Keep one of them.", node=second)


def dependent(said: Said) -> None:
    needed = _required_of(said.wanted[said.path[-1]])
    beside = at(said.root, said.path[:-1])
    if not isinstance(beside, Mapping) or not any(closest(key.text, needed) for key, _ in beside.entries):
        needed = [f"`{key}`" for key in needed]
        said.at_key("SYN013", "misplaced-key", f"{said.subject} has no use without {either(needed)}.")


def _required_of(schema: Schema) -> list[str]:
    return [key for one in schema.get("anyOf", [schema]) for key in one.get("required", ())]
