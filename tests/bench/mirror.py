"""The least that can answer a webhook with a command: no server framework, no JSON, no engine.

How many rounds it makes with the load side shows how far the load side goes.
Started as `python -m tests.bench.mirror SPACE`; prints its port.
"""

import asyncio
import re
import sys

import uvloop

from tests.bench.lines import Lines, Served
from tests.bench.load import LINES

_CALL = re.compile(rb'"call_id":"([^"]+)"')
_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
_SWML = b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"sleep": {}  }'


class Mirror:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._sent = 0
        self.port = 0

    def answer(self, head: bytes, body: bytes) -> bytes:
        found = _CALL.search(body)
        assert found
        self._sent += 1
        command = (
            b'{"command":"calling.play","id":"%b","params":{"play":[{"type":"tts","params":{"text":"Hello."}}],'
            b'"control_id":"%d","status_url":"http://127.0.0.1:%d/webhooks/%d"}}'
        ) % (found[1], self._sent, self.port, self._sent)
        self._lines.post(b"/api/calling/calls", command, lambda status, body: None)
        return _SWML if b"/calls/inbound" in head[:40] else _OK


async def main(space: str) -> None:
    lines = Lines(int(space.rpartition(":")[2]))
    await lines.open(LINES)
    mirror = Mirror(lines)
    served: set[Served] = set()
    server = await asyncio.get_running_loop().create_server(lambda: Served(mirror.answer, served), "127.0.0.1", 0)
    mirror.port = server.sockets[0].getsockname()[1]
    print(mirror.port, "-", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
