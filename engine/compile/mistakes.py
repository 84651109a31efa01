"""A document's mistakes of shape, in the author's words: what is wrong, and what to write instead.

One function for each keyword of JSON Schema that can fail (`engine.compile.shape`).
"""

import re
from collections.abc import Callable
from typing import Any

from engine.compile import addresses, left_out
from engine.compile.keywords import repeated
from engine.compile.located import Mapping, Node, Scalar, Sequence, at
from engine.compile.mistaken_names import no_name, property_names
from engine.compile.report import Report, closest, nearest
from engine.compile.said import Said
from engine.compile.schemas import Schema, opened
from engine.compile.shape import Failure, listed, shape
from engine.compile.wording import (
    NAME,
    a_kind,
    a_type,
    an_entry,
    both,
    either,
    has_unit,
    in_unit,
    is_duration,
    is_number,
    short,
    without_unit,
)
from engine.model.verbs import VERB

_TELEPHONE = re.compile(r"[1-9]\d{6,14}")
_ANSWERS = "Add `digits: {max: 1}` for keys, or `speech: {}` for words."
_WITH_COUNTRY = 11
"""Digits; a shorter number may be one without its country."""


def say(report: Report, root: Node, failure: Failure) -> None:
    _SAY.get(failure.keyword, _other)(Said(report, root, failure))


def _type(said: Said) -> None:
    types = listed(said.wanted)
    pattern = str(said.schema.get("pattern", ""))
    if said.instance is None:
        _nothing(said, types)
    elif pattern == NAME and isinstance(said.node, Scalar):
        no_name(said, said.node.text)
    elif is_duration(pattern):
        written = f"{short(said.instance)}s" if is_number(said.instance) else "500ms, 5s, 2m"
        _wrong_type(said, "a duration", f"Write it with its unit: {written}.")
    else:
        _wrong_type(said, either([a_type(one) for one in types]), _advice(said, types))


def _wrong_type(said: Said, wanted: str, advice: str) -> None:
    said.error("SYN005", "wrong-type", f"{said.subject} wants {wanted}, not {a_kind(said.instance)}.", advice)


def _advice(said: Said, types: tuple[str, ...]) -> str:
    instance, unit = said.instance, str(said.schema.get("x-unit", ""))
    if "string" in types and isinstance(said.node, Scalar):
        return _quoted(said, said.node.text)
    if "object" in types and (key := _only_key([said.schema], instance)):
        return f"Write {{{key}: {said.raw}}}."
    if isinstance(instance, str) and (plain := without_unit(instance, unit)):
        return f"The API takes a plain number here{in_unit(unit)}: {plain}."
    if set(types) & {"number", "integer"} and isinstance(instance, str) and has_unit(instance):
        return f"Write a number without that unit. {said.description}"
    if "boolean" in types and isinstance(instance, str):
        return "YAML's words are `true` and `false`."
    if said.path[:1] == ("steps",) and "object" in types:
        return _step_advice(said)
    if "array" in types:
        return f"Write a list: [{said.raw}]." if isinstance(said.node, Scalar) else "Each entry begins with `- `."
    if set(types) & {"number", "integer"} and isinstance(said.node, Scalar) and not said.node.plain:
        return "Numbers stand without quotes."
    return said.description


def _quoted(said: Said, text: str) -> str:
    """A telephone number that is a number to YAML has lost its plus as well."""
    if said.path[-1] not in ("to", "from", "dest") or not _TELEPHONE.fullmatch(text):
        return f'Quote it: "{text}".'
    if len(text) < _WITH_COUNTRY:
        return 'Quote it, with `+` and its country code, such as "+15550100142".'
    return f'Quote it, with `+` and its country code: "+{text}".'


def _step_advice(said: Said) -> str:
    """Of `steps`, or of one of them, which is no mapping."""
    if len(said.path) == 1:
        return "A step stands under its name: `hello:`, and below it, indented, `play: ...` and `next: ...`."
    if said.path[1] == "next":
        return "Indent it below the step that it is of."
    if len(said.path) == 2 and isinstance(said.node, Scalar) and said.node.text in VERB:
        return f"A verb is followed by `:` and its value: `{said.node.text}: ...`."
    return said.description


