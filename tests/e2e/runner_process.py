"""`offhook run` as a process of its own, which is killed, told to stop, and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx
import yaml

from engine.journal.base import RunRow
from engine.journal.reader import open_reader
from engine.journal.sealing import new_key
from engine.sandbox.service import PROJECT, TOKEN
from tests.e2e.ports import HOST, reserved

ROOT = Path(__file__).resolve().parents[2]
FLOWS = ROOT / "flows"
API_TOKEN = "runs-please"
SECRET_KEY = new_key()
UNREACHABLE = (httpx.TransportError, AttributeError)
"""What httpx raises; the latter is anyio's, when the process is killed while it takes the connection."""
START_S = 20
STOP_S = 20
_SANDBOX: dict[str, Any] = yaml.safe_load((FLOWS / "environments" / "sandbox.env.yaml").read_text())
USES: dict[str, Any] = _SANDBOX["uses"]
FETCH: dict[str, Any] = _SANDBOX["fetch"]


def variables(**more: str) -> dict[str, str]:
    """A process's environment: this one's, less what is ours, plus the sandbox's credentials."""
    ours = ("SIGNALWIRE_", "OFFHOOK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    given = {"SIGNALWIRE_PROJECT_ID": PROJECT, "SIGNALWIRE_API_TOKEN": TOKEN}
    given |= {"OFFHOOK_API_TOKEN": API_TOKEN, "OFFHOOK_SECRET_KEY": SECRET_KEY}
    return {**kept, "PYTHONPATH": str(ROOT), **given, **more}


def offhook(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "engine.cli", *map(str, arguments)]


def write_environment(folder: Path, name: str = "test", **document: Any) -> Path:
    """`<name>.env.yaml` with these keys; one that is None is left out."""
    path = folder / f"{name}.env.yaml"
    base: dict[str, Any] = {"environment": name, "journal": f"{name}.journal", "flows": str(FLOWS)}
    base |= {"public_url": "http://127.0.0.1:9", "fetch": FETCH}
    path.write_text(yaml.safe_dump({key: value for key, value in {**base, **document}.items() if value is not None}))
    return path


class RunnerProcess:
    """One environment's runner. `url` stays the same over restarts."""

    def __init__(self, folder: Path, port: int, environment_file: Path, more: Mapping[str, str]) -> None:
        self.url = f"http://{HOST}:{port}"
        self.journal = folder / environment_file.name.replace(".env.yaml", ".journal")
        self.environment_file = environment_file
        self.client = httpx.AsyncClient(base_url=self.url, timeout=15, trust_env=False)
        self.more = more
        self._log = folder / f"{environment_file.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self, command: list[str] | None = None, *, longest_s: float = START_S) -> None:
        """Returns when it takes requests. `command` instead of `offhook run ENVIRONMENT_FILE`."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - starting one does not block for long
                command or offhook("run", self.environment_file), stderr=log, stdout=log, env=variables(**self.more)
            )
        with anyio.fail_after(longest_s):
            while not await self.answers():
                assert self._process.poll() is None, f"the runner has ended:\n{self.log}"
                await anyio.sleep(0.02)

    async def answers(self) -> bool:
        try:
            return (await self.client.get("/healthz")).status_code == 200
        except UNREACHABLE:
            return False

    def tell(self, signal_number: int) -> None:
        assert self._process is not None
        self._process.send_signal(signal_number)

    def kill(self) -> None:
        """kill -9, and nothing of the process is left when this returns."""
        self.tell(signal.SIGKILL)
        self._ended()

    async def ended(self, longest_s: float = STOP_S) -> int:
        """Its exit status, once it has ended by itself."""
        return await anyio.to_thread.run_sync(self._ended, longest_s)

    def _ended(self, longest_s: float = STOP_S) -> int:
        assert self._process is not None
        return self._process.wait(longest_s)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def rows(self) -> list[RunRow]:
        """What the journal says, read beside the runner."""
        reader = open_reader(self.journal)
        try:
            return reader.runs(limit=1000)
        finally:
            reader.close()

    async def until_all_ended(self, count: int, *, longest_s: float = 30) -> list[RunRow]:
        rows: list[RunRow] = []
        with anyio.move_on_after(longest_s):
            while True:
                rows = self.rows()
                if len(rows) == count and all(row.status == "ended" for row in rows):
                    return rows
                await anyio.sleep(0.03)
        live = [(row.run_id, row.status, row.events) for row in rows if row.status != "ended"]
        raise AssertionError(f"{len(rows)} of {count} runs, live: {live}\n{self.log[-4000:]}")


@asynccontextmanager
async def runner_process(
    folder: Path, space: str, *, port: int, name: str = "test", more: Mapping[str, str] | None = None, **document: Any
) -> AsyncIterator[RunnerProcess]:
    """Started, and ended whatever happens. `document` are keys of the environment file, `more` variables."""
    url = f"http://{HOST}:{port}"
    document = {"space": space, "public_url": url, "listen": f"{HOST}:{port}", "uses": USES, **document}
    runner = RunnerProcess(folder, port, write_environment(folder, name, **document), more or {})
    try:
        await runner.start()
        yield runner
    finally:
        runner.close()
        await runner.client.aclose()


__all__ = ["RunnerProcess", "offhook", "reserved", "runner_process", "variables", "write_environment"]
