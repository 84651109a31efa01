"""The faults that only real connections have: a runner behind real HTTP, a sandbox, and the wire between them."""

import random
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest
from msgspec import Struct

from engine.calling import client as calling
from engine.calling import over_httpx
from engine.exchange.apply import new_exchange
from engine.exchange.caller import Line, Marks
from engine.exchange.inputs import CalleeSet, CallPlaced
from engine.journal.base import RunRow
from engine.journal.sealing import new_key
from engine.model.state import END_REASONS
from engine.project.flows import FLOW
from engine.sandbox import views
from engine.sandbox.service import Sandbox
from tests.e2e.hosted import API_TOKEN, Hosted, hosted
from tests.e2e.line import heard_twice
from tests.e2e.runner_process import FLOWS, USES
from tests.faults.line import Does, Wire, wire
from tests.faults.subjects import Subject, subjects

SPEED = 40
_SHARE = 0.2
_DAYS_S = 2 * 86_400.0
"""So far ahead a machine's time is believed at once (`engine/runner/clock.py:Clock`)."""
_PAUSE_S = 0.05
_JUMPS_S = (3_600, -3_600, 60, -7_200, 5)
_LONGEST_S = 120
_PATIENT_MS, _IMPATIENT_MS = 2_000, 200
"""What an attempt may take: little where answers do not come, much where the machine may be slow."""


class Site(Struct):
    """One runner, and its platform, which may be replaced by another one at the same address."""

    hosted: Hosted
    sandbox: Sandbox
    wire: Wire
    random: random.Random
    calls: int
    set_by: float = 0.0


Fault = Callable[[Site], Coroutine[Any, Any, None]]


class LiveRow(Struct, kw_only=True):
    """As `tests.faults.matrix.Row`; `met` says what happened to how many requests."""

    calls: int = 0
    same: int = 0
    failed: int = 0
    others: list[str] = []
    met: dict[str, int] = {}


async def nothing(site: Site) -> None:
    """No fault."""


def some(does: Does) -> Fault:
    async def fault(site: Site) -> None:
        site.wire.does = lambda: does if site.random.random() < _SHARE else ""

    return fault


async def restart(site: Site) -> None:
    """The platform is gone for a second, and does not know the calls any more when it is back. Those that are away with
    SWML of their own are waited for, for hours; so hours pass."""
    while len(site.hosted.journal.runs(limit=10_000)) < site.calls:  # noqa: ASYNC110 - nobody tells
        await anyio.sleep(0.05)
    site.wire.target = 0
    switch = site.sandbox.switch
    switch.state = new_exchange(options=switch.state.options, seed="another", now_ms=switch.clock.now_ms())
    await anyio.sleep(1)
    site.wire.target = site.sandbox.port
    await anyio.sleep(5)
    site.set_by = _DAYS_S


async def clock_jumps(site: Site) -> None:
    for jump_s in _JUMPS_S:
        site.set_by += jump_s
        await anyio.sleep(0.2)


FAULTS: Mapping[str, Fault] = {
    "none, over real connections": nothing,
    "API: connection reset, 20 %": some("reset"),
    "API: connection refused, 20 %": some("refuse"),
    "API: no answer (hangs), 20 %": some("hang"),
    "API: slow body, 20 %": some("slow"),
    "DNS failure, 20 %": nothing,
    "clock jumps (an hour to and fro, two back)": clock_jumps,
    "the platform restarts, and has forgotten its calls": restart,
}


def chosen() -> list[Subject]:
    """One case of every flow: the one with the longest script that needs nothing from outside."""
    best: dict[str, Subject] = {}
    for one in subjects():
        if any(isinstance(line, Marks) for line in one.scenario.script):
            continue
        if one.flow not in best or len(one.scenario.script) > len(best[one.flow].scenario.script):
            best[one.flow] = one
    return list(best.values())


Usual = dict[str, set[tuple[str, str]]]
"""By flow: why its calls end, and at which step, without a fault."""


async def row(fault: str, times: int, usual: Usual | None = None) -> tuple[LiveRow, Usual]:
    """Without `usual` this is the row that finds it out."""
    found = LiveRow()
    endings: Usual = {}
    with pytest.MonkeyPatch.context() as patch:
        found.calls = times * len(chosen())
        async with _site(patch, fault, found.calls) as site:
            await _begin(site, chosen(), times, FAULTS[fault])
            rows = await _until_ended(site, found.calls)
            found.met = dict(site.wire.done)
            for one in rows:
                ending = (one.end_reason, _step(site, one))
                endings.setdefault(one.flow, set()).add(ending)
                _judge(found, one, ending in (usual or endings)[one.flow])
            found.others += [f"{fault}: there are {len(rows)} runs"] * abs(found.calls - len(rows))
            found.others += _twice(site)
    return found, endings