def _only_key(branches: list[Schema], instance: Any) -> str:
    """The key under which a text alone may stand: the one that a mapping there must have."""
    found = {
        key
        for one in branches
        for key in one.get("required", ())
        if len(one["required"]) == 1 and key in one.get("properties", {})
        if isinstance(instance, str) and shape(one["properties"][key]).accepts(instance)
    }
    return found.pop() if len(found) == 1 else ""


def _nothing(said: Said, types: tuple[str, ...]) -> None:
    behind = said.report.source.line_after(said.node.end) if isinstance(said.node, Scalar) else ""
    if below := _beside(said):
        message = f"{said.subject} has no value: what follows is indented like it."
        said.at_key("SYN005", "wrong-type", message, f"Indent {both([f'`{one}`' for one in below])} below it.")
    elif "string" in types and behind.startswith("#"):
        message = f"{said.subject} has no value: an unquoted `#` begins a comment."
        advice = f'Quote it: "{short(behind)}".' if not behind.startswith("# ") else 'Quote the key that is meant: "#".'
        said.at_key("SYN004", "yaml-trap", message, advice)
    else:
        said.at_key("SYN005", "wrong-type", f"{said.subject} has no value.", said.description)


def _beside(said: Said) -> list[str]:
    """Keys that belong into the value and stand beside it."""
    beside = at(said.root, said.path[:-1]) if len(said.path) == 3 and said.path[0] == "steps" else None
    known = said.schema.get("properties", {})
    return [key.text for key, _ in beside.entries if key.text in known] if isinstance(beside, Mapping) else []


def _pattern(said: Said) -> None:
    if "${{" in str(said.instance):
        said.error(
            "SYN005", "wrong-type", f"{said.subject} takes no `${{{{ }}}}`: it is fixed when the flow is compiled."
        )
    elif said.wanted == NAME:
        no_name(said, said.instance)
    elif is_duration(said.wanted):
        bare = re.fullmatch(r"[0-9]+", said.instance)
        advice = f"Write it with its unit: {said.instance}s." if bare else "A whole number and its unit: 500ms, 5s, 2m."
        wrong = "is no duration" if not re.fullmatch(r"0+(ms|s|m|h)", said.instance) else "is no time at all"
        said.error("SYN005", "wrong-type", f"`{short(said.instance)}` {wrong}.", advice)
    elif address := addresses.mistake(said.wanted, said.instance, said.subject):
        said.error(address.code, address.name, address.message, address.help or _fitting(said))
    else:
        said.error("SYN005", "wrong-type", f"`{short(said.instance)}` does not fit {said.subject}.", _fitting(said))


def _fitting(said: Said) -> str:
    unit = str(said.schema.get("x-unit", ""))
    if unit and (plain := without_unit(said.instance, unit)):
        return f'The API takes a text of digits here{in_unit(unit)}: "{plain}".'
    example = next(filter(None, said.schema.get("examples", ())), "")
    return f"{said.description} Such as `{short(example)}`." if example else said.description


def _required(said: Said) -> None:
    if (said.report.partial and not said.path) or said.report.leaves_out(said.node):
        return
    missing = [key for key in said.wanted if key not in said.instance]
    if _misspelt(said, missing):
        return
    names = both([f"`{key}`" for key in missing])
    properties = said.schema.get("properties", {})
    described = {key: properties[key].get("description", "") for key in missing if key in properties}
    advice = " ".join(f"{key}: {means}" for key, means in described.items() if means)
    if not said.path and len(missing) > 1:
        advice = f"{said.report.kind.article} has these: {', '.join(said.wanted)}."
    said.at_key("SYN007", "missing-key", f"{said.subject} lacks {names}.", advice)


def _misspelt(said: Said, missing: list[str]) -> bool:
    """Is one of the keys there under another name? That is said of the name."""
    known = said.schema.get("properties", {})
    return any(closest(key, missing) for key in said.instance if key not in known)


