"""The platform's side: starts calls, answers each command, and reports `finished` a little later.

The same load meets every subject. A round is a webhook that causes a command, counted when the
command arrives; anything else that arrives, or does not, is a mistake and spoils the run.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import msgspec
from msgspec import Struct

from tests.bench.lines import Lines, Served

SPEAKING_S = 0.02
"""How long a prompt takes: from the answer to its command until its webhook."""
LINES = 128
STARTING = 64
"""Calls that are being started at the same time."""
PATIENCE_S = 20.0
"""What has not come after this does not come."""
SPOILT_S = 2.0
"""The same once there are mistakes."""


class _Params(Struct):
    control_id: str = ""
    status_url: str = ""


class _Command(Struct):
    command: str
    id: str
    params: _Params


class Call:
    """A call leg: what it plays (`control_id`), and where the end of that is to be reported (`path`). Where it does not
    `talk`, no end of anything is reported."""

    __slots__ = ("control_id", "heard_s", "id", "path", "talks", "waits")

    def __init__(self, id: str, talks: bool) -> None:
        self.id = id
        self.talks = talks
        self.control_id = ""
        self.path = b""
        self.waits = True
        self.heard_s = 0.0


class Window(Struct, frozen=True):
    """What was measured: `busy` is the load side's share of its core, `cpu_s` the subject's time."""

    seconds: float
    rounds: int
    cpu_s: float
    busy: float

    @property
    def rate(self) -> float:
        return self.rounds / self.seconds


class Reactions(Struct, frozen=True):
    """Milliseconds from sending a webhook to the arrival of the command that it caused, unsorted.

    `rate` is below the one asked for when the subject fell so far behind that no call was free.
    """

    ms: list[float]
    rate: float
    cpu_s: float


class Load:
    """The load on one subject. `cpu` gives the CPU seconds that the subject has used so far.

    `mistakes` says what went wrong, by its name; empty after a good run.
    """

    def __init__(self, cpu: Callable[[], float]) -> None:
        self._cpu = cpu
        self._decoder = msgspec.json.Decoder(_Command)
        self._server: asyncio.Server | None = None
        self._served: set[Served] = set()
        self._lines: Lines | None = None
        self._target = 0
        self._calls: dict[str, Call] = {}
        self._parked: deque[Call] = deque()
        self._speaking: deque[tuple[float, Call]] = deque()
        self._saturating = False
        self._reactions: list[float] | None = None
        self.rounds = self.looked_up = 0
        self.mistakes: dict[str, int] = {}

    @property
    def calls(self) -> int:
        return len(self._calls)

    async def listen(self) -> int:
        """Start to answer commands; gives the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Served(self._answer, self._served), "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def port(self) -> int:
        """Where the subject listens."""
        return self._target

    def aim(self, port: int) -> None:
        """The subject listens here."""
        self._target = port

    async def close(self) -> None:
        if self._lines is not None:
            await self._lines.close()
        if self._server is not None:
            self._server.close()
        for served in list(self._served):
            served.close()

    async def start(self, count: int, number: str, *, talks: bool = True) -> float:
        """Let so many calls to the number arrive, and wait until each of them is being spoken to.

        Gives the seconds that it took.
        """
        lines = await self._open()
        body = _inbound_body(number)
        wanted = self.calls + count
        gate = asyncio.Semaphore(STARTING)
        began = time.perf_counter()

        def arrived(status: int, answer: bytes) -> None:
            gate.release()
            if status != 200 or b"sleep" not in answer:
                self._mistake(f"a call was answered with {status}")

        for n in range(self.calls, wanted):
            call = Call(f"{n:08x}-0000-4000-8000-{self._target:012x}", talks)
            self._calls[call.id] = call
            async with asyncio.timeout(PATIENCE_S):
                await gate.acquire()
            lines.post(b"/calls/inbound", body % call.id.encode(), arrived)
        await self._settle(wanted)
        took_s = time.perf_counter() - began
        await self._shut()
        return took_s

    async def saturate(self, seconds: float, warm_up_s: float = 0.3) -> Window:
        """Every call's next webhook follows its command, for so long."""
        await self._open()
        self._saturating = True
        parked, self._parked = self._parked, deque(call for call in self._parked if not call.talks)
        for call in parked:
            if call.talks:
                self._report(call)
        ticking = asyncio.create_task(self._tick())
        await asyncio.sleep(warm_up_s)
        began, rounds, cpu_s, own_s = time.perf_counter(), self.rounds, self._cpu(), time.process_time()
        await asyncio.sleep(seconds)
        took_s = time.perf_counter() - began
        window = Window(took_s, self.rounds - rounds, self._cpu() - cpu_s, (time.process_time() - own_s) / took_s)
        self._saturating = False
        await self._settle(self.calls)
        ticking.cancel()
        await self._shut()
        return window

    async def remark(self, count: int) -> Window:
        """So many of the calls that wait say that their playback plays: an event each, which changes nothing else."""
        lines = await self._open()
        began, cpu_s, own_s = time.perf_counter(), self._cpu(), time.process_time()
        left = count

        def taken(status: int, body: bytes) -> None:
            nonlocal left
            left -= 1
            self._reported(status, body)

        calls = [call for call in self._parked if not call.talks]
        for call in calls[:: max(1, len(calls) // count)][:count]:
            lines.post(call.path, _report(call, "playing"), taken)
        while left > 0 and time.perf_counter() - began < PATIENCE_S:  # noqa: ASYNC110 - many answers
            await asyncio.sleep(0.002)
        took_s = time.perf_counter() - began
        await self._shut()
        return Window(took_s, count - left, self._cpu() - cpu_s, (time.process_time() - own_s) / took_s)

    async def steady(self, rate: int, seconds: float) -> Reactions:
        """So many webhooks a second, whether the earlier ones had their effect or not."""
        await self._open()
        self._reactions = []
        began, cpu_s = time.perf_counter(), self._cpu()
        sent = due = 0
        while (now := time.perf_counter() - began) < seconds:
            while due < now * rate:
                due += 1
                if self._parked:
                    sent += 1
                    self._report(self._parked.popleft())
            await asyncio.sleep(0.001)
        cpu_s = self._cpu() - cpu_s
        await self._settle(self.calls)
        reactions, self._reactions = self._reactions, None
        await self._shut()
        return Reactions([took * 1000 for took in reactions], sent / now, cpu_s)

    async def _open(self) -> Lines:
        # Anew each time: a server closes lines that were idle between two windows.
        self._lines = Lines(self._target)
        await self._lines.open(LINES)
        return self._lines

    async def _shut(self) -> None:
        assert self._lines is not None
        await self._lines.close()
        self._lines = None

    async def _tick(self) -> None:
        """Reports what has been said to its end."""
        while True:
            now = time.perf_counter()
            while self._speaking and self._speaking[0][0] <= now:
                self._report(self._speaking.popleft()[1])
            await asyncio.sleep(0.002)

    async def _settle(self, wanted: int) -> None:
        """Wait until so many calls have had their command."""
        began = time.perf_counter()
        while len(self._parked) < wanted:
            if time.perf_counter() - began > (SPOILT_S if self.mistakes else PATIENCE_S):
                lost = wanted - len(self._parked)
                self._mistake("a command never came", lost)
                return
            if not self._saturating and self._speaking:
                self._parked.extend(call for _, call in self._speaking)
                self._speaking.clear()
            await asyncio.sleep(0.005)

    def _report(self, call: Call) -> None:
        assert self._lines is not None
        call.waits = True
        call.heard_s = time.perf_counter()
        self._lines.post(call.path, _report(call, "finished"), self._reported)

    def _reported(self, status: int, body: bytes) -> None:
        if not 200 <= status < 300:
            self._mistake(f"a webhook was answered with {status}")

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET /api/voice/logs"):
            return self._looked_up(head)
        if not head.startswith(b"POST /api/calling/calls "):
            self._mistake(f"asked for {head.split(b' ', 2)[1].decode()}")
            return b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}"
        command = self._decoder.decode(body)
        call = self._calls.get(command.id)
        if call is None or command.command != "calling.play":
            self._mistake(f"sent {command.command}")
        elif not call.waits or call.control_id == command.params.control_id:
            self._mistake("sent a command twice, or unasked")
        else:
            self._commanded(call, command.params)
        leg = b'{"id":"%b","node_id":"bench","type":"relay_pstn_call","direction":"inbound","status":"answered"}' % (
            command.id.encode()
        )
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(leg), leg)

    def _looked_up(self, head: bytes) -> bytes:
        """Every call that is asked about lives, and nothing has happened on it."""
        found = b'{"data":[]}' if b"/events" in head.split(b" ", 2)[1] else b'{"status":"answered"}'
        self.looked_up += 1
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
            len(found),
            found,
        )

    def _commanded(self, call: Call, params: _Params) -> None:
        now = time.perf_counter()
        if call.control_id:
            self.rounds += 1
        call.waits = False
        call.control_id = params.control_id
        call.path = params.status_url[params.status_url.index("/", 8) :].encode()
        if self._reactions is not None:
            self._reactions.append(now - call.heard_s)
        if self._saturating:
            self._speaking.append((now + SPEAKING_S, call))
        else:
            self._parked.append(call)

    def _mistake(self, what: str, times: int = 1) -> None:
        self.mistakes[what] = self.mistakes.get(what, 0) + times


def _report(call: Call, state: str) -> bytes:
    return b'{"control_id":"%b","call_id":"%b","node_id":"bench","state":"%b"}' % (
        call.control_id.encode(),
        call.id.encode(),
        state.encode(),
    )


def _inbound_body(number: str) -> bytes:
    """The platform's request for a call's SWML, with a place for the call_id."""
    call = {
        "call_id": "%b",
        "node_id": "bench",
        "segment_id": "5a7e0000-0000-4000-8000-000000000000",
        "call_state": "created",
        "direction": "inbound",
        "type": "phone",
        "from": "+15550142",
        "to": number,
        "headers": [],
        "project_id": "9e0f0000-0000-4000-8000-000000000000",
        "space_id": "59ac0000-0000-4000-8000-000000000000",
    }
    return msgspec.json.encode({"call": call, "vars": {}, "envs": {}, "params": {}})
