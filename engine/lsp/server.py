"""The open documents, and what is found in them while somebody types."""

import asyncio
from pathlib import Path
from threading import Event
from typing import NamedTuple

import anyio.to_thread
from anyio import CapacityLimiter
from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from engine import __version__
from engine.editing.positions import Encoding, Positions
from engine.lint.finding import Finding
from engine.lint.settings import Settings
from engine.lsp import checks, translate
from engine.lsp.documents import Documents
from engine.lsp.files import Files, flows_folder, kind_of
from engine.lsp.lenient import lenient_converter
from engine.model.errors import ConfigurationError
from engine.project.linting import settings as of_project

PAUSE_S = 0.2
"""Findings are looked for when nothing was typed for so long."""


class _Check(NamedTuple):
    """A thread that looks for findings goes on when its task is cancelled, until it sees that it is `over`."""

    task: asyncio.Task[None]
    over: Event


class Server(LanguageServer):
    def __init__(self) -> None:
        super().__init__(
            "offhook",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            converter_factory=lenient_converter,
        )
        self._left = Event()
        self.files = Files()
        self.documents = Documents(self.files, self._left.is_set)
        self._checks: dict[str, _Check] = {}
        self._uris: dict[Path, str] = {}
        self._warned = ""
        self.questions = CapacityLimiter(1)
        """One is answered after the other: the next ones profit from what the first has found out."""
        self._checking = CapacityLimiter(1)

    @property
    def encoding(self) -> Encoding:
        """What the client counts as a character."""
        return types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value

    def uri_of(self, path: Path) -> str:
        """As the client spells it, where it has opened it."""
        return self._uris.get(path) or path.as_uri()

    def opened(self, uri: str, text: str) -> None:
        self._uris[path_of(uri)] = uri
        self._keep(uri, text)
        self.check_soon(uri, 0)
        self._check_others(uri)

    def changed(self, uri: str) -> None:
        self._keep(uri, self.workspace.get_text_document(uri).source)
        self.check_soon(uri)
        self._check_others(uri)

    def _keep(self, uri: str, text: str) -> None:
        """Half a surrogate pair, which an editor may send, is no character."""
        self.files.open[path_of(uri)] = text.encode("utf-8", "replace").decode()

    def closed(self, uri: str) -> None:
        """What is not open is not spoken of."""
        path = path_of(uri)
        self.files.open.pop(path, None)
        self.documents.forget(path)
        self._uris.pop(path, None)
        self._stop_check(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        self._check_others(uri)

    def check_all(self) -> None:
        for uri in self.workspace.text_documents:
            self.check_soon(uri)

    def _check_others(self, uri: str) -> None:
        """What stands in the same folder of flows may need this one."""
        path = path_of(uri)
        kind = kind_of(path)
        for other in self.workspace.text_documents if kind is not None else ():
            other_path = path_of(other)
            other_kind = kind_of(other_path)
            if (
                other != uri
                and other_kind
                and kind
                and flows_folder(other_path, other_kind) == flows_folder(path, kind)
            ):
                self.check_soon(other)

    def check_soon(self, uri: str, pause_s: float = PAUSE_S) -> None:
        self._stop_check(uri)
        over = Event()
        self._checks[uri] = _Check(asyncio.get_running_loop().create_task(self._check(uri, pause_s, over)), over)

    def _stop_check(self, uri: str) -> None:
        if (check := self._checks.pop(uri, None)) is not None:
            check.over.set()
            check.task.cancel()

    def leave(self) -> None:
        """Whatever is still looked for, nobody waits for it."""
        self._left.set()
        for uri in list(self._checks):
            self._stop_check(uri)

    def shutdown(self) -> None:
        """Also when the editor has gone without a word."""
        self.leave()
        super().shutdown()  # type: ignore[no-untyped-call]

    async def _check(self, uri: str, pause_s: float, over: Event) -> None:
        await asyncio.sleep(pause_s)
        text, version = self.files.open[path_of(uri)], self.workspace.get_text_document(uri).version
        found = await anyio.to_thread.run_sync(
            self.findings, uri, text, over, abandon_on_cancel=True, limiter=self._checking
        )
        positions = Positions(text, self.encoding)
        diagnostics = [translate.diagnostic(one, positions) for one in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def findings(self, uri: str, text: str, over: Event | None = None) -> tuple[Finding, ...]:
        """`over` is set when nobody wants them any more; so it is when the editor leaves."""
        path, over = path_of(uri), over or self._left
        document = self.documents.find(path, text)
        if document is None:
            return ()
        return checks.findings(path, document, self.files, self.documents, self._settings(path), over.is_set)

    def _settings(self, path: Path) -> Settings:
        """Wrong ones are said once, and then those hold that do without a file."""
        try:
            return of_project.find(path.parent)
        except ConfigurationError as error:
            if self._warned != str(error):
                self._warned = str(error)
                self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, str(error)))
            return Settings()


def path_of(uri: str) -> Path:
    """Of a document that is no file yet: its name, in a folder that there is not."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path) if path else Path("/", "not-saved", uri.rpartition("/")[2].rpartition(":")[2] or "flow")
