"""When a page is looked at again: to see edits and removals, and to try what failed."""

from datetime import datetime, timedelta

from storage.items import GONE_AFTER

AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=90),
)
"""How old, since first seen, a page is at each look.

Most silent edits and removals come within hours, few after a week; an unchanged page costs
one 304 a look, so a page costs eight requests in its life.
"""

CONFIRM_REMOVAL = GONE_AFTER
"""A page that is missing is looked at again after this, before it counts as removed."""

TRIES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)


def next_look(first_seen: datetime, now: datetime) -> datetime | None:
    """When a page first seen at `first_seen` is due after a look at `now`; None: never again."""
    return next((first_seen + age for age in AGES if first_seen + age > now), None)


def next_try(failed: int, now: datetime) -> datetime:
    """When an address that failed `failed` times in a row (1 or more) is tried again."""
    return now + TRIES[min(max(failed, 1), len(TRIES)) - 1]
