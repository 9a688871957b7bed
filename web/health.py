"""`/healthz` and `/metrics`: what a monitor needs to know of a running daemon."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from storage.health import Pulse
from storage.problems import Problem

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LATE_MESSAGE_S = 3600.0
"""A message that has been due for longer is a fault: somebody is not told."""


class CannotListen(Problem):
    """The address for health and metrics is not to be had."""

    kind: ClassVar[str] = "cannot-listen"


@dataclass(frozen=True, slots=True)
class JobHealth:
    """A job of the daemon: seconds since it went well (None: not yet), after how many it is late,
    seconds its last run took, and the error of that run."""

    name: str
    age: float | None
    late_after: float
    seconds: float
    error: str


@dataclass(frozen=True, slots=True)
class Health:
    """A daemon's health: its jobs, the archive's pulse (None when it cannot be read, with the
    `problem`), and for how many seconds it runs."""

    jobs: tuple[JobHealth, ...]
    pulse: Pulse | None
    problem: str
    uptime: float


def complaints(health: Health) -> list[str]:
    """What is wrong, one line each; empty when the daemon does its work."""
    found = [f"archive: {health.problem}"] if health.problem else []
    for job in health.jobs:
        if job.error:
            found.append(f"job {job.name} failed: {job.error}")
        elif (health.uptime if job.age is None else job.age) > job.late_after:
            found.append(f"job {job.name} has not ended well for {job.late_after:.0f} s or more")
    if health.pulse is not None and health.pulse.outbox_age > LATE_MESSAGE_S:
        found.append(f"outbox: a message is overdue by {health.pulse.outbox_age:.0f} s")
    return found


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A monitor asks every few seconds; that is no news."""


def serve(listen: str, take: Callable[[], Health]) -> _Server:
    """Answer on `listen` ("127.0.0.1:8421") from a thread of its own until `shutdown()`.

    Raises CannotListen.
    """
    host, _, port = listen.rpartition(":")
    try:
        server = make_server(host, int(port), _application(take), _Server, _Silent)
    except OSError as error:
        raise CannotListen(
            f"health and metrics cannot be served on {listen} ({error.strerror}): set "
            '[daemon] listen to a free address, or to "" for none'
        ) from error
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _application(
    take: Callable[[], Health],
) -> "Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]":
    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, kind, body = _answer(str(environ.get("PATH_INFO", "")), take)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    return application


def _answer(path: str, take: Callable[[], Health]) -> tuple[HTTPStatus, str, bytes]:
    if path == "/metrics":
        registry = CollectorRegistry()
        registry.register(_Collector(take()))
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry)
    if path != "/healthz":
        return HTTPStatus.NOT_FOUND, "text/plain", b"there are /healthz and /metrics\n"
    wrong = complaints(take())
    said = {"status": "failing" if wrong else "ok", "reasons": wrong}
    status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
    return status, "application/json", json.dumps(said, ensure_ascii=False).encode()


class _Collector:
    """The metrics of one moment."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """Every metric; names and units as Prometheus recommends."""
        health = self._health
        yield _gauge("up", "1 while the daemon has nothing to complain of", not complaints(health))
        yield _gauge("uptime_seconds", "How long the daemon runs", health.uptime)
        jobs = {(job.name,): job for job in health.jobs}
        ages = {name: job.age for name, job in jobs.items() if job.age is not None}
        yield _family("job_success_age_seconds", "Since a job went well", ["job"], ages.items())
        took = {name: job.seconds for name, job in jobs.items()}
        yield _family("job_duration_seconds", "What a job's last run took", ["job"], took.items())
        failing = {name: float(bool(job.error)) for name, job in jobs.items()}
        yield _family("job_failing", "1 when a job's last run failed", ["job"], failing.items())
        if health.pulse is not None:
            yield from _of_archive(health.pulse)


def _of_archive(pulse: Pulse) -> Iterator[Metric]:
    lag = {(name,): float(number) for name, number in pulse.lag.items()}
    yield _family("stage_lag_events", "Events that a stage has yet to read", ["stage"], lag.items())
    ages = {(name,): age for name, age in pulse.source_age.items()}
    yield _family("source_success_age_seconds", "Since a source was read", ["source"], ages.items())
    depth = {(state,): float(number) for state, number in pulse.outbox.items()}
    yield _family("outbox_messages", "Messages in the outbox", ["state"], depth.items())
    yield _gauge(
        "outbox_overdue_seconds", "How long the oldest due message waits", pulse.outbox_age
    )
    failed = {key: float(number) for key, number in pulse.failures.items()}
    yield _family(
        "stage_failures", "Events that a stage failed on", ["stage", "kind"], failed.items()
    )
    troubles = {(kind,): float(number) for kind, number in pulse.troubles.items()}
    yield _family("source_troubles", "Troubles that last", ["kind"], troubles.items())
    yield _gauge("events", "Events in the log", pulse.events)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"decreewatch_{name}", meaning, value=float(value))


def _family(
    name: str,
    meaning: str,
    labels: list[str],
    values: Iterable[tuple[tuple[str, ...], float]],
) -> Metric:
    family = GaugeMetricFamily(f"decreewatch_{name}", meaning, labels=labels)
    for key, value in values:
        family.add_metric(list(key), value)
    return family
