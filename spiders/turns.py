"""When a source is next asked: one function of how often it publishes and what it asks of us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from math import sqrt

from storage.rhythm import Rhythm, rhythm_of

LOOKBACK = timedelta(days=28)
LEAST_ITEMS, LEAST_SPAN = 10, timedelta(days=3)
"""With less history than this a source is asked at the usual interval."""
SOONEST, LATEST = 1 / 5, 8
"""The shortest and the longest interval, in usual ones."""
SHARE = 0.1
"""The share of the time that a host is asked anything, at most, as far as delays tell it."""
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a source's servers asked of us in a round, and what that round cost them.

    Attributes:
        delay: seconds between two requests, by our politeness or the host's crawl delay.
        addresses: how many feeds, sitemaps and listings a round begins with.
        fresh_for: for how many seconds the first of their answers is good (RFC 9111, 4.2).
        alone_until: until when every host of them wants to be left alone.
    """

    delay: float
    addresses: int = 1
    fresh_for: float = 0.0
    alone_until: datetime | None = None


def habit(came: Sequence[datetime], asked_at: datetime, zone: tzinfo) -> Rhythm | None:
    """The rhythm of a source by the whole days before `asked_at`; None while too few are known.

    Args:
        came: when its items of the last weeks were published or first seen, in any order.
    """
    today = datetime.combine(asked_at.astimezone(zone).date(), time(), zone)
    known = sorted(at for at in came if today - LOOKBACK <= at < today)
    if len(known) < LEAST_ITEMS or known[-1] - known[0] < LEAST_SPAN:
        return None
    return rhythm_of(known, zone)


def next_turn(
    asked_at: datetime,
    rhythm: Rhythm | None,
    wishes: Wishes,
    *,
    usual: timedelta,
    zone: tzinfo,
    jitter: float = 0.0,
) -> datetime:
    """When a source that was asked at `asked_at` has its turn again.

    It is asked at a rate that grows with the square root of the rate at which it publishes in
    that hour of its week: of all ways to spend a number of requests on sources that change at
    random, that one sees their items earliest on average (minimise the sum of r/f under a fixed
    sum of f; so do caches that share a budget: Cohen and Shenker, "Replication strategies in
    unstructured peer-to-peer networks", SIGCOMM 2002). One that publishes once every `usual`
    interval is asked at that interval. The result is clamped to between a fifth and eight of
    them, and then put off as far as `wishes` ask.

    Args:
        rhythm: how often it publishes, see `habit`.
        jitter: from 0 to 1, how much of a tenth the interval is shortened by, so that sources do
            not fall into step.
    """
    soonest, latest = usual * SOONEST, usual * LATEST
    gap = usual if rhythm is None else _interval(asked_at, rhythm, usual, latest, zone)
    gap = min(max(gap, soonest), latest) * (1 - JITTER * jitter)
    return max(asked_at + gap, no_sooner(asked_at, wishes, latest))


def no_sooner(asked_at: datetime, wishes: Wishes, latest: timedelta) -> datetime:
    """Before which time the servers would rather not be asked; a cache counts up to `latest`."""
    busy = timedelta(seconds=wishes.delay * max(1, wishes.addresses) / SHARE)
    fresh = min(timedelta(seconds=wishes.fresh_for), latest)
    return max(asked_at + busy, asked_at + fresh, wishes.alone_until or asked_at)


def _interval(
    start: datetime, rhythm: Rhythm, usual: timedelta, latest: timedelta, zone: tzinfo
) -> timedelta:
    """The time from `start` in which the pressure to ask, summed over hours, reaches one turn."""
    pressure, at, end = 0.0, start, start + latest
    while at < end:
        hour_ends = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        expected = rhythm.rate(at.astimezone(zone)) * (usual / timedelta(hours=1))
        turns_an_hour = sqrt(expected) * (timedelta(hours=1) / usual)
        gained = turns_an_hour * ((hour_ends - at) / timedelta(hours=1))
        if pressure + gained >= 1.0:
            return at + timedelta(hours=(1.0 - pressure) / turns_an_hour) - start
        pressure, at = pressure + gained, hour_ends
    return latest


def fresh_for(cache_control: str, expires: str, age: str, now: datetime) -> float:
    """For how many seconds from `now` an answer with these headers is good (RFC 9111, 4.2)."""
    from email.utils import parsedate_to_datetime

    from scrapy.extensions.httpcache import parse_cachecontrol

    said = parse_cachecontrol(cache_control.encode("latin-1", "replace"))
    if b"no-store" in said or b"no-cache" in said:
        return 0.0
    aged = float(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0.0
    lasting = said.get(b"max-age")
    if lasting is not None:
        seconds = float(lasting) if lasting.isdigit() and len(lasting) < 10 else 0.0
        return max(0.0, seconds - aged)
    try:
        at = parsedate_to_datetime(expires)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
