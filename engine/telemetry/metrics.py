"""What is measured, as plain values: counting costs no more than an addition, and no library is asked before somebody looks.

`CATALOGUE` is all there is; docs/operations.md says of each what it means (a test compares the two).
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Kind = Literal["counter", "gauge", "histogram"]

QUICK_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds for what a runner does itself, in seconds."""
LONG_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Bounds for what people do, and platforms that are slow."""


class Described(Struct, frozen=True):
    """A metric without its values. Names of counters end in `_total`, of times in `_seconds`."""

    kind: Kind
    help: str
    labels: tuple[str, ...] = ()


CATALOGUE: Mapping[str, Described] = {
    "offhook_info": Described("gauge", "1; its labels say what runs", ("version", "environment", "transport")),
    "offhook_ready": Described("gauge", "1 while calls are taken, as `/readyz` says"),
    "offhook_draining": Described("gauge", "1 once it was told to stop"),
    "offhook_shedding": Described("gauge", "1 while new calls are turned away, by reason", ("reason",)),
    "offhook_shed_total": Described(
        "counter", "Calls, requests for runs and webhooks that were turned away, and why", ("what", "reason")
    ),
    "offhook_space_reachable": Described("gauge", "1 while the space answers and takes the API token"),
    "offhook_loop_lag_seconds": Described(
        "gauge", "How late the event loop is: its worst of late, halved twice a second"
    ),
    "offhook_clock_ahead_seconds": Described(
        "gauge", "How far the runner's clock is ahead of the machine's, which was set to another time; below 0: behind"
    ),
    "offhook_runs": Described("gauge", "Runs that live, in memory or at rest in the journal", ("where",)),
    "offhook_runs_started_total": Described("counter", "Runs that began", ("direction",)),
    "offhook_runs_ended_total": Described("counter", "Runs that ended, by their `end_reason`", ("reason",)),
    "offhook_runs_waiting": Described("gauge", "Runs in memory by the verb of the step that they are in", ("verb",)),
    "offhook_step_seconds": Described("histogram", "How long a step took that waited, by verb", ("verb",)),
    "offhook_steps_total": Described("counter", "Steps that were entered, by verb", ("verb",)),
    "offhook_steps_failed_total": Described(
        "counter", "Steps that ended as `error`, `rejected` or `lost`", ("verb", "outcome")
    ),
    "offhook_events_total": Described("counter", "What happened to runs, by kind of event", ("event",)),
    "offhook_happened_total": Described("counter", "What events did to runs, as transcripts say it", ("what",)),
    "offhook_faults_total": Described("counter", "Events that met a fault of ours"),
    "offhook_reaction_seconds": Described("histogram", "From an event to the sending of the command that it caused"),
    "offhook_commands_total": Described("counter", "Commands by what became of them", ("command", "answer")),
    "offhook_command_seconds": Described(
        "histogram", "From sending a command to its answer, repeats included", ("command",)
    ),
    "offhook_retries_total": Described("counter", "Requests to the space that were repeated, by why", ("reason",)),
    "offhook_commands_waiting": Described(
        "gauge", "Commands on their way, or waiting for the space's rate", ("where",)
    ),
    "offhook_webhooks_total": Described("counter", "Webhooks by the status that they were answered with", ("status",)),
    "offhook_webhook_seconds": Described("histogram", "From a webhook's arrival to its answer: it is in the journal"),
    "offhook_refused_total": Described("counter", "Requests and connections that were refused, and why", ("what",)),
    "offhook_connections": Described("gauge", "Connections from outside that are open"),
    "offhook_journal_healthy": Described("gauge", "1 while the journal can be written and takes new runs"),
    "offhook_journal_waiting": Described("gauge", "Events that wait to be written"),
    "offhook_journal_events_total": Described("counter", "Events written to the journal"),
    "offhook_journal_transactions_total": Described("counter", "Transactions, each of them synced to the disk"),
    "offhook_journal_write_seconds_total": Described("counter", "Time that these took, the sync included"),
    "offhook_journal_commit_seconds": Described("histogram", "From handing a batch to the journal until it is durable"),
    "offhook_journal_bytes": Described("gauge", "Size of the journal's files", ("file",)),
    "offhook_flows": Described("gauge", "Flows that are served, and those of which a file is broken", ("state",)),
    "offhook_configuration_reloads_total": Described("counter", "Environment files taken over or refused", ("result",)),
    "offhook_configuration_sound": Described(
        "gauge", "0 while the environment file, or one that a secret stands in, is broken, and the one before counts"
    ),
}


class Histogram:
    """Counts values by bounds. `counts` has one more than `bounds`, for what is above all of them."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...] = QUICK_S) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Metric(Struct, frozen=True):
    """A metric of the catalogue with its values, by those of its labels (in their order)."""

    name: str
    values: Mapping[tuple[str, ...], float | Histogram]


def one(name: str, value: float | Histogram) -> Metric:
    """A metric without labels."""
    return Metric(name, {(): value})


def by(name: str, values: Mapping[str, float] | Mapping[str, Histogram]) -> Metric:
    """A metric with one label."""
    return Metric(name, {(label,): value for label, value in values.items()})
