"""What may be written at a place: keys, values and names, as far as the document says so, sound or not."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from engine.compile.schemas import Schema
from engine.editing import expressions
from engine.editing.cursor import Cursor, cursor_at
from engine.editing.document import Document
from engine.editing.keys import described, is_nested, named, properties, required, schemas_at, values
from engine.editing.known import Name, Place, names
from engine.editing.steps import about_verb
from engine.model.verbs import VERB

Sort = Literal["verb", "key", "value", "name", "function"]
_OPERATION = ("background", "until", "deadline")
"""Keys of a step that only operations have."""


class Item(Struct, frozen=True, kw_only=True):
    """`text` takes the place of what stands from `start` to `end`. Items are in their order."""

    label: str
    sort: Sort
    text: str
    start: int
    end: int
    detail: str = ""
    about: str = ""


def complete(document: Document, offset: int) -> tuple[Item, ...]:
    cursor = cursor_at(document.text, offset)
    if cursor.role in ("comment", "none"):
        return ()
    step = str(cursor.path[1]) if cursor.path[:1] == ("steps",) and len(cursor.path) > 1 else ""
    place = Place(document, cursor.path, document.survey_at(offset, step))
    written = expressions.written_at(place, cursor, min(offset, len(document.text)))
    if written is not None:
        found = expressions.offered(place, written)
        return tuple(_name(one, written.start, written.end) for one in found)
    if document.text[cursor.value : cursor.start].strip(" '\""):  # further on in a text
        return ()
    return tuple({one.label: one for one in reversed([*_items(place, cursor)])}.values())[::-1]


def _items(place: Place, cursor: Cursor) -> Iterator[Item]:
    schemas = schemas_at(place.document.schema, cursor.path) if place.document.schema else []
    if cursor.is_key:
        yield from _keys(place, cursor, schemas)
    if cursor.is_value:
        yield from _values(place, cursor, schemas)


def _keys(place: Place, cursor: Cursor, schemas: list[Schema]) -> Iterator[Item]:
    own = _word(place.document, cursor)
    keys = cursor.keys - {own}
    wanted = required(schemas)
    for kind in named(schemas, keys=True):
        for one in names(kind, place):
            if one.name not in keys:
                yield _key(place.document, cursor, one.name, "name", one.detail, one.about, nested=False)
    offered = properties(schemas, keys)
    verb = next((name for name in keys if name in VERB), None) if _is_step(cursor) else None
    for name, inner in sorted(offered.items(), key=lambda entry: entry[0] not in wanted):
        if name not in keys and not (_is_step(cursor) and _is_useless(name, verb)) and not inner.get("x-planned"):
            about = about_verb(VERB[name]) if name in VERB else str(inner.get("description", ""))
            detail = VERB[name].summary if name in VERB else described(inner)
            sort: Sort = "verb" if name in VERB and _is_step(cursor) else "key"
            yield _key(place.document, cursor, name, sort, detail, about, nested=is_nested(inner))
    if cursor.path == ("handlers",):
        for one in names("signal", place):
            yield _key(place.document, cursor, f"signal.{one.name}", "name", one.detail, "", nested=False)


def _is_step(cursor: Cursor) -> bool:
    return len(cursor.path) == 2 and cursor.path[0] in ("steps", "finally")


def _is_useless(name: str, verb: str | None) -> bool:
    """A second verb, or what the step's verb has no use for."""
    if verb is None:
        return False
    return name in VERB or (name in _OPERATION and VERB[verb].shape != "operation")


def _key(document: Document, cursor: Cursor, name: str, sort: Sort, detail: str, about: str, *, nested: bool) -> Item:
    """With its colon, unless there is one."""
    follows = document.text[cursor.end : cursor.end + 1]
    text = name if follows == ":" else f"{name}: "
    if nested and follows != ":" and not cursor.flow:
        text = f"{name}:\n{' ' * (cursor.indent + 2)}"
    start = cursor.end - len(_word(document, cursor))
    return Item(label=name, sort=sort, text=text, start=start, end=cursor.end, detail=detail, about=about)


def _word(document: Document, cursor: Cursor) -> str:
    return document.text[cursor.start : cursor.end]


def _values(place: Place, cursor: Cursor, schemas: list[Schema]) -> Iterator[Item]:
    text = place.document.text
    quoted = text[cursor.value : cursor.value + 1] in ("'", '"')
    for kind in named(schemas):
        yield from (_name(one, cursor.start, cursor.end) for one in names(kind, place))
    for value, schema in values(schemas).items():
        if not (quoted and value.startswith('"')):
            about = str(schema.get("description", ""))
            start = cursor.start
            yield Item(label=value, sort="value", text=value, start=start, end=cursor.end, about=about)


def _name(one: Name, start: int, end: int) -> Item:
    called = "(" in one.detail
    text = f"{one.name}(" if called else one.name
    sort: Sort = "function" if called else "name"
    return Item(label=one.name, sort=sort, text=text, start=start, end=end, detail=one.detail, about=one.about)
