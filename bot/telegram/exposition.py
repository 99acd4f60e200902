"""What Prometheus reads: the process's numbers in its text format, with memory and processor of the process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from bot import metrics
from bot.metrics import Counter, Gauge, Histogram

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Ours(Collector):
    def collect(self) -> Iterator[Metric]:
        """Every number there is; called by the library."""
        for one in metrics.EVERY:
            yield _histogram(one) if isinstance(one, Histogram) else _number(one)


def _number(one: Counter) -> Metric:
    kind = GaugeMetricFamily if isinstance(one, Gauge) else CounterMetricFamily
    family = kind(one.name, one.what, labels=one.labels)
    for labels, value in list(one.values.items()):
        family.add_metric(labels, value)
    return family


def _histogram(one: Histogram) -> Metric:
    family = HistogramMetricFamily(one.name, one.what, labels=one.labels)
    bounds = [*map(str, one.bounds), "+Inf"]
    for labels, seen in list(one.values.items()):
        family.add_metric(labels, list(zip(bounds, accumulate(seen.counts), strict=True)), seen.total)
    return family


_registry = CollectorRegistry()
_registry.register(_Ours())
ProcessCollector(registry=_registry)


def text() -> bytes:
    """All of it."""
    return generate_latest(_registry)
