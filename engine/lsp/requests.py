"""What an editor asks, each answered from the text as it was when the question came."""

import logging

from lsprotocol import types

from engine.editing import links, renaming
from engine.editing.actions import actions
from engine.editing.completion import complete
from engine.editing.hover import hover
from engine.editing.occurrences import occurrence_at
from engine.editing.outline import outline
from engine.lsp import translate
from engine.lsp.asking import Asked, answer, is_fault, locations, meant_at, path_at, positions_of, said
from engine.lsp.server import Server

TRIGGERS = [" ", ".", "{", '"', "'", "-"]
"""After these an editor asks for completion by itself; words it asks for anyway."""
WATCHED = "**/*.{yaml,yml,json,toml}"
"""What may matter to an open document when it changes on the disk."""


_WATCH = types.Registration(
    id="files",
    method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
    register_options=types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)]),
)


def create() -> Server:
    """A server with all that it can do; `start_io` serves."""
    server = Server()
    logging.getLogger("pygls.protocol.json_rpc").addFilter(is_fault)
    _documents(server)
    _names(server)
    _renaming(server)
    _whole(server)
    return server


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

    @server.feature(types.SHUTDOWN)
    async def shutdown(params: None) -> None:
        server.leave()

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
            together, here, offset = meant_at(server, asked)
            return locations(server, asked, together, links.definition(together, here, offset))

        return await answer(server, params.text_document.uri, params.position, ask, [])

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        def ask(asked: Asked) -> list[types.Location]:
            together, here, offset = meant_at(server, asked)
            wanted = params.context.include_declaration
            return locations(server, asked, together, links.references(together, here, offset, declarations=wanted))

        return await answer(server, params.text_document.uri, params.position, ask, [])


def _renaming(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(params: types.PrepareRenameParams) -> types.Range | None:
        def ask(asked: Asked) -> types.Range | None:
            renaming.renamed(*meant_at(server, asked))
            one = occurrence_at(asked.document, asked.offset)
            return translate.range_of(asked.positions, one.start, one.end) if one is not None else None

        return await said(answer(server, params.text_document.uri, params.position, ask, None))

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        def ask(asked: Asked) -> types.WorkspaceEdit | None:
            together, here, offset = meant_at(server, asked)
            found = renaming.rename(together, here, offset, params.new_name)
            return types.WorkspaceEdit(
                changes={
                    server.uri_of(path_at(asked, file)): translate.text_edits(
                        edits, positions_of(server, together[file])
                    )
                    for file, edits in found.items()
                }
            )

        return await said(answer(server, params.text_document.uri, params.position, ask, None))


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
