"""Names that cannot be names: said where they are declared, and where they are used only if they are not."""

import re

from engine.compile.located import Mapping
from engine.compile.mistakes.said import Said
from engine.compile.wording import NAME, a_name_from, is_no_name, short

_DATE, _EVERY_YEARS_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$"
"""Of calendars."""
_DECLARING = ("steps", "signals", "vars", "uses", "inputs")


def no_name(said: Said, text: str) -> None:
    if _is_declared(said, text):
        return
    proposal = a_name_from(text)
    rule = "Small letters, digits and `_`, beginning with a letter"
    advice = f"{rule}: {proposal}." if proposal else f"{rule}."
    if proposal and _is_declared(said, proposal):
        advice = f"Did you mean `{proposal}`?"
    said.error("SYN005", "wrong-type", f"`{short(text)}` is no name.", advice)


def property_names(said: Said) -> None:
    node = said.key or said.node
    text = str(said.instance)
    if "set" in said.path and _is_declared(said, text):
        return
    rule = "Small letters, digits and `_`, beginning with a letter"
    pattern = said.wanted.get("pattern")
    proposal = a_name_from(text)
    advice = (f"{rule}: {proposal}." if proposal else f"{rule}.") if pattern == NAME else said.description
    problem = "cannot be a name here"
    if pattern == _DATE:
        problem, advice = "is no date of one year", f"{said.description} Such as `2026-12-24`."
    elif pattern == _EVERY_YEARS_DATE:
        problem, advice = "is no date", f"{said.description} Such as `2026-11-26`, or `12-25` for every year."
    said.error("SYN008", "bad-name", f"`{short(text)}` {problem}.", advice, node=node)
    if is_no_name((text,)):
        said.report.lost_names |= {*re.findall(r"\w+", text)[:1]}


def _is_declared(said: Said, text: str) -> bool:
    """Has it been said where the name is written first? There it has to be changed, and then here."""
    sections = (said.root.get(name) for name in _DECLARING) if isinstance(said.root, Mapping) else ()
    return any(isinstance(one, Mapping) and one.key(text) is not None for one in sections)
