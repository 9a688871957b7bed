"""The day on one page: what a digest tells of a day or a range, gathered from the archive."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from alerts.digest_findings import changes_found, days_due, instruments, touched
from alerts.digest_numbers import days, numbers
from alerts.digest_parts import Digest
from alerts.digest_sources import sources
from alerts.digest_stories import split_old, topics
from alerts.names import Names
from config import Config
from storage.archive import Archive
from storage.day_reading import arrivals_between


def gather(
    archive: Archive,
    config: Config,
    first: date,
    last: date | None = None,
    *,
    now: datetime,
    notes: tuple[str, ...] = (),
) -> Digest:
    """The digest of `first`, or of the days from `first` to `last` (both included).

    Days begin and end at midnight in the reader's zone, however many hours they have.

    Raises ValueError when `last` is before `first`.
    """
    last = last or first
    if last < first:
        raise ValueError(f"{last} is before {first}")
    zone, names = config.zone, Names.of(config)
    since, until = began(first, zone), began(last + timedelta(days=1), zone)
    weeks = max(1, -(-((last - first).days + 1) // 7))
    shift = timedelta(weeks=weeks)
    chart_from = last - shift + timedelta(days=1)
    span_before = began(first - shift, zone), began(last + _DAY - shift, zone)
    with archive.reading() as tx:
        whole = arrivals_between(tx, began(chart_from - shift, zone), until)
        came, old = split_old([one for one in whole if one.first_seen >= since])
        before, _ = split_old(
            [one for one in whole if span_before[0] <= one.first_seen < span_before[1]]
        )
        changes = changes_found(tx, names, since, until)
        pages = touched(tx, names, since, until)
        found = {
            "texts compared": (len(changes), len(changes_found(tx, names, *span_before))),
            "pages edited or removed": (len(pages), len(touched(tx, names, *span_before))),
        }
        return Digest(
            first=first,
            last=last,
            zone=config.timezone,
            made_at=now,
            is_over=now >= until,
            topics=topics(tx, config, came, since),
            changes=changes,
            instruments=instruments(tx, config, last, since, until),
            deadlines=days_due(tx, names, last, config.digest.days),
            ahead=config.digest.days,
            touched=pages,
            sources=sources(tx, config, whole, since),
            numbers=numbers(came, before, found),
            days=days(split_old(whole)[0], chart_from, last, weeks, zone),
            weeks_before=weeks,
            old=len(old),
            undelivered=tx.outbox.counts().get("deliveries_failed", 0),
            notes=notes,
        )


def began(day: date, zone: tzinfo) -> datetime:
    """The moment (UTC) at which a day begins in a zone."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def yesterday(now: datetime, zone: tzinfo) -> date:
    """The last day that is over."""
    return now.astimezone(zone).date() - _DAY


_DAY = timedelta(days=1)
