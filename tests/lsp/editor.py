"""A small editor: opens documents, types, asks, and waits for what comes back."""

import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.architecture.source import ROOT

Message = dict[str, Any]
_WAIT_S = 60
CURSOR = "¦"


class Refused(Exception):
    """The server's answer is an error."""

    def __init__(self, error: Message) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Editor:
    """`findings` are the diagnostics of each document, as they were published last. `leaves_s`: how long the server may go on
    when the editor has left."""

    def __init__(
        self, folder: Path, *arguments: str, encodings: tuple[str, ...] = ("utf-16",), leaves_s: float = _WAIT_S
    ) -> None:
        self.folder = folder
        self._leaves_s = leaves_s
        self.findings: dict[str, list[Message]] = {}
        self.shown: list[str] = []
        self.registered: list[str] = []
        self._encodings = encodings
        self._last = 0
        self._versions: dict[str, int] = {}
        self._published: dict[str, int | None] = {}
        self._answers: dict[int, Message] = {}
        self._incoming: queue.Queue[Message | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.cli", "lsp", *arguments],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.errors: list[str] = []
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._read, self._read_errors)]
        for one in self._threads:
            one.start()

    def __enter__(self) -> "Editor":
        able = {
            "general": {"positionEncodings": list(self._encodings)},
            "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
        }
        root = self.folder.as_uri()
        self.capabilities = self.ask("initialize", processId=None, rootUri=root, capabilities=able)
        self.tell("initialized")
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if error[0] is None:
                self.ask("shutdown")
                self.tell("exit")
                assert self._process.wait(self._leaves_s) == 0
        finally:
            self._process.kill()
            self._process.wait()
            for one in self._threads:
                one.join(_WAIT_S)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                assert pipe is not None
                pipe.close()

    # Documents

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> None:
        self._versions[name] = 1
        self._published.pop(self.uri(name), None)
        document = {"uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

    def change(self, name: str, text: str) -> None:
        self._versions[name] += 1
        document = {"uri": self.uri(name), "version": self._versions[name]}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def close(self, name: str) -> None:
        del self._versions[name]
        self.tell("textDocument/didClose", textDocument={"uri": self.uri(name)})

    def close_all(self) -> None:
        for name in list(self._versions):
            self.close(name)

    def codes(self, name: str) -> list[str]:
        """Of the findings in the text as it stands."""
        return [one["code"] for one in self.found(name)]

    def found(self, name: str) -> list[Message]:
        uri = self.uri(name)
        while self._published.get(uri) != self._versions[name]:
            self._take()
        return self.findings[uri]

    # Questions

    def at(self, method: str, name: str, text: str, **more: Any) -> Any:
        """Asks about the place of the cursor in the text, which is typed first."""
        line, character = place(text)
        text = text.replace(CURSOR, "")
        if name in self._versions:
            self.change(name, text)
        else:
            self.open(name, text)
        return self.ask_at(method, name, line, character, **more)

    def ask_at(self, method: str, name: str, line: float, character: float, **more: Any) -> Any:
        position = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", textDocument={"uri": self.uri(name)}, position=position, **more)

    def ask(self, method: str, **params: Any) -> Any:
        return self.answer(self.begin(method, **params))

    def begin(self, method: str, **params: Any) -> int:
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        return self._last

    def answer(self, number: int) -> Any:
        while number not in self._answers:
            self._take()
        found = self._answers.pop(number)
        if "error" in found:
            raise Refused(found["error"])
        return found["result"]

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def wait(self) -> None:
        """For the next message."""
        self._take()

    def _take(self) -> None:
        message = self._incoming.get(timeout=_WAIT_S)
        assert message is not None, "".join(self.errors)
        if "method" not in message:
            self._answers[message["id"]] = message
        elif message["method"] == "client/registerCapability":
            self.registered += [one["method"] for one in message["params"]["registrations"]]
            self._send({"id": message["id"], "result": None})
        elif message["method"] == "textDocument/publishDiagnostics":
            params = message["params"]
            self.findings[params["uri"]] = params["diagnostics"]
            self._published[params["uri"]] = params.get("version")
        elif message["method"] == "window/showMessage":
            self.shown.append(message["params"]["message"])

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while line := stream.readline():
            size = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            self._incoming.put(json.loads(stream.read(size)))
        self._incoming.put(None)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        self.errors.extend(line.decode() for line in self._process.stderr)


def place(text: str) -> tuple[int, int]:
    """Line and character of the cursor in a text, in UTF-16."""
    before = text[: text.index(CURSOR)]
    return before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
