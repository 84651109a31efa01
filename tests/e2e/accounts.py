"""A service that flows fetch from, on this machine."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def accounts(pin: str = "", reply: Any = None) -> Iterator[tuple[str, list[Any]]]:
    """Its URL, and the bodies that it was sent. It answers with `reply`, and with 403 where another `pin` is wanted."""
    bodies: list[Any] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            answer = json.dumps(reply).encode()
            self.send_response(200 if pin in ("", bodies[-1]["pin"]) else 403)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing is to be read of it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", bodies
        finally:
            server.shutdown()
            thread.join()
