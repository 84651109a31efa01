"""What a runner counts and how it stands, as the metrics of the catalogue."""

from collections.abc import Iterator, Mapping

from engine import __version__
from engine.calling.client import CallingClient
from engine.runner.capacity import Capacity
from engine.runner.current import Current
from engine.runner.supervisor import Supervisor
from engine.runner.versions import Versions
from engine.serving.door import Door
from engine.telemetry.metrics import Metric, by, one


class Measured:
    """`door` is the HTTP server's, when there is one; `refused` is what was refused of requests and
    connections, by kind."""

    def __init__(
        self,
        current: Current,
        supervisor: Supervisor,
        capacity: Capacity,
        client: CallingClient,
        versions: Versions,
    ) -> None:
        self._current = current
        self._supervisor = supervisor
        self._capacity = capacity
        self._client = client
        self._versions = versions
        self.door: Door | None = None
        self.refused: Mapping[str, int] = {}

    def __call__(self) -> Iterator[Metric]:
        yield from self._state()
        yield from self._work()
        yield from self._outside()
        yield from self._journal()

    def space_trouble(self) -> str:
        """What is wrong with the space, or with us there; else empty."""
        return self._client.trouble

    def ready(self) -> bool:
        """Would a call be taken now, and its commands carried out?"""
        healthy = self._supervisor.healthy and not self._client.trouble
        return healthy and not self._current.draining and not self._capacity.exceeded()

    def _state(self) -> Iterator[Metric]:
        library, exceeded = self._versions.library, self._capacity.exceeded()
        name = self._current.environment.name
        yield Metric("offhook_info", {(__version__, name, self._client.transport_name): 1})
        yield one("offhook_ready", self.ready())
        yield one("offhook_draining", self._current.draining)
        yield by("offhook_shedding", {reason: reason == exceeded for reason in ("runs", "journal", "loop")})
        yield one("offhook_space_reachable", not self._client.trouble)
        yield one("offhook_clock_ahead_seconds", self._supervisor.clock.ahead_s)
        yield one("offhook_loop_lag_seconds", self._capacity.lag_s)
        yield by("offhook_flows", {"served": len(library.names), "broken": len(library.problems)})
        yield by("offhook_configuration_reloads_total", self._supervisor.meters.reloads)
        yield one("offhook_configuration_sound", self._supervisor.meters.configuration_sound)

    def _work(self) -> Iterator[Metric]:
        meters, runs = self._supervisor.meters, self._supervisor.runs
        yield by("offhook_runs", {"memory": len(runs) - runs.resting, "journal": runs.resting})
        yield by("offhook_runs_started_total", meters.started)
        yield by("offhook_runs_ended_total", meters.ended)
        yield by("offhook_runs_waiting", meters.waiting)
        yield by("offhook_step_seconds", meters.step_s)
        yield by("offhook_steps_total", meters.steps)
        yield Metric("offhook_steps_failed_total", meters.failed)
        yield by("offhook_events_total", {str(kind.__struct_config__.tag): n for kind, n in meters.events.items()})
        yield by("offhook_happened_total", meters.happened)
        yield one("offhook_faults_total", meters.faults)
        yield Metric("offhook_shed_total", meters.shed)

    def _outside(self) -> Iterator[Metric]:
        meters = self._supervisor.meters
        yield one("offhook_reaction_seconds", meters.reaction_s)
        yield Metric("offhook_commands_total", meters.commands)
        yield by("offhook_command_seconds", meters.command_s)
        yield by("offhook_retries_total", self._client.repeats)
        yield by("offhook_commands_waiting", self._supervisor.commands_waiting)
        yield by("offhook_webhooks_total", {str(status): n for status, n in meters.webhooks.items()})
        yield one("offhook_webhook_seconds", meters.webhook_s)
        yield by("offhook_refused_total", self.refused)
        yield one("offhook_connections", len(self.door) if self.door else 0)

    def _journal(self) -> Iterator[Metric]:
        figures = self._supervisor.journal.figures()
        yield one("offhook_journal_healthy", self._supervisor.healthy)
        yield one("offhook_journal_waiting", self._supervisor.journal_waiting)
        yield one("offhook_journal_events_total", figures.events)
        yield one("offhook_journal_transactions_total", figures.transactions)
        yield one("offhook_journal_write_seconds_total", figures.write_s)
        yield one("offhook_journal_commit_seconds", self._supervisor.meters.commit_s)
        yield by("offhook_journal_bytes", {f"journal{ending}": size for ending, size in figures.bytes.items()})
