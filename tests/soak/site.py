"""One platform, the services that flows fetch from, and calls to as many runners as there are."""

import json
import random
import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import msgspec

from engine.exchange.caller import Line
from engine.exchange.inputs import CalleeSet, CallPlaced
from engine.exchange.options import ExchangeOptions
from engine.model.ids import RunId, inbound_run_id
from engine.sandbox import views
from engine.sandbox.script import read_script
from engine.sandbox.service import Sandbox
from engine.serving.server import HttpServer, bind
from tests.e2e.ports import HOST
from tests.e2e.runner_process import API_TOKEN, FETCH, FLOWS, UNREACHABLE, USES, RunnerProcess, write_environment
from tests.soak.scenarios import INPUTS, REPLIES, ROUTES, SCENARIOS, Scenario

OWN_FLOWS = FLOWS.parent / "tests" / "e2e" / "flows"
SPEED = 10
TRIES = 100
"""A webhook is tried again every 0.2 s, so that a runner that is killed is told later what it did not take."""
_SERVICES = "http://127.0.0.1:8790"
"""Where the flows' fetches go, as far as the environment `sandbox` knows."""


class Made(NamedTuple):
    call_id: str
    run_id: RunId
    scenario: Scenario


class Called:
    """One runner's calls. `number` tells the numbers of runners apart."""

    def __init__(self, site: "Site", runner: RunnerProcess, number: int) -> None:
        self.runner = runner
        self.made: list[Made] = []
        self._site = site
        self._number = number
        self._dialled = 0

    async def call(self, drawn: random.Random) -> None:
        """Begins one call of any scenario."""
        scenario = drawn.choice(SCENARIOS)
        script = read_script(list(scenario.script))
        if scenario.number:
            call_id = self._site.ring(f"{scenario.number}{self._number}", script)
            self.made.append(Made(call_id, inbound_run_id(call_id), scenario))
        else:
            self._dialled += 1
            to = f"+1556{self._number}{self._dialled:06}"
            self._site.callee(to, script)
            run_id = await self._ask(scenario.flow, to)
            self.made.append(Made(to, run_id, scenario))

    async def _ask(self, flow: str, to: str) -> RunId:
        """Until the runner has said yes; with one key, so that it is one call."""
        headers = {"Authorization": f"Bearer {API_TOKEN}", "Idempotency-Key": to}
        body = {"flow": flow, "to": to, "inputs": INPUTS}
        while True:
            try:
                answer = await self.runner.client.post("/runs", json=body, headers=headers)
            except UNREACHABLE:
                answer = None
            if answer is not None and answer.status_code in (200, 202):
                return RunId(answer.json()["run"])
            assert answer is None or answer.status_code in (429, 503), answer.text
            await anyio.sleep(0.1)

    def over(self, has_ended: Callable[[Made], bool]) -> list[tuple[Made, list[dict[str, Any]]]]:
        """The calls that are over on the platform, with its records of them, taken out of `made`. One that was never
        dialled is over when its run has ended."""
        dialled = self._site.dialled()
        over, left = [], []
        for one in self.made:
            call_ids = [one.call_id] if one.scenario.number else dialled.get(one.call_id, [])
            if all(self._site.is_over(call_id) for call_id in call_ids) if call_ids else has_ended(one):
                over.append((one, [self._site.call(call_id) for call_id in call_ids]))
            else:
                left.append(one)
        self.made = left
        return over


class Site:
    def __init__(self, sandbox: Sandbox, services: str, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self._uses = {name: str(value).replace(_SERVICES, services) for name, value in USES.items()}
        self._fetch = {**FETCH, "private": [services]}
        self._flows = _flows(folder)

    def runner(self, name: str, port: int, number: int, more: dict[str, str]) -> Called:
        """A runner that is not started yet."""
        folder = self.folder / name
        folder.mkdir()
        routes = {f"{number_}{number}": flow for number_, flow in ROUTES.items()}
        switch = self.sandbox.switch
        numbers = {**switch.state.options.numbers, **dict.fromkeys(routes, f"http://{HOST}:{port}/calls/inbound")}
        switch.state = msgspec.structs.replace(
            switch.state, options=msgspec.structs.replace(switch.state.options, numbers=numbers)
        )
        document: dict[str, Any] = {
            "space": f"{HOST}:{self.sandbox.port}",
            "public_url": f"http://{HOST}:{port}",
            "listen": f"{HOST}:{port}",
            "uses": self._uses,
            "fetch": self._fetch,
            "flows": str(self._flows),
            "routes": routes,
            "presence": "1s",
            "pacing": {"dials_per_second": 100},
            "drain": "1s",
            "capacity": {"lag": "60s"},  # A machine that has other work is no reason to turn calls away here.
        }
        file = write_environment(folder, name, **document)
        return Called(self, RunnerProcess(folder, port, file, more), number)

    def ring(self, to: str, script: tuple[Line, ...]) -> str:
        call_id = str(uuid.uuid4())
        self.sandbox.switch.feed(
            lambda at_ms: CallPlaced(at_ms=at_ms, call_id=call_id, to=to, from_="+15550177", script=script)
        )
        return call_id

    def callee(self, number: str, script: tuple[Line, ...]) -> None:
        self.sandbox.switch.feed(lambda at_ms: CalleeSet(at_ms=at_ms, number=number, after_ms=200, script=script))

    def dialled(self) -> dict[str, list[str]]:
        """The calls that runners have made, by their number; a number that was dialled twice has two."""
        found: dict[str, list[str]] = {}
        for call in self.sandbox.switch.state.calls.values():
            if call.direction == "outbound":
                found.setdefault(call.to, []).append(call.call_id)
        return found

    def is_over(self, call_id: str) -> bool:
        """It has ended, and of each of its webhooks it is known what became of it."""
        switch = self.sandbox.switch
        webhooks = switch.records[call_id].webhooks
        return views.state(switch.state, call_id) == "ended" and all(one.status or one.error for one in webhooks)

    def call(self, call_id: str) -> dict[str, Any]:
        """As the sandbox tells of it."""
        switch = self.sandbox.switch
        found = views.details(switch.state.calls[call_id], switch.records[call_id])
        told: dict[str, Any] = msgspec.to_builtins(found)
        return told


@asynccontextmanager
async def site(folder: Path, *, seed: str, keep_ended: int = 1_000) -> AsyncIterator[Site]:
    options = ExchangeOptions(keep_ended=keep_ended)
    with bind(HOST, 0) as bound:
        async with (
            Sandbox(options=options, speed=SPEED, tries=TRIES, seed=seed) as sandbox,
            anyio.create_task_group() as tasks,
        ):
            await tasks.start(HttpServer(_services, bound).serve)
            yield Site(sandbox, f"http://{HOST}:{bound.getsockname()[1]}", folder)
            tasks.cancel_scope.cancel()


async def _services(scope: Any, receive: Any, send: Any) -> None:
    """The company's own services, which know nothing and answer at once."""
    while (await receive()).get("more_body"):
        pass
    body = json.dumps(REPLIES.get(scope["path"].rpartition("/")[2], {})).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _flows(folder: Path) -> Path:
    """Those of flows/, and the tests' switchboard."""
    made = folder / "flows"
    shutil.copytree(FLOWS, made)
    shutil.copy(OWN_FLOWS / "switchboard.flow.yaml", made)
    for path in (OWN_FLOWS / "swml").iterdir():
        shutil.copy(path, made / "swml")
    return made
