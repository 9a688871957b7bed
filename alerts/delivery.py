"""The outbox worker: sends what is due, and believes only what the other side acknowledged.

Each message is claimed in a transaction of its own, sent with none open, and marked in
another. A worker killed in between leaves a claim that runs out; the message is then sent
again under the same idempotency key. So every message arrives at least once.

A message that did not go is tried again after 2 s, 4 s, 8 s … up to 15 min, each time between
half and the whole of that, so that many do not knock at once; a Retry-After stands above
this and lets its whole channel wait. A message is given up only when a further try cannot
help. That, or a long row of failures, is an event of its own (`alerts.delivery_events`), on which
rules tell through another channel.

An update for a channel that cannot change what it told is left alone.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.assembly import assembled
from alerts.channels.channel import Answer, Channel, DeliveryError
from alerts.delivery_events import say_it_fails, say_it_works
from alerts.message import Message
from alerts.wording import cut, one_line
from storage.archive import Archive, Transaction
from storage.outbox import Claimed

log = logging.getLogger("decreewatch.delivery")

LEASE = timedelta(minutes=3)
"""Longer than any channel takes for one message; see `alerts.channels.channel.TIMEOUT_S`."""
FIRST_WAIT_S = 2.0
LONGEST_BACKOFF_S = 900.0
LONGEST_RETRY_AFTER_S = 3600.0
LATE_ATTEMPTS = 8
"""After this many failures (about five minutes) somebody is told through another channel."""


@dataclass(slots=True)
class DeliveryReport:
    """What one call of `deliver` did: messages sent, to be tried again (`waiting`), given up.

    `problems` holds one line for each message that did not go.
    """

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        """What two calls did together."""
        return DeliveryReport(
            self.sent + other.sent,
            self.waiting + other.waiting,
            self.failed + other.failed,
            [*self.problems, *other.problems],
        )


def deliver(
    archive: Archive,
    channels: Mapping[str, Channel],
    now: datetime,
    *,
    limit: int = 100,
    jitter: Callable[[], float] = random.random,
    stopping: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Send up to `limit` messages that are due at `now`, in order for each subject and channel.

    A channel that fails rests until the next call, so that it does not hold up the others.
    `stopping` is asked before each message. Safe to run in several processes at once.

    Raises the archive's own errors; whatever was in flight is then sent again.
    """
    started = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    report = DeliveryReport()
    resting: set[str] = set()
    tried = 0
    while tried < limit and not stopping():
        with archive.reading() as tx:
            due = tx.outbox.due(clock(), limit - tried, without=resting)
        if not due:
            break
        for delivery, _ in due:
            if delivery.channel in resting or stopping():
                continue
            tried += 1
            with archive.transaction() as tx:
                claimed = tx.outbox.claim(delivery.id, clock(), LEASE)
            if claimed is None:
                continue
            error = _send(archive, channels, claimed, clock, jitter)
            _count(report, claimed, error, resting)
    return report


def backoff_s(attempts: int, jitter: float) -> float:
    """Seconds to wait after failure number `attempts` (from 1); `jitter` lies in 0 to 1."""
    whole = min(LONGEST_BACKOFF_S, FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20))
    return whole * (0.5 + 0.5 * jitter)


def _count(
    report: DeliveryReport, claimed: Claimed, error: DeliveryError | None, resting: set[str]
) -> None:
    if error is None:
        report.sent += 1
        return
    report.problems.append(f"{claimed.channel}: {error}")
    if error.permanent:
        report.failed += 1
    else:
        report.waiting += 1
        resting.add(claimed.channel)


def _send(
    archive: Archive,
    channels: Mapping[str, Channel],
    claimed: Claimed,
    clock: Callable[[], datetime],
    jitter: Callable[[], float],
) -> DeliveryError | None:
    """Send claimed messages as one and keep what became of them; returns why they did not go."""
    try:
        channel = _channel(channels, claimed.channel)
        with archive.reading() as tx:
            message = assembled(tx, claimed)
        answer = _answer(channel, message)
    except DeliveryError as error:
        with archive.transaction() as tx:
            _keep_failure(tx, claimed, error, clock(), jitter())
        return error
    with archive.transaction() as tx:
        tx.outbox.sent(claimed, clock(), answer.facts)
        say_it_works(tx, claimed.channel, clock())
        for delivery, alert in claimed.messages:
            if delivery.kind == "alert":
                tx.threads.begin(
                    claimed.channel,
                    alert.thread,
                    alert_id=alert.id,
                    answer=answer.facts,
                    at=clock(),
                )
    for warning in answer.warnings:
        log.warning("%s: %s", claimed.channel, one_line(warning))
    return None


def _channel(channels: Mapping[str, Channel], name: str) -> Channel:
    channel = channels.get(name)
    if channel is None:
        raise DeliveryError(
            f"channel {name!r} is not declared any more; declare it again under "
            "[[channels]] or leave the message unsent",
            permanent=True,
        )
    return channel


def _answer(channel: Channel, message: Message) -> Answer:
    if message.kind == "update" and not channel.can_edit:
        return Answer({"left_alone": "the channel cannot change what it has told"})
    try:
        return channel.send(message)
    except DeliveryError:
        raise
    except Exception as error:
        said = cut(one_line(f"{type(error).__name__}: {error}"), 300)
        raise DeliveryError(f"the message could not be sent: {said}") from error


def _keep_failure(
    tx: Transaction,
    claimed: Claimed,
    error: DeliveryError,
    now: datetime,
    jitter: float,
) -> None:
    again_at = None
    if not error.permanent:
        again_at = now + timedelta(seconds=_wait_s(claimed.attempts, error.retry_after, jitter))
    tx.outbox.failed(
        claimed,
        str(error),
        again_at,
        hold=error.retry_after is not None,
        facts=error.facts,
    )
    if error.permanent or claimed.attempts == LATE_ATTEMPTS:
        say_it_fails(tx, claimed, error, now)


def _wait_s(attempts: int, retry_after: float | None, jitter: float) -> float:
    if retry_after is None:
        return backoff_s(attempts, jitter)
    return min(retry_after, LONGEST_RETRY_AFTER_S) + jitter
