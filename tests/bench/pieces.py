"""What each part of a round costs the runner by itself, in microseconds of CPU time: the lowest of many repeats.

Alone in a loop each is cheaper than in its place among all others, where the processor's caches hold other things.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from uvicorn import Config
from uvicorn.server import ServerState

from engine.interpret import advance
from engine.journal import batch
from engine.journal.base import Entry
from engine.journal.sealing import Sealing
from engine.journal.sqlite import open_journal
from engine.model import codec
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, CommandAnswered
from engine.model.graph import FlowGraph
from engine.model.ids import inbound_run_id
from engine.model.state import RunState
from engine.runner.batches import _entry
from engine.runner.live import Live
from engine.serving.door import Door
from engine.serving.protocol import guarded_by
from engine.wire import answers, requests, webhooks
from engine.wire.callback_url import callback_url, open_token, token
from tests.bench import pure

_RUNS, _GROUP, _ROUNDS = 512, 128, 150
"""Runs that are written to in turn, so many in a transaction."""
_KEY = bytes(32)
_URL = "https://runner.example"
_LEG = b'{"id":"00000001-0000-4000-8000-000000000000","node_id":"bench","type":"relay_pstn_call","status":"answered"}'


def measure() -> dict[str, Any]:
    graph = pure._graph()
    state = pure._state(graph)
    event = pure._finished(state)
    after = advance(graph, state, event)
    (command,) = after.commands
    assert isinstance(command, SendCommand)
    answer = CommandAnswered(
        at_ms=after.state.at_ms + 50, seq=command.seq, kind="accepted", http_status=200, leg=msgspec.json.decode(_LEG)
    )
    body = msgspec.json.encode({"control_id": event.control_id, "call_id": state.call.call_id, "state": "finished"})
    ours = token(_KEY, event.control_id)
    parts = {
        "request_parsed_and_answered": _http(body, ours),
        "token_and_webhook_decoded": _us(
            lambda: (open_token(ours, _KEY), webhooks.decode(body, event.control_id, event.at_ms))
        ),
        "advance_of_the_webhook": _us(lambda: advance(graph, state, event)),
        "advance_of_the_answer": _us(lambda: advance(graph, after.state, answer)),
        "two_entries_encoded": _encoded(graph, after.state, event) + _encoded(graph, after.state, answer),
        "two_entries_written": 2 * _written(after.state, event),
        "url_and_command_encoded": _command(command),
        "answer_classified": _us(lambda: answers.classify(200, _LEG)),
    }
    return {"parts_us": {name: round(us, 1) for name, us in parts.items()}}


def _http(body: bytes, ours: str) -> float:
    """A webhook's bytes in, the answer's out, with nobody between."""
    request = (
        b"POST /webhooks/%b HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
        % (
            ours.encode(),
            len(body),
            body,
        )
    )
    loop = asyncio.new_event_loop()
    try:
        config = Config(_nobody, lifespan="off", ws="none", log_config=None, access_log=False)
        config.load()
        made: Any = guarded_by(Door(), lambda scope: lambda body, answer: answer(200, b"{}"))
        connection = made(config=config, server_state=ServerState(), app_state={}, _loop=loop)
        connection.connection_made(_Nowhere())
        return _us(lambda: connection.data_received(request))
    finally:
        loop.close()


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("the shortcut takes all")


class _Nowhere(asyncio.Transport):
    def write(self, data: Any) -> None:
        """Into nothing."""

    def is_closing(self) -> bool:
        return False

    def resume_reading(self) -> None:
        """It was never paused."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default


def _encoded(graph: FlowGraph, state: RunState, event: AnyEvent) -> float:
    live, sealing = Live(graph, state, 1), Sealing()
    return _us(lambda: _entry(sealing, live, event))


def _command(command: SendCommand) -> float:
    """A URL is signed once, so each time another one is needed."""
    others = iter(range(10**9))

    def work() -> None:
        control_id = f"{command.control_id}{next(others)}"
        requests.encode(command, callback_url(_URL, _KEY, control_id))  # type: ignore[arg-type]

    return _us(work)


def _written(state: RunState, event: AnyEvent) -> float:
    """One entry, its share of the transaction and of the sync: the writing thread's time."""
    runs, encoded, kept = [inbound_run_id(str(n)) for n in range(_RUNS)], codec.encode(event), codec.encode(state)

    def entry(run: Any, n: int) -> Entry:
        return Entry(
            run_id=run,
            flow="loop",
            digest=state.digest,
            n=n,
            at_ms=event.at_ms,
            event=encoded,
            status=state.status,
            started_ms=state.started_ms,
            call_id=state.call.call_id,
            next_due_ms=event.at_ms,
            end_reason="",
            state=kept,
        )

    with tempfile.TemporaryDirectory(prefix="offhook-bench-") as folder, open_journal(Path(folder) / "j") as journal:
        connection = journal._writer._connection
        took = [
            _seconds(lambda entries: batch.write(connection, entries), [entry(run, n) for run in runs])
            for n in range(1, _ROUNDS)
        ]
    late = sorted(took[len(took) // 2 :])
    return late[len(late) // 2] / _RUNS * 1e6


def _seconds(write: Callable[[Sequence[Entry]], None], entries: list[Entry]) -> float:
    began = time.thread_time()
    for at in range(0, len(entries), _GROUP):
        write(entries[at : at + _GROUP])
    return time.thread_time() - began


def _us(work: Callable[[], Any]) -> float:
    return min(pure.batches_us(work))
