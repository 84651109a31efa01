"""The processes that are measured: each on one core, each with a load of its own, ended whatever happens."""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import flows, machine
from tests.bench.load import Load, Reactions, Window

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
_PR_SET_PDEATHSIG = 1


class Unstartable(Exception):
    """A subject did not come up, or takes no calls; says why."""


class Subject:
    """A process under load. Make one with `application` or `runner`, and `close` it."""

    def __init__(self, name: str, load: Load) -> None:
        self.name = name
        self.load = load
        self.note = ""
        self.windows: list[Window] = []
        self.reactions: list[Reactions] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - until close()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def rate(self) -> float:
        """Rounds per second, the median of the windows."""
        return machine.median([window.rate for window in self.windows])

    @property
    def cpu_us(self) -> float:
        """CPU time of the process for each round."""
        return machine.median([window.cpu_s / window.rounds * 1e6 for window in self.windows if window.rounds])

    @property
    def reaction_ms(self) -> dict[str, float]:
        """Percentiles of the reactions, the median of the repeats."""
        return {
            f"p{share}": round(
                machine.median([machine.percentile(found.ms, share / 100) for found in self.reactions]), 2
            )
            for share in (50, 99)
        }

    @property
    def steady_cpu_us(self) -> float:
        """CPU time of the process for each round at the steady rate."""
        return machine.median([found.cpu_s / len(found.ms) * 1e6 for found in self.reactions if found.ms])

    @property
    def load_busy(self) -> float:
        return machine.median([window.busy for window in self.windows])

    def cpu_s(self) -> float:
        return machine.cpu_seconds(self.pid)

    def spawn(self, arguments: list[str], core: int | None, stdout: int) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SIGNALWIRE_PROJECT_ID": "bench",
            "SIGNALWIRE_API_TOKEN": "bench",
        }
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=self._log.fileno(),
            # Out of the way of a ctrl-C, which is ours to pass on.
            start_new_session=True,
            preexec_fn=_prepare(core),
        )
        return self._process

    async def start(self, calls: int, flow: str) -> float:
        """Let so many calls to the flow arrive; gives the seconds. A call that is not spoken to is an `Unstartable`."""
        seconds = await self.load.start(calls, flows.NUMBERS[flow], talks=flow == "loop")
        if self.load.mistakes:
            raise Unstartable(f"calls to {self.name}: {self.load.mistakes}\n{self.last_words()}")
        return seconds

    def last_words(self) -> str:
        """The end of what it wrote to stderr."""
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - 2000))
        return self._log.read().decode(errors="replace")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            for _ in range(100):
                if process.poll() is not None:
                    break
                await asyncio.sleep(0.05)
            else:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        await self.load.close()
        self._log.close()


async def application(name: str, core: int | None) -> Subject:
    """`tests.bench.<name>`, which takes the space as its argument and prints its port and a note."""
    subject, space = await _subject(name)
    process = subject.spawn(["-m", f"tests.bench.{name}", space], core, subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            line = await asyncio.to_thread(process.stdout.readline)
        port, subject.note = line.decode().split()
        subject.load.aim(int(port))
    except (ValueError, TimeoutError):
        raise await _unstartable(subject) from None
    return subject


async def runner(core: int | None, folder: Path) -> Subject:
    """`offhook run` with the bench's flows and a journal in `folder`."""
    subject, space = await _subject("runner")
    port = _free_port()
    environment = flows.write(folder, space=space, port=port)
    subject.load.aim(port)
    await _run(subject, environment, core)
    return subject


async def again(subject: Subject, core: int | None, folder: Path) -> None:
    """The runner is killed, and started anew with the same journal."""
    subject.kill()
    await _run(subject, folder / "environments" / "bench.env.yaml", core)


async def _run(subject: Subject, environment: Path, core: int | None) -> None:
    process = subject.spawn(["-m", "engine.cli", "run", str(environment)], core, subprocess.DEVNULL)
    try:
        async with asyncio.timeout(START_S):
            while not await _is_ready(subject.load.port):
                if process.poll() is not None:
                    raise TimeoutError
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise await _unstartable(subject) from None


async def _unstartable(subject: Subject) -> Unstartable:
    words = subject.last_words()
    await subject.close()
    return Unstartable(f"{subject.name} did not start:\n{words}")


async def _subject(name: str) -> tuple[Subject, str]:
    subject: Subject
    load = Load(lambda: subject.cpu_s())
    subject = Subject(name, load)
    return subject, f"127.0.0.1:{await load.listen()}"


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
    line = await reader.readline()
    writer.close()
    return b" 200 " in line


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _prepare(core: int | None) -> Callable[[], None]:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        machine.pin(core)
        if libc is not None:
            # Nothing outlives the bench, not even when that is killed.
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return prepare


def events(journal: Path) -> int:
    """How many events the journal has, of all its runs."""
    from engine.journal.reader import open_reader

    reader = open_reader(journal)
    try:
        return sum(row.events for row in reader.runs(limit=1_000_000))
    finally:
        reader.close()


__all__ = ["Subject", "Unstartable", "application", "events", "runner"]