def _unknown_keys(said: Said) -> None:
    known = said.schema.get("properties", {})
    patterns = said.schema.get("patternProperties", {})
    verbs = said.schema.get("x-one-of-verbs")
    if verbs and not set(verbs) & set(said.instance):
        return  # a step without a verb is said once, by the compiler
    assert isinstance(said.node, Mapping)
    left = [one for one in known if one not in said.instance]
    outcomes = [one for one in left_out.outcomes(said) if one.text not in known]
    for key, _ in said.node.entries:
        if (
            key in outcomes[1:]
            or key.text in known
            or key.text not in said.instance
            or any(re.search(one, key.text) for one in patterns)
        ):
            continue
        home = _home(key.text, known)
        if home in said.instance and said.instance[home] is None:
            continue  # it is indented like its home, which is said there
        said.error(
            "SYN003",
            "unknown-key",
            f"{said.subject}{_tagged(said, known)} has no `{short(key.text)}`.",
            left_out.advice(said, key)
            if key in outcomes
            else _inner_of(said, key.text)
            or _refusal_of(said, key.text)
            or _home_of(key.text, known)
            or _nearest_key(key.text, left, known),
            node=key,
        )


def _tagged(said: Said, known: Schema) -> str:
    """What kind of it, where that decides which keys there are."""
    tag = next((key for key, one in known.items() if isinstance(one.get("const"), str) and key in said.instance), "")
    return f" with `{tag}: {said.instance[tag]}`" if tag else ""


_INNER = {("record", "record"): "record.audio", ("record", "audio"): "audio"}
_INNER |= {("detect", "detect"): "detect", ("detect", "params"): "params"}


def _inner_of(said: Said, key: str) -> str:
    """The API nests a command's own name; a step's value is the object inside."""
    inner = _INNER.get((str(said.path[-1]), key)) if len(said.path) == 3 and said.path[0] == "steps" else None
    return f"What stands in the API's `{inner}` stands here without it." if inner else ""


def _refusal_of(said: Said, key: str) -> str:
    """A status that a fault of a case is not called by."""
    is_fault = len(said.path) == 4 and said.path[2] == "faults"
    return "Write `reject` for a command that is refused (422)." if is_fault and key == "422" else ""


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


def _enum(said: Said) -> None:
    values = [str(one) for one in said.wanted]
    advice = nearest(str(said.instance), values) or said.description
    if said.instance is None:
        said.at_key("SYN005", "wrong-type", f"{said.subject} has no value.", advice)
        return
    said.error("SYN005", "wrong-type", f"{a_kind(said.instance)} is no value of {said.subject}.", advice)


def _const(said: Said) -> None:
    message = f"{said.subject} must be {said.wanted}, not {a_kind(said.instance)}."
    said.error("SYN005", "wrong-type", message, said.description)


def _bound(said: Said) -> None:
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "more than",
        "exclusiveMaximum": "less than",
        "multipleOf": "a multiple of",
    }
    unit = str(said.schema.get("x-unit", ""))
    limit = f"{said.wanted} {unit}".rstrip()
    message = f"{said.subject} must be {words[said.failure.keyword]} {limit}, not {short(said.instance)}."
    said.error("API004", "out-of-range", message, said.description)


def _too_short(said: Said) -> None:
    least = said.wanted
    if "x-one-of-verbs" in said.schema:
        return  # a step without a verb is said once, by the compiler
    if least == 1:
        said.at_key("SYN005", "wrong-type", f"{said.subject} is empty.", said.description)
    else:
        count = len(said.instance)
        said.at_key(
            "SYN005", "wrong-type", f"{said.subject} wants {least} entries or more, and has {count}.", said.description
        )


def _too_long(said: Said) -> None:
    most, count = said.wanted, len(said.instance)
    what = "characters" if isinstance(said.instance, str) else an_entry(most)
    said.at_key(
        "API004", "out-of-range", f"{said.subject} takes {most} {what} at most, and has {count}.", said.description
    )


def _twice(said: Said) -> None:
    index = repeated(said.instance) or 0
    node = said.node.items[index] if isinstance(said.node, Sequence) else said.node
    said.error(
        "SYN005",
        "wrong-type",
        f"{said.subject} has {a_kind(said.instance[index])} twice.",
        "Remove one of them.",
        node=node,
    )


