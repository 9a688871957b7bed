"""Which days' digests are due: yesterday's at its hour, and those missed while we were off."""

from datetime import UTC, date, datetime, timedelta

from alerts.digest import gather
from alerts.digest_sending import AlreadySent, send
from alerts.digest_wording import day as in_words
from config import Config
from storage.archive import Archive

MOST_DAYS = 7
"""So many missed days are caught up with a digest each; older ones are told of in one line."""
_DAY = timedelta(days=1)


def due(archive: Archive, config: Config, now: datetime) -> list[date]:
    """The days whose digest is to be sent at `now`, oldest first; none without channels.

    A day's digest is due on the next day at [digest] `at`, in the reader's zone. Before the
    first digest there is nothing to catch up with.
    """
    newest = _newest(config, now)
    if not config.digest.channels:
        return []
    told = _told(archive)
    if not told:
        return [newest]
    window = [newest - n * _DAY for n in reversed(range(MOST_DAYS))]
    return [one for one in window if one not in told and one > min(told)]


def send_due(archive: Archive, config: Config, now: datetime) -> list[date]:
    """Send every digest that is due; gives their days. A kill between two of them loses none."""
    sent = []
    for number, day in enumerate(wanted := due(archive, config, now)):
        notes = missed(archive, config, now) if number == 0 else ()
        if day != wanted[-1]:
            notes = (*notes, f"Sent late: it was due on {in_words(day + _DAY)}.")
        digest = gather(archive, config, day, now=now, notes=notes)
        try:
            send(archive, config, digest, config.digest.channels, now)
        except AlreadySent:
            # Another process was quicker: the day is told, which is all that is wanted.
            continue
        sent.append(day)
    return sent


def missed(archive: Archive, config: Config, now: datetime) -> tuple[str, ...]:
    """One line on the days, too long ago to be caught up, that no digest was sent for."""
    told = _told(archive)
    oldest = _newest(config, now) - (MOST_DAYS - 1) * _DAY
    if not told or max(told) >= oldest - _DAY:
        return ()
    first, last = max(told) + _DAY, oldest - _DAY
    return (
        f"No digest was sent for the days from {in_words(first)} to {in_words(last)}: `decreewatch "
        f"digest --from {first} --to {last}` shows them.",
    )


def _newest(config: Config, now: datetime) -> date:
    """The last day of which the hour to tell it has come."""
    day = now.astimezone(config.zone).date()
    told_at = datetime.combine(day, config.digest.at, config.zone).astimezone(UTC)
    return day - (_DAY if told_at <= now else 2 * _DAY)


def _told(archive: Archive) -> set[date]:
    """The days of which a whole digest was sent."""
    with archive.reading() as tx:
        keys = tx.outbox.keys_of("digest")
    found = set()
    for key in keys:
        _, day, *more = key.split(":")
        if ".." not in day and more[:1] != ["so-far"]:
            found.add(date.fromisoformat(day))
    return found
