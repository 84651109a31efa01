"""Metrics as Prometheus reads them. The library is asked only when somebody looks: it counts nothing for us."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from engine.telemetry.metrics import CATALOGUE, Histogram, Metric

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def exposition(measure: Callable[[], Iterable[Metric]]) -> Callable[[], bytes]:
    """What answers `GET /metrics`: `measure` is asked each time. The process's own figures (memory, CPU time, open
    files) come along where the system tells them."""
    registry = CollectorRegistry()
    registry.register(_Collected(measure))
    ProcessCollector(registry=registry)
    return lambda: generate_latest(registry)


class _Collected(Collector):
    def __init__(self, measure: Callable[[], Iterable[Metric]]) -> None:
        self._measure = measure

    def collect(self) -> Iterator[Family]:
        return map(_family, self._measure())

    def describe(self) -> Iterator[Family]:
        """Nothing: without this the registry would measure once to see what there is."""
        return iter(())


def _family(metric: Metric) -> Family:
    described = CATALOGUE[metric.name]
    labels = described.labels
    assert all(len(values) == len(labels) for values in metric.values), metric.name
    if described.kind == "histogram":
        family = HistogramMetricFamily(metric.name, described.help, labels=labels)
        for values, histogram in metric.values.items():
            assert isinstance(histogram, Histogram)
            family.add_metric(values, _buckets(histogram), histogram.total)
        return family
    kind = CounterMetricFamily if described.kind == "counter" else GaugeMetricFamily
    plain = kind(metric.name, described.help, labels=labels)
    for values, value in metric.values.items():
        assert not isinstance(value, Histogram)
        plain.add_metric(values, value)
    return plain


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    bounds = [*(str(bound) for bound in histogram.bounds), "+Inf"]
    return list(zip(bounds, accumulate(histogram.counts), strict=True))
