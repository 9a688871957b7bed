"""A digest's numbers: these days beside the same weekdays before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta, tzinfo

from alerts.digest_parts import Day, Number
from storage.day_reading import Arrival


def numbers(
    came: Sequence[Arrival], before: Sequence[Arrival], found: dict[str, tuple[int, int]]
) -> tuple[Number, ...]:
    """Counts of these days beside those of as many weeks before; `found` has them counted."""
    return (
        Number("articles on a topic", len(came), len(before)),
        Number("stories", _stories(came), _stories(before)),
        Number(
            "outlets that told them", *(len({a.source for a in told}) for told in (came, before))
        ),
        *(Number(label, *counts) for label, counts in found.items()),
    )


def days(
    about: Sequence[Arrival], first: date, last: date, weeks: int, zone: tzinfo
) -> tuple[Day, ...]:
    """The articles of each day from `first` to `last`, and of the day so many weeks before."""
    counted = Counter(one.first_seen.astimezone(zone).date() for one in about)
    shift = timedelta(weeks=weeks)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(Day(day, counted[day], counted[day - shift]) for day in span)


def _stories(came: Sequence[Arrival]) -> int:
    return len({("item", a.item) if a.story is None else ("story", a.story) for a in came})


def _outlets(came: Sequence[Arrival]) -> int:
    return len({one.source for one in came})
