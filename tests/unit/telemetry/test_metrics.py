"""The catalogue, and what Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from engine.telemetry.metrics import CATALOGUE, Histogram, Metric, by, one
from engine.telemetry.prometheus import exposition


def read(*metrics: Metric) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = exposition(lambda: metrics)().decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counter_gauge_and_histogram_are_read_as_they_are_meant() -> None:
    histogram = Histogram((0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 7.0):
        histogram.observe(value)
    found = read(
        by("offhook_runs_ended_total", {"done": 3}),
        one("offhook_journal_waiting", 2),
        by("offhook_command_seconds", {"calling.play": histogram}),
    )
    label = ("command", "calling.play")
    assert found["offhook_runs_ended_total", (("reason", "done"),)] == 3
    assert found["offhook_journal_waiting", ()] == 2
    assert [found["offhook_command_seconds_bucket", (label, ("le", le))] for le in ("0.1", "1.0", "+Inf")] == [2, 3, 4]
    assert found["offhook_command_seconds_count", (label,)] == 4
    assert found["offhook_command_seconds_sum", (label,)] == 7.65


def test_names_say_what_they_are() -> None:
    for name, described in CATALOGUE.items():
        assert name.startswith("offhook_"), name
        assert name.endswith("_total") == (described.kind == "counter"), name
        assert described.kind != "histogram" or name.endswith("_seconds"), name
        assert described.help, name
