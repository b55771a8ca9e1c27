"""What Prometheus reads: requests, saves, letters, the database's connections. Nothing in it is about a country."""

from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from app.models.mail import OutboxLetter
from app.service import Service

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAVING = "/api/v1/assessments/{assessment_id}/answers/{indicator}"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_OUTCOMES = {2: "saved", 5: "failed"}


class Metrics:
    """The counters of one app. Routes are counted by their template: paths hold ids."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "mgi_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "mgi_request_seconds", "Seconds until a request was answered.", ["route"], registry=self.registry,
            buckets=SECONDS,
        )  # fmt: skip
        self._saves = Counter(
            "mgi_saves", "Saves of one answer, by how they ended.", ["outcome"], registry=self.registry
        )
        Info("mgi_build", "The version that runs.", registry=self.registry).info({"version": version("mgi")})
        self.registry.register(_State(service))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if known == "PUT" and route == SAVING:
            outcome = "changed_meanwhile" if status == 412 else _OUTCOMES.get(status // 100, "refused")
            self._saves.labels(outcome).inc()

    def text(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self.registry)


class _State(Collector):
    """What is looked up when Prometheus asks: letters, and connections."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: to register it must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        yield from self._connections()
        up, letters = 1, GaugeMetricFamily("mgi_letters", "Letters that wait, or were given up.", labels=["state"])
        try:
            for state, count in self._letters().items():
                letters.add_metric([state], count)
        except SQLAlchemyError:
            up = 0
        yield letters
        yield GaugeMetricFamily("mgi_database_up", "Whether the database answered just now.", value=up)

    def _letters(self) -> dict[str, int]:
        waiting = col(OutboxLetter.sent_at).is_(None) & col(OutboxLetter.failed_at).is_(None)
        states = {"waiting": waiting, "failed": col(OutboxLetter.failed_at).is_not(None)}
        with self._service.database.reading() as session:
            return {
                state: session.scalar(select(func.count()).select_from(OutboxLetter).where(condition)) or 0
                for state, condition in states.items()
            }

    def _connections(self) -> Iterator[Metric]:
        pool = self._service.database.engine.pool
        if isinstance(pool, QueuePool):
            family = GaugeMetricFamily("mgi_database_connections", "The pool of this process.", labels=["state"])
            family.add_metric(["in_use"], pool.checkedout())
            family.add_metric(["idle"], pool.checkedin())
            family.add_metric(["most"], pool.size())
            yield family