def _planned(said: Said) -> None:
    title = str(said.schema.get("title", "")).lower()
    is_branch = said.schema.get("type") == "object" and bool(title) and title != said.path[-1]
    what = f"this form of {said.subject}" if is_branch else said.subject
    said.at_key("SYN010", "not-yet", f"{what} is part of the language, but this version cannot do it yet.")


def _not(said: Said) -> None:
    keys = said.wanted.get("required", ())
    names = both([f"`{key}`" for key in keys])
    second = said.node.key(keys[-1]) if keys and isinstance(said.node, Mapping) else None
    said.error("SYN013", "misplaced-key", f"{names} exclude each other.", "Keep one of them.", node=second)


def _dependent(said: Said) -> None:
    needed = _required_of(said.wanted[said.path[-1]])
    beside = at(said.root, said.path[:-1])
    if not isinstance(beside, Mapping) or not any(closest(key.text, needed) for key, _ in beside.entries):
        needed = [f"`{key}`" for key in needed]
        said.at_key("SYN013", "misplaced-key", f"{said.subject} has no use without {either(needed)}.")


def _required_of(schema: Schema) -> list[str]:
    return [key for one in schema.get("anyOf", [schema]) for key in one.get("required", ())]


def _any_of(said: Said) -> None:
    branches: list[Schema] = said.wanted
    if isinstance(said.instance, dict) and all("required" in one and "type" not in one for one in branches):
        keys = [key for one in branches for key in one["required"]]
        if not _misspelt(said, keys) and not said.report.leaves_out(said.node):
            needed = either([f"`{key}`" for key in keys])
            advice = _ANSWERS if keys == ["digits", "speech"] else said.description
            said.at_key("API001", "nothing-to-do", f"{said.subject} needs {needed}.", advice)
    elif isinstance(said.instance, dict) and (mappings := [one for one in branches if "properties" in one]):
        _no_branch(said, mappings)
    else:
        _no_type(said, branches)


def _no_branch(said: Said, branches: list[Schema]) -> None:
    """A mapping that has the keys of no branch, or not enough of several."""
    known = {key for one in branches for key in one["properties"]}
    assert isinstance(said.node, Mapping)
    unknown = next((key for key, _ in said.node.entries if key.text not in known), None)
    heads = sorted({one["required"][0] for one in branches if one.get("required")})
    if unknown is not None:
        near = _inner_of(said, unknown.text) or nearest(unknown.text, known)
        advice = (
            near if near.startswith(("Did", "What")) else f"It begins with {either([f'`{key}`' for key in heads])}."
        )
        said.error("SYN003", "unknown-key", f"{said.subject} has no `{short(unknown.text)}`.", advice, node=unknown)
    else:
        needed = either([f"`{key}`" for key in heads])
        said.at_key("SYN007", "missing-key", f"{said.subject} needs {needed}.", said.description)


def _no_type(said: Said, branches: list[Schema]) -> None:
    types = list(dict.fromkeys(kind for one in branches for kind in listed(one.get("type", ()))))
    pattern = next((str(one.get("pattern", "")) for one in branches if "string" in listed(one.get("type", ()))), "")
    wanted = {"string": "a duration, a handle"} if is_duration(pattern) else {}
    advice = said.description
    if "object" in types and (key := _only_key(branches, said.instance)):
        advice = f"Write {{{key}: {said.raw}}}."
    if isinstance(said.node, Scalar) and "string" in types:
        advice = f"Write it with its unit: {said.node.text}s." if wanted else _quoted(said, said.node.text)
    if said.instance is None:
        _nothing(said, tuple(types))
    else:
        _wrong_type(said, either([wanted.get(one) or a_type(one) for one in types]), advice)


def _other(said: Said) -> None:
    said.error("SYN005", "wrong-type", f"{a_kind(said.instance)} does not fit {said.subject}.", said.description)


_SAY: dict[str, Callable[[Said], None]] = {
    "type": _type,
    "x-planned": _planned,
    "pattern": _pattern,
    "propertyNames": property_names,
    "required": _required,
    "additionalProperties": _unknown_keys,
    "enum": _enum,
    "const": _const,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _bound),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), _too_short),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), _too_long),
    "uniqueItems": _twice,
    "anyOf": _any_of,
    "not": _not,
    "dependentSchemas": _dependent,
}
