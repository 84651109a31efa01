"""A value of the right type that is not allowed: none of a few, out of its bounds, or against a pattern."""

import re

from engine.compile.keywords import repeated
from engine.compile.located import Sequence
from engine.compile.mistakes import addresses
from engine.compile.mistakes.names import no_name
from engine.compile.mistakes.said import Said
from engine.compile.report import nearest
from engine.compile.wording import NAME, a_kind, an_entry, in_unit, is_duration, short, without_unit


def pattern(said: Said) -> None:
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


def enum(said: Said) -> None:
    values = [str(one) for one in said.wanted]
    advice = nearest(str(said.instance), values) or said.description
    if said.instance is None:
        said.at_key("SYN005", "wrong-type", f"{said.subject} has no value.", advice)
        return
    said.error("SYN005", "wrong-type", f"{a_kind(said.instance)} is no value of {said.subject}.", advice)


def const(said: Said) -> None:
    message = f"{said.subject} must be {said.wanted}, not {a_kind(said.instance)}."
    said.error("SYN005", "wrong-type", message, said.description)


def bound(said: Said) -> None:
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


def too_short(said: Said) -> None:
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


def too_long(said: Said) -> None:
    most, count = said.wanted, len(said.instance)
    what = "characters" if isinstance(said.instance, str) else an_entry(most)
    said.at_key(
        "API004", "out-of-range", f"{said.subject} takes {most} {what} at most, and has {count}.", said.description
    )


def twice(said: Said) -> None:
    index = repeated(said.instance) or 0
    node = said.node.items[index] if isinstance(said.node, Sequence) else said.node
    said.error(
        "SYN005",
        "wrong-type",
        f"{said.subject} has {a_kind(said.instance[index])} twice.",
        "Remove one of them.",
        node=node,
    )


def planned(said: Said) -> None:
    title = str(said.schema.get("title", "")).lower()
    is_branch = said.schema.get("type") == "object" and bool(title) and title != said.path[-1]
    what = f"this form of {said.subject}" if is_branch else said.subject
    said.at_key("SYN010", "not-yet", f"{what} is part of the language, but this version cannot do it yet.")


def other(said: Said) -> None:
    said.error("SYN005", "wrong-type", f"{a_kind(said.instance)} does not fit {said.subject}.", said.description)
