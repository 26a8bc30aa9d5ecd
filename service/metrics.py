"""What is counted for Prometheus: in this process as it happens, and in the database when somebody asks.

Solves are counted by the process that runs them, which is `stint serve` or a `stint worker`; HTTP by the API. How long
the queue is, the database says, so that every process would say the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from service.jobs.store import Load

SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400)
PERCENT = (0, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)

SOLVES = Counter("stint_solves", "Solves that ended, by how.", ["status", "verdict"])
SOLVE_SECONDS = Histogram("stint_solve_seconds", "How long solves took.", ["status"], buckets=SECONDS)
GAP_PERCENT = Histogram("stint_gap_percent", "Gap between cost and bound of rosters.", buckets=PERCENT)
SOLVING = Gauge("stint_solving", "Solves that run in this process now.")
TAKEN_OVER = Counter("stint_jobs_taken_over", "Jobs that this process took over from dead workers.")
MESSAGES = Counter("stint_webhook_messages", "Tries to deliver a webhook's message, by outcome.", ["outcome"])
ERASED = Counter("stint_jobs_erased_by_retention", "Jobs that this process erased because their time was over.")


def solve_ended(status: str, verdict: str | None, gap_percent: float | None, seconds: float) -> None:
    """Count a solve."""
    SOLVES.labels(status, verdict or "none").inc()
    SOLVE_SECONDS.labels(status).observe(seconds)
    if gap_percent is not None:
        GAP_PERCENT.observe(gap_percent)


class LoadCollector(Collector):
    """What the database says of the queue and of the workers."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the figures."""
        meaning = "Jobs that wait or run; parts count, divided ones do not."
        jobs = GaugeMetricFamily("stint_jobs", meaning, labels=["status"])
        jobs.add_metric(["queued"], self._load.queued)
        jobs.add_metric(["running"], self._load.running)
        yield jobs
        yield GaugeMetricFamily(
            "stint_oldest_queued_seconds", "How long the oldest job in the queue has waited.",
            value=self._load.oldest_queued_seconds,
        )  # fmt: skip
        yield GaugeMetricFamily("stint_workers", "Workers that have a heartbeat.", value=self._load.workers)
        yield GaugeMetricFamily("stint_places", "Solves that they run at once.", value=self._load.places)


def page(load: Load, http: CollectorRegistry) -> bytes:
    """Everything, in the text format of Prometheus."""
    now = CollectorRegistry()
    now.register(LoadCollector(load))
    return b"".join(generate_latest(registry) for registry in (REGISTRY, http, now))
