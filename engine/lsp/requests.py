"""What an editor asks, each answered from the text as it was when the question came."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import anyio.to_thread
from lsprotocol import types
from msgspec import Struct
from pygls.exceptions import JsonRpcException

from engine.editing import links, renaming
from engine.editing.actions import actions
from engine.editing.completion import complete
from engine.editing.document import Document
from engine.editing.hover import hover
from engine.editing.outline import outline
from engine.editing.positions import Positions
from engine.lsp import translate
from engine.lsp.files import flows_folder
from engine.lsp.server import Server, path_of

T = TypeVar("T")
REFUSED = int(types.LSPErrorCodes.RequestFailed)
TRIGGERS = [" ", ".", "{", '"', "'", "-"]
"""After these an editor asks for completion by itself; words it asks for anyway."""
WATCHED = "**/*.{yaml,yml,json,toml}"
"""What may matter to an open document when it changes on the disk."""


_WATCH = types.Registration(
    id="files",
    method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
    register_options=types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)]),
)


class Asked(Struct, frozen=True):
    """A place in a document."""

    path: Path
    document: Document
    positions: Positions
    offset: int = 0


def create() -> Server:
    """A server with all that it can do; `start_io` serves."""
    server = Server()
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_fault)
    _documents(server)
    _names(server)
    _renaming(server)
    _whole(server)
    return server


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


def _documents(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            await server.client_register_capability_async(types.RegistrationParams([_WATCH]))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.opened(params.text_document.uri, params.text_document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.check_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.check_all()


def _names(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    async def completion(params: types.CompletionParams) -> types.CompletionList:
        def ask(asked: Asked) -> types.CompletionList:
            return translate.completions(complete(asked.document, asked.offset), asked.positions)

        nothing = types.CompletionList(is_incomplete=False, items=[])
        return await answer(server, params.text_document.uri, params.position, ask, nothing)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovering(params: types.HoverParams) -> types.Hover | None:
        def ask(asked: Asked) -> types.Hover | None:
            found = hover(asked.document, asked.offset)
            return translate.hovered(found, asked.positions) if found else None

        return await answer(server, params.text_document.uri, params.position, ask, None)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        def ask(asked: Asked) -> list[types.Location]:
            together, here = _together(server, asked)
            return _locations(server, asked, links.definition(together, here, asked.offset))

        return await answer(server, params.text_document.uri, params.position, ask, [])

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        def ask(asked: Asked) -> list[types.Location]:
            together, here = _together(server, asked)
            wanted = params.context.include_declaration
            return _locations(server, asked, links.references(together, here, asked.offset, declarations=wanted))

        return await answer(server, params.text_document.uri, params.position, ask, [])


def _renaming(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(params: types.PrepareRenameParams) -> types.Range | None:
        def ask(asked: Asked) -> types.Range | None:
            one = renaming.renamed(*_together(server, asked), asked.offset)
            return translate.range_of(asked.positions, one.start, one.end)

        return await _said(answer(server, params.text_document.uri, params.position, ask, None))

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        def ask(asked: Asked) -> types.WorkspaceEdit | None:
            together, here = _together(server, asked)
            found = renaming.rename(together, here, asked.offset, params.new_name)
            return types.WorkspaceEdit(
                changes={
                    server.uri_of(_path(asked, file)): translate.text_edits(edits, _positions(server, together[file]))
                    for file, edits in found.items()
                }
            )

        return await _said(answer(server, params.text_document.uri, params.position, ask, None))


def _whole(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        def ask(asked: Asked) -> list[types.DocumentSymbol]:
            return [translate.symbol(one, asked.positions) for one in outline(asked.document.text)]

        return await answer(server, params.text_document.uri, None, ask, [])

    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri, until = params.text_document.uri, params.range.end

        def ask(asked: Asked) -> list[types.CodeAction]:
            found = server.findings(uri, asked.document.text)
            end = asked.positions.offset(until.line, until.character)
            return [
                translate.code_action(one, uri, asked.positions)
                for one in actions(asked.document.text, found, asked.offset, end)
            ]

        return await answer(server, uri, params.range.start, ask, [])


def _is_fault(record: logging.LogRecord) -> bool:
    """What is refused is an answer, and not for the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, JsonRpcException) and error.code == REFUSED)


async def _said(answering: Awaitable[T]) -> T:
    """Why something cannot be renamed is the answer, not a fault."""
    try:
        return await answering
    except renaming.CannotRename as error:
        raise JsonRpcException(f"{error.message} {error.help}", code=REFUSED) from None


def _together(server: Server, asked: Asked) -> tuple[links.Together, str]:
    together = server.documents.together(asked.path, asked.document)
    return together, next(file for file, one in together.items() if one is asked.document)


def _path(asked: Asked, file: str) -> Path:
    folder = flows_folder(asked.path, asked.document.kind)
    return folder / file if asked.path.is_relative_to(folder) else asked.path.parent / file


def _positions(server: Server, document: Document) -> Positions:
    return Positions(document.text, server.encoding)


def _locations(server: Server, asked: Asked, spots: list[links.Spot]) -> list[types.Location]:
    """Spots in documents, and files that there are."""
    together, _ = _together(server, asked)
    found = []
    for spot in spots:
        path, document = _path(asked, spot.file), together.get(spot.file)
        if document is not None or server.files.read(path) is not None:
            positions = _positions(server, document) if document is not None else Positions("")
            found.append(types.Location(server.uri_of(path), translate.range_of(positions, spot.start, spot.end)))
    return found