def _step(site: Site, one: RunRow) -> str:
    state = site.hosted.journal.state_of(one.run_id)
    assert state is not None
    opened = site.hosted.runner.supervisor.sealing.open_state(state, one.run_id)
    return (opened.callers[0] if opened.callers else opened.frame).step


def _judge(found: LiveRow, one: RunRow, usual: bool) -> None:
    if one.status != "ended" or one.end_reason not in END_REASONS:
        found.others.append(f"{one.flow}: {one.status} {one.end_reason}")
    elif usual:
        found.same += 1
    else:
        found.failed += 1


def _twice(site: Site) -> list[str]:
    """What was heard twice of one command."""
    switch = site.sandbox.switch
    calls = [views.details(call, switch.records[call.call_id]) for call in switch.state.calls.values()]
    return [str(one) for call in calls for one in heard_twice(call) if one[1] != "silence"]


async def _begin(site: Site, subjects: list[Subject], times: int, fault: Fault) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fault, site)
        for number in range(times):
            for index, subject in enumerate(subjects):
                await _call(site, subject, f"+1555{number:03}{index:04}")
                await anyio.sleep(_PAUSE_S)


async def _call(site: Site, subject: Subject, number: str) -> None:
    scenario, switch = subject.scenario, site.sandbox.switch
    script: tuple[Line, ...] = scenario.script
    if subject.graph.outbound is None:
        switch.feed(
            lambda at_ms: CallPlaced(
                at_ms=at_ms,
                call_id=f"{number[1:]}-0000-4000-8000-000000000000",
                to=_number(subject.flow),
                from_=number,
                swml_url=f"{site.hosted.client.base_url}/calls/inbound",
                script=script,
                detected=scenario.detected,
                signs=scenario.signs,
            )
        )
        return
    switch.feed(
        lambda at_ms: CalleeSet(
            at_ms=at_ms,
            number=number,
            outcome=scenario.answers,
            after_ms=scenario.after_ms,
            script=script,
            detected=scenario.detected,
            signs=scenario.signs,
        )
    )
    asked = {"flow": subject.flow, "to": number, "from": "+15550199", "inputs": dict(scenario.inputs)}
    answer = await site.hosted.client.post("/runs", json=asked, headers={"Authorization": f"Bearer {API_TOKEN}"})
    assert answer.status_code == 202, answer.text


async def _until_ended(site: Site, count: int) -> list[RunRow]:
    rows: list[RunRow] = []
    with anyio.move_on_after(_LONGEST_S):
        while True:
            rows = list(site.hosted.journal.runs(limit=10_000))
            if len(rows) >= count and all(one.status == "ended" for one in rows):
                break
            await anyio.sleep(0.05)
    return rows


@asynccontextmanager
async def _site(patch: pytest.MonkeyPatch, fault: str, calls: int) -> AsyncIterator[Site]:
    drawn = random.Random(fault)
    names: dict[str, int] = {}
    if fault.startswith("DNS"):
        _no_names(patch, drawn, names)
    known: list[Site] = []
    flows = sorted(FLOWS.glob(f"*{FLOW}"))
    routes = {_number(path.name.removesuffix(FLOW)): path.name.removesuffix(FLOW) for path in flows}
    async with (
        Sandbox(speed=SPEED, project="p", token="t") as sandbox,
        wire(sandbox.port, lambda: "") as line,
        hosted(
            patch,
            flows,
            routes,
            space=f"localhost:{line.port}",
            speed=SPEED,
            uses=USES,
            secret_key=new_key(),
            dials_per_s=1_000,
            request_ms=_IMPATIENT_MS if "hangs" in fault or "slow" in fault else _PATIENT_MS,
            set_by=lambda: known[0].set_by if known else 0.0,
        ) as made,
    ):
        line.done = names or line.done
        known.append(Site(made, sandbox, line, drawn, calls))
        yield known[0]


def _no_names(patch: pytest.MonkeyPatch, drawn: random.Random, asked: dict[str, int]) -> None:
    """The space's name is not found, now and then; and no connection is kept, so that it is looked for with every request.
    (The fast transport asks the system by itself.)"""
    asked |= {"names found": 0, "names not found": 0}
    patch.setattr(calling, "fast_is_possible", lambda: False)
    patch.setattr(over_httpx, "_connections", lambda *_: httpx.Limits(max_keepalive_connections=0))
    real = socket.getaddrinfo

    def found(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in ("localhost", b"localhost"):
            return real(host, *rest, **more)
        if drawn.random() < _SHARE:
            asked["names not found"] += 1
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        asked["names found"] += 1
        return real(host, *rest, **more)

    patch.setattr(socket, "getaddrinfo", found)


def _number(flow: str) -> str:
    return f"+1555{sum(flow.encode()) % 10_000_000:07}"
