"""The text phone: ring a number of a sandbox, or pick up a call to one, in a terminal or through a pipe.

    async with typed_lines() as lines:
        rung = await Phone(base_url=sandbox.url, write=click.echo, lines=lines).ring("+15550001")

What the caller hears is written as it happens. Typed at a terminal, a line counts at once. From a
pipe (`paced`), each line waits until the flow has said something, fallen silent and begun to listen, as a
caller would; when the lines are used up and the flow stays silent, the phone hangs up.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import anyio
import msgspec

from engine.model.errors import OffhookError
from engine.sandbox.deliver import Courier, Response
from engine.sandbox.phone_text import HELP, Typed, decides, echo, kind, show, understand, unheard

PAUSE_MS = 400
"""How long the flow must have been silent before a piped line is used."""
SILENCE_MS = 10_000
"""How long it must have been silent before the phone gives up. Longer than a usual initial_timeout,
so that a reprompt comes before."""
POLL_S = 20.0
CALLER = "+15550177"
"""The phone's own number."""
_DIALLED_S = 10.0
"""How long a call that was asked for may take to come about."""
_LOOK_S = 0.02
_SETTLES_S = 0.1
_LEAST_S = 6.0
"""How long the flow may take for its next step by the wall clock, however fast the call's own runs: its requests do not run
faster."""
ASKED = {
    "connecting": "bridge",
    "queued": "queue",
    "paying": "pay",
    "connected": "peer",
    **dict.fromkeys(("not_connected", "disconnected", "paid", "ended"), ""),
}
"""What may be decided from then on; "" nothing more."""
_CLOSED = {
    "bridge": "nobody is being rung",
    "queue": "you are not waiting in a queue",
    "pay": "there is nothing to pay",
    "peer": "you are not talking to anybody",
}


class PhoneError(OffhookError):
    """The sandbox does not answer, or not as it should."""

    code = "phone"


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is over: `heard` are the prompts, `end_reason` the platform's word."""

    call_id: str
    end_reason: str
    heard: tuple[str, ...]


