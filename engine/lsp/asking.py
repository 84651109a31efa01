"""A question about a place in a document, and what its answers are made of."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import anyio.to_thread
from lsprotocol import types
from msgspec import Struct
from pygls.exceptions import JsonRpcException

from engine.compile.called import path_of as called_path
from engine.editing import links
from engine.editing.document import Document
from engine.editing.occurrences import INNER, occurrence_at, occurrences
from engine.editing.positions import Positions
from engine.editing.renaming import CannotRename
from engine.lsp import translate
from engine.lsp.files import flows_folder
from engine.lsp.server import Server, path_of

T = TypeVar("T")
REFUSED = int(types.LSPErrorCodes.RequestFailed)


class Asked(Struct, frozen=True):
    """A place in a document."""

    path: Path
    document: Document
    positions: Positions
    offset: int = 0


async def answer(
    server: Server, uri: str, position: types.Position | None, ask: Callable[[Asked], T], otherwise: T
) -> T:
    """Asks in a thread, so that what has been cancelled keeps nobody waiting. `otherwise`: for what is not ours."""
    path = path_of(uri)
    text = server.files.open.get(path, "")

    def found() -> T:
        document = server.documents.find(path, text)
        if document is None:
            return otherwise
        positions = Positions(text, server.encoding)
        offset = positions.offset(position.line, position.character) if position else 0
        return ask(Asked(path, document, positions, offset))

    if path not in server.files.open:
        return otherwise
    return await anyio.to_thread.run_sync(found, abandon_on_cancel=True, limiter=server.questions)


def together_at(server: Server, asked: Asked) -> tuple[links.Together, str]:
    together = server.documents.together(asked.path, asked.document)
    return together, next(file for file, one in together.items() if one is asked.document)


def meant_at(server: Server, asked: Asked) -> tuple[links.Together, str, int]:
    """The documents, the one that the name at the place is of, and where it stands there: of `pin/look_up` in a test
    that is where the flow `pin` declares the step."""
    one = occurrence_at(asked.document, asked.offset)
    if one is not None and one.kind == INNER:
        flow, _, step = one.name.partition("/")
        path = flows_folder(asked.path, asked.document.kind) / called_path(flow)
        document = server.documents.find(path)
        found = occurrences(document) if document is not None else ()
        declared = next((each for each in found if each.declares and each.symbol == ("step", step)), None)
        if document is not None and declared is not None:
            return *together_at(server, Asked(path, document, asked.positions)), declared.start
    return *together_at(server, asked), asked.offset


def path_at(asked: Asked, file: str) -> Path:
    folder = flows_folder(asked.path, asked.document.kind)
    return folder / file if asked.path.is_relative_to(folder) else asked.path.parent / file


def positions_of(server: Server, document: Document) -> Positions:
    return Positions(document.text, server.encoding)


def locations(server: Server, asked: Asked, together: links.Together, spots: list[links.Spot]) -> list[types.Location]:
    """Spots in documents, and files that there are."""
    found = []
    for spot in spots:
        path, document = path_at(asked, spot.file), together.get(spot.file)
        if document is not None or server.files.read(path) is not None:
            positions = positions_of(server, document) if document is not None else Positions("")
            found.append(types.Location(server.uri_of(path), translate.range_of(positions, spot.start, spot.end)))
    return found


async def said(answering: Awaitable[T]) -> T:
    """Why something cannot be renamed is the answer, not a fault."""
    try:
        return await answering
    except CannotRename as error:
        raise JsonRpcException(f"{error.message} {error.help}", code=REFUSED) from None


def is_fault(record: logging.LogRecord) -> bool:
    """What is refused is an answer, and not for the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, JsonRpcException) and error.code == REFUSED)
