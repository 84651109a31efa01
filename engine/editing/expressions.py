"""Names and functions inside `${{ }}` and CEL: what may be written, and what stands at a place."""

import re

from msgspec import Struct

from engine.editing.cursor import Cursor
from engine.editing.functions import FUNCTIONS
from engine.editing.keys import is_cel, schemas_at
from engine.editing.known import Name, Place
from engine.editing.steps import about_step

_BEFORE = re.compile(r"[\w.]*")
"""Of the text read backwards: looked for forwards, each letter would begin another try."""
_NAMED = re.compile(r"[A-Za-z_].*")
_TAIL = re.compile(r"[\w]*")
_SPACES = {
    "vars": "The run's variables.",
    "inputs": "What whoever starts the flow has given.",
    "uses": "What the environment binds.",
    "steps": "What steps have left behind.",
    "call": "The call.",
    "run": "The run.",
    "signal": "Of the signal that was taken last.",
}
_ANSWER = {"value": "string", "digits": "string", "text": "string", "confidence": "double"}


class Written(Struct, frozen=True):
    """A dotted name or the beginning of one; its last part is at `start` to `end`."""

    before: str
    word: str
    start: int
    end: int

    @property
    def dotted(self) -> str:
        return f"{self.before}.{self.word}" if self.before else self.word


def written_at(place: Place, cursor: Cursor, offset: int) -> Written | None:
    """None where the place lies in no expression."""
    text = place.document.text
    begin = _begin(place, cursor, offset)
    if begin is None:
        return None
    before, _, word = _dotted(text[begin:offset]).rpartition(".")
    tail = _TAIL.match(text, offset)
    end = tail.end() if tail else offset
    return Written(before, word + text[offset:end], offset - len(word), end)


def _dotted(text: str) -> str:
    """The name that the text ends in, or nothing."""
    found = _BEFORE.match(text[::-1])
    named = _NAMED.search(found.group()[::-1]) if found else None
    return named.group() if named else ""


def _begin(place: Place, cursor: Cursor, offset: int) -> int | None:
    """Where the expression begins that the place is in; none in the quotes of a text of CEL."""
    text = place.document.text
    opened = text.rfind("${{", cursor.value, offset)
    begin = opened + 3 if opened >= 0 and "}}" not in text[opened:offset] else None
    if begin is None and place.document.kind == "flow" and cursor.is_value:
        whole = is_cel(schemas_at(place.document.schema, place.path))
        begin = cursor.value + (text[cursor.value : cursor.value + 1] in ("'", '"')) if whole else None
    if begin is None or begin > offset:
        return None
    return None if re.sub(r"'[^']*'|\"[^\"]*\"", "", text[begin:offset]).count("'") % 2 else begin


def offered(place: Place, written: Written) -> list[Name]:
    """The next part of every name, and the functions."""
    types = types_at(place)
    prefix = f"{written.before}." if written.before else ""
    found: dict[str, Name] = {}
    for name, kind in types.items():
        if name.startswith(prefix):
            part, _, rest = name[len(prefix) :].partition(".")
            found.setdefault(part, _part(place, prefix + part, "" if rest else kind))
    return list(found.values()) + ([] if prefix else [*FUNCTIONS.values()])


def types_at(place: Place) -> dict[str, str]:
    """The names that may be read here, with their CEL types."""
    if place.survey is None:
        return {}
    more = _ANSWER if place.path[2:4] == ("ask", "accept") else {}
    return {**more, **place.survey.scope.environment.declared}


def _part(place: Place, name: str, kind: str) -> Name:
    space, _, rest = name.partition(".")
    last = name.rpartition(".")[2]
    if not rest:
        return Name(last, kind, _SPACES.get(space, ""))
    step = place.survey.scope.steps.get(rest) if space == "steps" and place.survey else None
    return Name(last, step.verb.name if step else kind, about_step(step) if step else "")
