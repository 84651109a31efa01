"""The floor: the runner's server and the runner's way out, with no engine and no journal between.

A webhook comes in, is decoded and answered, and a command goes out. Started as
`python -m tests.bench.floor_app SPACE`; prints its port and the transport's name.
"""

import asyncio
import sys

import msgspec
import uvloop
from starlette.requests import Request
from starlette.responses import Response

from engine.calling.client import CallingClient
from engine.wire import requests, swml
from tests.bench.serving import Handler, serve


class Floor:
    def __init__(self, client: CallingClient, url: str) -> None:
        # The transport itself: what the client adds (journalled commands, retries) is the engine's.
        self._transport = client._transport
        self._url = url
        self._sent = 0
        self._sending: set[asyncio.Task[None]] = set()

    async def webhook(self, request: Request) -> Response:
        self._go_on(msgspec.json.decode(await request.body())["call_id"])
        return Response()

    async def inbound(self, request: Request) -> Response:
        self._go_on(msgspec.json.decode(await request.body())["call"]["call_id"])
        return Response(swml.PARKING_BYTES, media_type=swml.CONTENT_TYPE)

    def _go_on(self, call_id: str) -> None:
        task = asyncio.create_task(self._play(call_id))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _play(self, call_id: str) -> None:
        self._sent += 1
        control_id = f"floor-{self._sent}"
        params = {
            "play": [{"type": "tts", "params": {"text": f"You have heard this {self._sent} times."}}],
            "status_url": f"{self._url}/webhooks/{control_id}",
            "control_id": control_id,
        }
        body = msgspec.json.encode({"command": "calling.play", "id": call_id, "params": params})
        reply = await self._transport.request("POST", requests.PATH, body)
        msgspec.json.decode(reply.body)


async def main(space: str) -> None:
    async with CallingClient(project="bench", token="bench", space=space) as client:

        def application(url: str) -> tuple[Handler, Handler]:
            floor = Floor(client, url)
            return floor.inbound, floor.webhook

        await serve(application, client.transport_name)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
