"""A question about a place in a document, and what its answers are made of."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import anyio.to_thread
from lsprotocol import types
from msgspec import Struct
from pygls.exceptions import JsonRpcException

from engine.editing import links
from engine.editing.document import Document
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


def path_at(asked: Asked, file: str) -> Path:
    folder = flows_folder(asked.path, asked.document.kind)
    return folder / file if asked.path.is_relative_to(folder) else asked.path.parent / file


def positions_of(server: Server, document: Document) -> Positions:
    return Positions(document.text, server.encoding)


def locations(server: Server, asked: Asked, spots: list[links.Spot]) -> list[types.Location]:
    """Spots in documents, and files that there are."""
    together, _ = together_at(server, asked)
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
