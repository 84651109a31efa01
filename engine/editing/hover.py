"""What stands at a place: a name of the author's, a function, a verb, a key, an outcome."""

import re

from msgspec import Struct

from engine.editing import expressions
from engine.editing.cursor import Cursor, cursor_at
from engine.editing.document import Document
from engine.editing.expressions import Written
from engine.editing.functions import FUNCTIONS
from engine.editing.keys import described, named, properties, required, schemas_at, values
from engine.editing.known import Place, names
from engine.editing.naming import about_name, about_occurrence
from engine.editing.occurrences import INNER, occurrence_at
from engine.editing.steps import about_verb
from engine.model.verbs import VERB

_STATUS = re.compile("http_[45][0-9]{2}")


class Hover(Struct, frozen=True):
    """`text` is Markdown, about the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def hover(document: Document, offset: int) -> Hover | None:
    cursor = cursor_at(document.text, offset)
    if cursor.role in ("comment", "none"):
        return None
    step = str(cursor.path[1]) if cursor.path[:1] == ("steps",) and len(cursor.path) > 1 else ""
    place = Place(document, cursor.path, document.survey_at(offset, step))
    written = expressions.written_at(place, cursor, min(offset, len(document.text)))
    if written is not None:
        return _of_written(place, written)
    text = _of_outcome(place, cursor) if cursor.is_key else ""
    occurrence = None if text else occurrence_at(document, offset)
    if occurrence is not None and occurrence.kind != INNER:
        said = about_occurrence(place, occurrence)
        return Hover(occurrence.start, occurrence.end, said) if said else None
    text = text or (_of_key(place, cursor) if cursor.is_key else _of_value(place, cursor))
    return Hover(cursor.start, cursor.end, text) if text and cursor.start < cursor.end else None


def _of_written(place: Place, written: Written) -> Hover | None:
    if not written.word:
        return None
    if not written.before and written.word in FUNCTIONS:
        one = FUNCTIONS[written.word]
        return Hover(written.start, written.end, f"`{one.detail}`\n\n{one.about}")
    text = about_name(place, written.dotted)
    return Hover(written.start, written.end, text) if text else None


def _of_outcome(place: Place, cursor: Cursor) -> str:
    if "outcome" not in named(schemas_at(place.document.schema, place.path), keys=True):
        return ""
    word = place.document.text[cursor.start : cursor.end]
    step = place.step
    found = next((one for one in names("outcome", place) if one.name == word), None)
    if step is None:
        return ""
    if found is None:
        return _of_status(word) if step.verb.name == "fetch" else ""
    kind = "A failure" if found.detail == "failure" else "An outcome"
    return f"**{word}**: {kind} of `{step.verb.name}`.\n\n{found.about}".rstrip()


def _of_status(word: str) -> str:
    if not _STATUS.fullmatch(word):
        return ""
    status, hundred = word.removeprefix("http_"), f"{word[:6]}xx"
    return f"**{word}**: An outcome of `fetch`.\n\nThe service has answered {status}. Comes before `{hundred}`. With `status`."


def _of_key(place: Place, cursor: Cursor) -> str:
    word = place.document.text[cursor.start : cursor.end]
    schemas = schemas_at(place.document.schema, place.path)
    is_step = len(place.path) == 2 and place.path[0] in ("steps", "finally")
    if is_step and word in VERB:
        page = about_verb(VERB[word])
        return f"**{word}**\n\n{page}\n\n{properties(schemas)[word].get('description', '')}".rstrip()
    found = properties(schemas, [*cursor.keys, word]).get(word)
    if found is None:
        return ""
    kind = described(found) + (", required" if word in required(schemas) else "")
    return f"**{word}** ({kind})\n\n{found.get('description', '')}".rstrip()


def _of_value(place: Place, cursor: Cursor) -> str:
    """Of one that is on a list."""
    schemas = schemas_at(place.document.schema, place.path)
    word = place.document.text[cursor.start : cursor.end]
    found = values(schemas).get(word)
    if found is None or not {"enum", "const"} & found.keys():
        return ""
    return f"**{word}** ({described(found)})\n\n{found.get('description', '')}".rstrip()