class Phone:
    """`lines` are what is typed, without end-of-line; `write` takes text without it.

    `pause_ms` and `silence_ms` are the call's time, which may run faster than the wall clock.
    """

    def __init__(
        self,
        *,
        base_url: str,
        write: Callable[[str], None],
        lines: AsyncIterator[str],
        paced: bool = False,
        width: int = 78,
        pause_ms: int = PAUSE_MS,
        silence_ms: int = SILENCE_MS,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._write = write
        self._lines = lines
        self._paced = paced
        self._width = width
        self._pause_ms = pause_ms
        self._silence_ms = silence_ms
        self._courier = Courier(timeout_s=POLL_S * 2)
        self._speed = 1.0
        self._call: dict[str, Any] = {}
        self._heard: list[str] = []
        self._end_reason = ""
        self._quiet_from_s = 0.0
        self._answerable = False
        self._asked = ""
        self._news = anyio.Event()

    async def ring(self, number: str, *, from_: str = CALLER, script: Sequence[dict[str, Any]] = ()) -> Rung:
        """One call, from its first ring to its end; cancelling it hangs up. A `script` (see the sandbox's
        `caller`) acts by itself, beside the lines."""
        async with self._courier:
            return await self._hold(
                await self._ask("POST", "/sandbox/calls", {"to": number, "from": from_, "caller": list(script)})
            )

    async def pick_up(
        self, number: str, dial: Callable[[], Awaitable[object]], *, script: Sequence[dict[str, Any]] = ()
    ) -> Rung:
        """The other way round: `dial` makes somebody call `number`, and the phone is who answers there.
        `PhoneError` when no such call comes about."""
        async with self._courier:
            await self._ask("POST", "/sandbox/callees", {"number": number, "caller": list(script)})
            before = {call["call_id"] for call in await self._calls_to(number)}
            await dial()
            return await self._hold(await self._dialled(number, before))

    async def _dialled(self, number: str, before: set[str]) -> dict[str, Any]:
        with anyio.move_on_after(_DIALLED_S):
            while True:
                for call in await self._calls_to(number):
                    if call["call_id"] not in before:
                        return call
                await anyio.sleep(_LOOK_S)
        raise PhoneError(f"Nobody has called {number}.", help="Is it a number with + and country code?")

    async def _calls_to(self, number: str) -> list[dict[str, Any]]:
        calls = (await self._ask("GET", "/sandbox/calls"))["calls"]
        return [call for call in calls if call["to"] == number and call["direction"] == "outbound"]

    async def _hold(self, call: dict[str, Any]) -> Rung:
        """Listens and talks until the call is over."""
        self._call = call
        try:
            self._speed = float((await self._ask("GET", "/sandbox"))["speed"])
            self._quiet_from_s = anyio.current_time()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._talk)
                await self._listen()
                tasks.cancel_scope.cancel()
        finally:
            await self._put_down()
        return Rung(call_id=self._call["call_id"], end_reason=self._end_reason, heard=tuple(self._heard))

    async def _listen(self) -> None:
        """Write what is heard until the call is over and everything of it is written."""
        after = 0
        while True:
            path = f"/sandbox/calls/{self._call['call_id']}/heard?after={after}&wait_s={POLL_S:g}"
            news = await self._ask("GET", path)
            for line in news["lines"]:
                self._take(line)
            after = news["last"]
            if self._end_reason:
                return

    def _take(self, line: dict[str, Any]) -> None:
        hints = not self._paced
        self._write(show(line, began_ms=self._call["created_ms"], width=self._width, hints=hints))
        now_s = anyio.current_time()
        if line["effect"] == "heard":
            self._heard.append(line["text"])
            self._answerable = True
            self._quiet_from_s = max(self._quiet_from_s, now_s + self._seconds(line["duration_ms"]))
        elif line["effect"] == "progressed":
            if line["what"] == "cut_off":
                self._quiet_from_s = now_s
            if line["what"] in ASKED:
                self._asked = ASKED[line["what"]]
                self._answerable = self._answerable or self._asked == "peer"
                self._quiet_from_s = now_s
            if line["what"] == "ended":
                self._end_reason = line.get("detail", "") or "ended"
            if line["what"] == "left":
                # The sandbox plays no SWML but its own few methods: there is nothing more to hear.
                self._end_reason = "left"
        self._news.set()
        self._news = anyio.Event()

    async def _talk(self) -> None:
        """Do what is typed, and hang up at its end."""
        async for text in self._lines:
            typed = understand(text)
            if typed is not None:
                await self._do(text.strip(), typed)
        if self._paced:
            await self._until_left_alone()
        await self._act({"hangs_up": True})

    async def _do(self, text: str, typed: Typed) -> None:
        if "help" in typed:
            self._write(HELP)
        elif "wrong" in typed:
            self._write(typed["wrong"])
        elif "wait_s" in typed:
            await anyio.sleep(self._seconds(typed["wait_s"] * 1_000))
        elif decides(typed):
            await self._decide(text, typed)
        else:
            if self._paced:
                await self._until_answerable()
                if "hangs_up" not in typed:
                    await self._until_listened_to(typed)
                self._write(echo(typed, text))
            elif "hangs_up" not in typed and not await self._is_listened_to(typed):
                self._write(unheard(typed))
            await self._act(typed)

    async def _decide(self, text: str, typed: Typed) -> None:
        """From a pipe, when it is open; at a terminal it is open now or never."""
        about = decides(typed)
        if self._paced:
            with anyio.move_on_after(self._seconds(self._silence_ms)):
                while self._asked != about:
                    await self._news.wait()
            self._write(echo(typed, text))
        if self._asked == about:
            await self._send("POST", f"/sandbox/calls/{self._call['call_id']}/caller", typed)
        else:
            self._write(f"{text}: {_CLOSED[about]}")

    async def _act(self, typed: Typed) -> None:
        """The flow has the word again."""
        self._answerable = False
        self._quiet_from_s = max(self._quiet_from_s, anyio.current_time())
        await self._send("POST", f"/sandbox/calls/{self._call['call_id']}/caller", typed)

    async def _until_answerable(self) -> None:
        """Until the flow has spoken and paused, or has said nothing for so long that it will not."""
        with anyio.move_on_after(self._patience_s):
            while not self._answerable:
                await self._news.wait()
        await self._until_silent_for(self._seconds(self._pause_ms))

    async def _until_listened_to(self, typed: Typed) -> None:
        """The flow has fallen silent, and what it does next may be on its way: keys that nobody takes yet would be lost,
        and of a prompt that is about to begin, its end is waited for. So is somebody who is rung, or a queue's end."""
        listened = False
        with anyio.move_on_after(self._patience_s) as waiting:
            while not (listened and await self._is_listened_to(typed)):
                if self._asked:
                    waiting.deadline = anyio.current_time() + self._patience_s
                listened = await self._is_listened_to(typed)
                await anyio.sleep(_SETTLES_S)
                await self._until_silent_for(self._seconds(self._pause_ms))

    async def _is_listened_to(self, typed: Typed) -> bool:
        call = await self._ask("GET", f"/sandbox/calls/{self._call['call_id']}")
        return bool(call["listens"][kind(typed)])

    @property
    def _patience_s(self) -> float:
        return max(self._seconds(self._silence_ms), min(self._silence_ms / 1_000, _LEAST_S))

    async def _until_left_alone(self) -> None:
        """Until the flow is silent, and nobody else is on the line or awaited."""
        await self._until_silent_for(self._patience_s)
        while self._asked:
            await self._news.wait()
            await self._until_silent_for(self._patience_s)

    async def _until_silent_for(self, seconds: float) -> None:
        while (left_s := seconds - self._silent_for_s()) > 0:
            with anyio.move_on_after(left_s):
                await self._news.wait()

    def _silent_for_s(self) -> float:
        return anyio.current_time() - self._quiet_from_s

    def _seconds(self, ms: float) -> float:
        return ms / 1_000 / self._speed

    async def _put_down(self) -> None:
        """However this ends, the flow is not left with a dead line."""
        if not self._end_reason:
            with anyio.move_on_after(1, shield=True):
                await self._act({"hangs_up": True})

    async def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Response:
        return await self._courier.send(method, self._base_url + path, body or {})

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        response = await self._send(method, path, body)
        if not response.status:
            raise PhoneError(f"The sandbox at {self._base_url} does not answer: {response.error}")
        answer: dict[str, Any] = msgspec.json.decode(response.body, type=dict[str, Any])
        if not response.ok:
            raise PhoneError(str(answer.get("error", f"The sandbox answered {response.status}.")))
        return answer
