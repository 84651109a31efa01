"""What one would write instead: an application of one's own over the vendor's SDK.

The SDK's client blocks, so commands are sent by threads, each with a client of its own that keeps
its connection. The runs live in a dictionary: a restart forgets them. Started as
`python -m tests.bench.sdk_app SPACE`; prints its port.
"""

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import uvloop
from signalwire.rest import RestClient
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.bench.serving import Handler, serve

THREADS = 8
"""More make it slower: they share one interpreter lock and one core."""


class Application:
    def __init__(self, space: str, url: str) -> None:
        self._space = space
        self._url = url
        self._rounds: dict[str, int] = {}
        self._pool = ThreadPoolExecutor(THREADS)
        self._mine = threading.local()

    async def inbound(self, request: Request) -> Response:
        call_id = (await request.json())["call"]["call_id"]
        self._go_on(call_id)
        return JSONResponse({"version": "1.0.0", "sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]}})

    async def webhook(self, request: Request) -> Response:
        webhook = await request.json()
        if webhook["state"] == "finished":
            self._go_on(webhook["call_id"])
        return Response()

    def _go_on(self, call_id: str) -> None:
        self._rounds[call_id] = self._rounds.get(call_id, 0) + 1
        asyncio.get_running_loop().run_in_executor(self._pool, self._play, call_id, self._rounds[call_id])

    def _play(self, call_id: str, n: int) -> None:
        control_id = f"{call_id}-{n}"
        self._client().calling.play(
            call_id,
            play=[{"type": "tts", "params": {"text": f"You have heard this {n} times."}}],
            control_id=control_id,
            status_url=f"{self._url}/webhooks/{control_id}",
        )

    def _client(self) -> RestClient:
        if not hasattr(self._mine, "client"):
            self._mine.client = RestClient(project="bench", token="bench", host=self._space)
        client: RestClient = self._mine.client
        return client


async def main(space: str) -> None:
    def application(url: str) -> tuple[Handler, Handler]:
        made = Application(space, url)
        return made.inbound, made.webhook

    await serve(application)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
