"""One runner: journal, client, runs and HTTP side in one task group, from start to a graceful end."""

import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import anyio
from anyio.abc import TaskStatus
from msgspec import Struct

from engine.calling.client import CallingClient
from engine.calling.pace import Rates
from engine.fetching.client import FetchClient
from engine.journal.base import Journal
from engine.journal.sealing import Sealing
from engine.journal.sqlite import open_journal
from engine.model.errors import ConfigurationError
from engine.project.environment import Environment
from engine.runner import recovery, spans
from engine.runner.capacity import Capacity
from engine.runner.clock import Clock
from engine.runner.current import Current
from engine.runner.guarding import connection_limits, left_open, request_limits, unguarded
from engine.runner.intake import RunnerIntake
from engine.runner.learnt import Learnt
from engine.runner.library import Library
from engine.runner.measured import Measured
from engine.runner.placed import Placed
from engine.runner.reach import Reach
from engine.runner.reading import hosts, library_in, unserved_routes
from engine.runner.retention import Retention
from engine.runner.spans import Spans
from engine.runner.supervisor import Supervisor
from engine.runner.timekeeping import Timekeeping
from engine.runner.versions import Versions
from engine.runner.watching import Watch
from engine.serving.server import HttpServer, bind
from engine.webhook.app import WebhookApp

log = logging.getLogger("offhook.runner")


class Runner(Struct, frozen=True):
    """What belongs together while it runs. `app` is the HTTP side as an ASGI application."""

    supervisor: Supervisor
    intake: RunnerIntake
    app: WebhookApp
    client: CallingClient
    versions: Versions
    current: Current
    measured: Measured


@asynccontextmanager
async def running(
    environment: Environment,
    *,
    journal: Journal,
    client: CallingClient,
    library: Library,
    clock: Clock | None = None,
    traced: Spans | None = None,
) -> AsyncIterator[Runner]:
    """A runner without its HTTP server; runs of the journal are taken over first."""
    versions = Versions(library)
    clock = clock or Clock()
    fetch = environment.fetch
    fetching = FetchClient(hosts(environment), ca_file=fetch.ca_file, now_ms=clock.now_ms)
    async with fetching, anyio.create_task_group() as tasks:
        supervisor = Supervisor(
            journal=journal,
            sealing=Sealing.of(environment.secret_key),
            client=client,
            fetching=fetching,
            versions=versions,
            public_url=environment.public_url,
            clock=clock,
            tasks=tasks,
            spans=traced,
        )
        supervisor.run_until_cancelled()
        for digest, served in library.by_digest.items():
            await journal.put_bundle(digest, served.bundle.encode())
        await journal.drop_unused_bundles(library.by_digest)
        taken = recovery.load(supervisor)
        tasks.start_soon(recovery.resume, supervisor, client, taken)
        current = Current(environment)
        capacity = Capacity(current, supervisor, supervisor.meters)
        measured = Measured(current, supervisor, capacity, client, versions)
        tasks.start_soon(capacity.run)
        tasks.start_soon(Reach(client).run)
        tasks.start_soon(Timekeeping(clock).run)
        tasks.start_soon(Placed(supervisor).run)
        intake = RunnerIntake(current, supervisor, versions, capacity, measured)
        if environment.keep_ms is not None:
            tasks.start_soon(Retention(journal, versions, clock, environment.keep_ms).run)
        learnt = Learnt(journal, environment.guard.webhooks)
        tasks.start_soon(learnt.run)
        app = WebhookApp(
            intake,
            public_url=environment.public_url,
            signing_key=environment.signing_key,
            api_token=environment.api_token,
            metrics_token=environment.metrics_token,
            demand=environment.guard.webhooks,
            known_signed=learnt.signed,
            learn_signed=learnt.learn,
            limits=request_limits(environment.guard),
        )
        measured.refused = app.refused.total
        for tally in (app.refused, intake.late, intake.in_vain):
            tasks.start_soon(tally.run)
        yield Runner(supervisor, intake, app, client, versions, current, measured)
        tasks.cancel_scope.cancel()


def load_library(environment: Environment) -> Library:
    """The folder's flows. Broken ones are reported and left out; with none left there is nothing to do."""
    library = library_in(environment)
    for flow, problems in library.problems.items():
        for problem in problems:
            log.error("flow %s is not served: %s", flow, problem)
    for problem in unserved_routes(environment, library):
        log.error("%s", problem)
    if not library.names:
        raise ConfigurationError(
            f"No flow in {environment.flows} can be served.",
            help="\n  ".join(line for lines in library.problems.values() for line in lines)
            or "Set `flows` to a folder with files that end in .flow.yaml.",
        )
    return library


async def serve(environment: Environment, *, task_status: TaskStatus[str] = anyio.TASK_STATUS_IGNORED) -> None:
    """Runs until SIGTERM or SIGINT, then drains. Reports the URL that it listens on."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        await _serve(environment, signals, task_status)


async def _serve(
    environment: Environment, signals: AsyncIterator[signal.Signals], task_status: TaskStatus[str]
) -> None:
    if refused := unguarded(environment):
        raise refused
    library = load_library(environment)
    for warning in left_open(environment):
        log.warning("%s", warning)
    clock = Clock()
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bind(*environment.listen))
        client = await stack.enter_async_context(
            CallingClient(
                project=environment.project,
                token=environment.token,
                space=environment.space,
                rates=Rates(dials_per_s=environment.dials_per_s) if environment.dials_per_s else None,
                now_ms=clock.now_ms,
            )
        )
        # Last, so that nothing is made where something else is wrong.
        journal = stack.enter_context(open_journal(environment.journal))
        traced, send_the_rest = spans.spans(environment.name, os.environ)
        stack.callback(send_the_rest)
        runner = await stack.enter_async_context(
            running(environment, journal=journal, client=client, library=library, clock=clock, traced=traced)
        )
        tasks = await stack.enter_async_context(anyio.create_task_group())
        app = runner.app
        server = HttpServer(app, bound, connection_limits(environment.guard), app.refused, shortcut=app.shortcut)
        runner.measured.door = server.door
        await tasks.start(server.serve)
        await tasks.start(_watch(runner, journal).run)
        log.info(
            "runner %s listens on %s, speaks to %s over %s, serves %s",
            environment.name,
            server.url,
            environment.space,
            client.transport_name,
            ", ".join(library.names),
        )
        if client.transport_name == "httpx":
            log.warning(
                "sending over httpx, 700 commands a second; for production install offhook[fast], six times faster"
            )
        task_status.started(server.url)
        await _until_told_to_stop(runner, signals)
        server.stop()
        tasks.cancel_scope.cancel()


def _watch(runner: Runner, journal: Journal) -> Watch:
    return Watch(runner.current, runner.versions, journal, runner.supervisor.meters, runner.app.keys)


async def _until_told_to_stop(runner: Runner, signals: AsyncIterator[signal.Signals]) -> None:
    """The first signal drains: no new calls, live ones go on for a while. The second one stops at once;
    what still lives is in the journal and goes on with the next runner."""
    async for _ in signals:
        break
    runner.current.draining = True
    drain_ms = runner.current.environment.drain_ms
    log.info("draining; live runs: %d", len(runner.supervisor.runs))
    async with anyio.create_task_group() as tasks:

        async def second_signal() -> None:
            async for _ in signals:
                tasks.cancel_scope.cancel()
                break

        tasks.start_soon(second_signal)
        with anyio.move_on_after(drain_ms / 1000):
            await runner.supervisor.wait_until_quiet()
        tasks.cancel_scope.cancel()
    log.info("stopped; live runs in the journal: %d", len(runner.supervisor.runs))
