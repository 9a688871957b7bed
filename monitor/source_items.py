"""Whether a source yields far fewer items than on the same days of the weeks before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from statistics import median

from config import SourceDeclaration
from monitor.source_checks import holidays_of
from storage.archive import Transaction
from storage.coverage import arrivals
from storage.rhythm import IsHoliday

SPAN = timedelta(days=2)
WEEKS, LEAST_WEEKS = 8, 4
FEW, BELOW = 0.4, 0.6
"""What counts as few: in usual items, and in the fewest of any of these weeks."""
ENOUGH = 0.7
CHANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Count:
    """The items of the last two days, and of the same two days in weeks before."""

    now: int
    before: tuple[int, ...]

    @property
    def usual(self) -> float:
        """The median of the weeks before."""
        return median(self.before)

    @property
    def is_few(self) -> bool:
        """Whether it is far below all that was: by a Poisson test, and by a margin."""
        from scipy.stats import poisson

        if self.now > min(FEW * self.usual, BELOW * min(self.before)):
            return False
        return float(poisson.cdf(self.now, self.usual)) < CHANCE

    @property
    def is_enough(self) -> bool:
        """Whether it is near what is usual again."""
        return self.now >= ENOUGH * min(self.usual, *self.before)


def counted(
    arrivals: Sequence[datetime], asked: datetime, zone: tzinfo, is_holiday: IsHoliday
) -> Count | None:
    """The items that came in the two days up to `asked`, beside the weeks before.

    None with less than four weeks to compare, or where a public holiday lies in these days;
    weeks with one are left out.

    Args:
        arrivals: when items were first seen, oldest first.
    """
    if not arrivals or _has_holiday(asked, zone, is_holiday):
        return None
    before = []
    for week in range(1, WEEKS + 1):
        end = asked - week * timedelta(days=7)
        if end - SPAN >= arrivals[0] and not _has_holiday(end, zone, is_holiday):
            before.append(_within(arrivals, end))
    if len(before) < LEAST_WEEKS:
        return None
    return Count(_within(arrivals, asked), tuple(before))


def counted_of(
    tx: Transaction, source: SourceDeclaration, zone: tzinfo, asked: datetime
) -> Count | None:
    """What `counted` gives of a source, by what the archive holds of it."""
    came = arrivals(tx, source.id, asked - (WEEKS + 1) * timedelta(days=7))
    return counted(came, asked, zone, holidays_of(source))


def _within(arrivals: Sequence[datetime], end: datetime) -> int:
    return sum(end - SPAN < at <= end for at in arrivals)


def _has_holiday(end: datetime, zone: tzinfo, is_holiday: IsHoliday) -> bool:
    last = end.astimezone(zone).date()
    return any(is_holiday(last - timedelta(days=back)) for back in range(3))
