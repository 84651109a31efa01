"""New versions of flows while the runner serves: about once a second it looks at the folder, and at once on SIGHUP.

Looking, reading and compiling are done in a worker thread. The bundle of a new version is in the journal
before a call gets it. What cannot be served is told, and changes nothing for callers.
"""

import logging
import os
import signal
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
from anyio.abc import TaskStatus

from engine.journal.base import Journal
from engine.model.errors import ConfigurationError, JournalError
from engine.project import snapshot
from engine.project.environment import Environment, load
from engine.project.snapshot import Looks, Snapshot
from engine.runner import reloading
from engine.runner.current import Current
from engine.runner.library import Change, Library, changes, library_of
from engine.runner.meters import Meters
from engine.runner.reading import can_seal, hosts, library_in, unserved_routes
from engine.runner.versions import Versions
from engine.webhook.keys import Keys

log = logging.getLogger("offhook.library")
EVERY_S = 1.0
_OURS = ("OFFHOOK_", "SIGNALWIRE_")
_TOLD = {
    "new": "flow %s is served from now on",
    "changed": "flow %s: new calls get the new version, those that live keep theirs",
    "removed": "flow %s was removed: it is not served to new calls any more",
    "mended": "flow %s: its file is the version that is served again",
}


class Watch:
    """`looks` is how the folder looked when it was read last; None before that."""

    def __init__(self, current: Current, versions: Versions, journal: Journal, meters: Meters, keys: Keys) -> None:
        self._current = current
        self._versions = versions
        self._journal = journal
        self._meters = meters
        self._keys = keys
        self._looks: Looks | None = None
        self._trouble = ""
        self._asked = anyio.Event()
        self._wanted = False
        self._configuration = self._seen = self._looks_of_configuration()

    @property
    def _environment(self) -> Environment:
        return self._current.environment

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Until cancelled."""
        with anyio.open_signal_receiver(signal.SIGHUP) as signals:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._listen, signals)
                task_status.started()
                while True:
                    await self.look()
                    with anyio.move_on_after(EVERY_S):
                        await self._asked.wait()

    async def _listen(self, signals: AsyncIterator[signal.Signals]) -> None:
        async for _ in signals:
            log.info("SIGHUP: the flows are read again, and the environment file")
            self._wanted = True
            self._asked.set()

    async def look(self) -> None:
        """Takes over what has changed since the last time, if anything has and it can be read now."""
        self._asked = anyio.Event()
        if self._wanted:
            self._wanted, self._looks, self._configuration = False, None, ()
        await self._look_at_environment()
        try:
            await self._look_at_flows()
        except (ConfigurationError, JournalError) as error:
            self._complain(error.message)
        except OSError as error:
            self._complain(str(error))
        except Exception as error:
            # Whatever it is, the calls go on with what is there.
            self._complain(f"a fault of ours, please report it: {error!r}", error)

    async def _look_at_flows(self) -> None:
        looks = await anyio.to_thread.run_sync(snapshot.look, self._environment.flows)
        if looks == self._looks:
            return
        found = await anyio.to_thread.run_sync(snapshot.settled, self._environment.flows, self._environment.uses)
        if found is not None:
            await self._take_over(found)
            self._looks, self._trouble = found.looks, ""
        # Else it is being written: a second later it may be whole.

    async def _take_over(self, found: Snapshot) -> None:
        before = self._versions.library
        compiled = partial(
            library_of,
            hosts=hosts(self._environment),
            unreadable=found.unreadable,
            before=before,
            can_seal=can_seal(self._environment),
        )
        after = await anyio.to_thread.run_sync(compiled, found.flows, self._environment.uses)
        told = changes(before, after)
        if not told:
            log.debug("the flows were read again: nothing is new")
            return
        for digest in after.by_digest.keys() - before.by_digest.keys():
            await self._journal.put_bundle(digest, after.by_digest[digest].bundle.encode())
        self._versions.replace(after)
        _tell(told, after)
        for line in set(unserved_routes(self._environment, after)) - set(unserved_routes(self._environment, before)):
            log.error("%s", line)

    def _complain(self, trouble: str, fault: Exception | None = None) -> None:
        """Once, though it is tried again and again."""
        if trouble != self._trouble:
            log.error("the flows stay as they are, for they cannot be read again: %s", trouble, exc_info=fault)
        self._trouble = trouble

    async def _look_at_environment(self) -> None:
        """What is broken is told, and changes nothing."""
        looks, file = self._looks_of_configuration(), self._environment.file
        if looks == self._configuration or file is None:
            return
        if looks != self._seen and self._configuration:
            # It may be being written: what looks the same at the next look is whole.
            self._seen = looks
            return
        self._configuration = self._seen = looks
        try:
            await self._reload(file)
            self._meters.configuration_sound = True
        except (ConfigurationError, JournalError, OSError) as error:
            self._meters.reloads["refused"] += 1
            self._meters.configuration_sound = False
            log.error("the configuration stays as it is, for %s cannot be taken over: %s", file, error)

    async def _reload(self, file: Path) -> None:
        after, new, later = reloading.taken_over(self._environment, load(file, os.environ))
        for name in later:
            log.warning("%s: what is new of `%s` counts when the runner is started again", file, name)
        if not new:
            return
        if "uses" in new:
            await self._rebind(after)
        self._current.environment = after
        self._keys.replace(after.signing_key, after.api_token, after.metrics_token)
        self._meters.reloads["taken-over"] += 1
        log.info("%s was taken over; new: %s", file, ", ".join(new))

    async def _rebind(self, after: Environment) -> None:
        """The flows with other `uses`: calls that live keep those that they were started with."""
        library = await anyio.to_thread.run_sync(library_in, after)
        before = self._versions.library
        reloading.check_flows(before, library)
        for digest in library.by_digest.keys() - before.by_digest.keys():
            await self._journal.put_bundle(digest, library.by_digest[digest].bundle.encode())
        self._versions.replace(library)

    def _looks_of_configuration(self) -> tuple[tuple[int, ...], ...]:
        """Of the environment file, and of files that secrets stand in."""
        named = [Path(value) for name, value in os.environ.items() if name.endswith("_FILE") and name.startswith(_OURS)]
        return tuple(snapshot.look_at(path) for path in (self._environment.file, *sorted(named)))


def _tell(told: list[Change], library: Library) -> None:
    for change in told:
        for line in change.lines:
            kept = "its last good version stays" if library.named(change.flow) else "it is not served"
            log.error("flow %s is broken, %s: %s", change.flow, kept, line)
        if change.what != "broken":
            log.info(_TOLD[change.what], change.flow)
