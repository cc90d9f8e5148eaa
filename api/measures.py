"""What Prometheus is told."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Measures:
    """Numbers of one application; routes are told by their template, so that their number is bounded."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "cisgraph_requests", "Answers by route and status.", ["method", "route", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "cisgraph_request_seconds", "Time to the whole answer.", ["route"],
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self.in_flight = Gauge("cisgraph_requests_in_flight", "Being answered.", registry=self._registry)
        self.sent_bytes = Counter("cisgraph_sent_bytes", "Bytes of answers.", registry=self._registry)

    def answered(self, method: str, route: str, *, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)
