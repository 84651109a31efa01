"""A client on a clock of its own, and the commands that it sends in these tests."""

from collections.abc import Callable
from random import Random

import anyio

from engine.calling.client import CallingClient
from engine.calling.pace import Rates
from engine.calling.transport import Limits, Transport
from engine.model.commands import LookUpCall, SendCommand
from engine.model.ids import CallId, ControlId

PLAY = SendCommand(
    seq=1,
    command="calling.play",
    call_id=CallId("c"),
    control_id=ControlId("r.0.menu.1.1.play"),
    params={"play": []},
)
DIAL = SendCommand(seq=3, command="dial", control_id=ControlId("r.call"), params={"to": "+1"})
END = SendCommand(seq=4, command="calling.end", call_id=CallId("c"), params={"reason": "hangup"})
DENOISE = SendCommand(seq=5, command="calling.denoise", call_id=CallId("c"))
LOOK_UP = LookUpCall(seq=2, call_id=CallId("c"), segment_id="s-1")
LIMITS = Limits(connections=4, queue_ms=200, connect_ms=2_000, request_ms=2_000)
HASTY = Limits(connections=4, queue_ms=50, connect_ms=1_000, request_ms=200)

Make = Callable[[str, Limits], Transport]

LEG = b'{"id": "c", "status": null}'
ERROR = b'{"errors": [{"code": "invalid_parameter", "message": "no"}]}'
HTML = b"<html><body>Welcome to the hotel</body></html>"


class Clock:
    """Time that passes only while the client pauses."""

    def __init__(self) -> None:
        self.ms = 1_700_000_000_000
        self.pauses: list[float] = []

    def now_ms(self) -> int:
        return self.ms

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.ms += round(seconds * 1000)
        await anyio.lowlevel.checkpoint()


def client(transport: Transport, clock: Clock, rates: Rates | None = None) -> CallingClient:
    return CallingClient(
        project="project",
        token="token",
        space="127.0.0.1",
        transport=transport,
        rates=rates,
        now_ms=clock.now_ms,
        sleep=clock.sleep,
        rng=Random(1),
    )
