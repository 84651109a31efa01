"""States of the journal that are none of ours: a bit that has flipped on the disk, a hand that has slipped in an SQL shell.

Each value of a run's state is replaced by others of its type. Whatever that run does then, the process lives, and the
run beside it goes on.
"""

import logging
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from engine.journal.memory import MemoryJournal
from engine.model import codec
from engine.model.ids import RunId, inbound_run_id
from engine.runner import recovery
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside
from tests.unit.runner.test_recovery import strange

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
SOUND, HURT = inbound_run_id("sound"), inbound_run_id("hurt")
OTHERS: dict[type, list[Any]] = {
    str: ["nowhere"],
    int: [-1, 1 << 62],
    bool: [True, False],
    list: [[]],
    dict: [{}],
}


def hurt(state: Any) -> Iterator[tuple[str, Any]]:
    """The state with one value replaced, and which one that is."""
    for path, value in list(_values(state, ())):
        for other in OTHERS.get(type(value), []):
            if other != value:
                made = deepcopy(state)
                _put(made, path, other)
                yield f"{'.'.join(map(str, path))} = {other!r}", made


def _values(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if path:
        yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _values(one, (*path, key))


def _put(state: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        state = state[key]
    state[path[-1]] = value


async def waiting(call_id: str) -> tuple[MemoryJournal, bytes]:
    """A journal with the flow's bundle, and the state of a run in the middle of its prompt."""
    journal, run_id = MemoryJournal(), inbound_run_id(call_id)
    async with inside(journal=journal) as at:
        await at.arrive(call_id)
        await at.report(f"{run_id}.0.hello.1.1.play", state="playing")
    state = journal.state_of(run_id)
    assert state is not None
    return journal, state


async def test_run_whose_state_is_none_of_ours_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recovery, "_LISTEN_S", 0)
    caplog.set_level(logging.CRITICAL)
    _, sound = await waiting("sound")
    _, state = await waiting("hurt")
    tried, stopped = 0, list[str]()
    for what, made in hurt(msgspec.msgpack.decode(state)):
        data = msgspec.msgpack.encode(made)
        journal, _ = await waiting("other")
        digest = codec.decode_state(sound).digest
        await journal.commit(
            [
                replace(strange(HURT, data), digest=digest, n=2, next_due_ms=1),
                replace(strange(SOUND, sound), digest=digest, n=2),
            ]
        )
        try:
            async with inside(journal=journal) as at:
                await meddled_with(at)
                await at.report(f"{SOUND}.0.hello.1.1.play", state="finished")
                await until(lambda: journal.run(SOUND).status == "ended")  # noqa: B023
        except Exception as error:
            stopped.append(f"{what}: {flat(error)!r}")
        tried += 1
    assert not stopped, "\n".join(stopped)
    assert tried > 50


def flat(error: BaseException) -> BaseException:
    return flat(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


async def meddled_with(at: Inside) -> None:
    """All that may happen to the run: reports, a signal, its timers."""
    for state in ("playing", "finished"):
        await at.report(f"{HURT}.0.hello.1.1.play", state=state)
    await at.client.post(f"/runs/{HURT}/cancel", headers={"Authorization": "Bearer secret"})
    await at.client.get(f"/runs/{HURT}", headers={"Authorization": "Bearer secret"})
    supervisor = at.runner.supervisor
    due_ms = supervisor.runs.due_ms(RunId(HURT))
    supervisor._rung(RunId(HURT), due_ms or 0)
