"""Whether a source yields nothing for longer than it normally does, judged from outside.

A source's rhythm is the share of its items that comes on each weekday and in each hour of the
reader's zone. Time is measured by that rhythm, in items that ought to have come: a night, a
Sunday, or the six days between two issues of a weekly weigh little, and a public holiday
nothing. A silence is too long when it outweighs, by a margin, the heaviest gap of the last
months, and outlasts the longest (time rescaled by the expected rate, as point processes are
checked: Brown et al., "The time-rescaling theorem", Neural Computation 14, 2002). When all
sources fall quiet together, it is no source that fell silent, and time weighs less in the
measure in which they did.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from storage.rhythm import IsHoliday, Rhythm, never_a_holiday, rhythm_of

LOOKBACK = timedelta(days=90)
LEAST_ITEMS = 10
LEAST_SPAN = timedelta(days=14)
LEAST_SILENCE = timedelta(hours=12)
"""No silence is too long before this, however busy the source."""
MARGIN, LONGER = 2.0, 1.5
"""By how much a silence must outweigh the heaviest gap in items, and outlast the longest."""
_PEERS_EXPECTED = 20.0
_LEAST_ACTIVITY = 0.05
_TOWERS, _OUTAGES = 3.0, 3


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that is too long: since when, and how it compares with the source's habit.

    `missed` items ought to have come, by the rhythm, where `usual` is the most that was ever
    missed; both are 0 for a source of too little history, which is judged by `limit` alone.
    """

    since: datetime
    missed: float
    usual: float
    limit: timedelta | None


_BY_THE_CLOCK = Rhythm(24.0, (1.0,) * 7, (1 / 24,) * 24)
"""A rhythm by which time weighs one an hour, but on holidays."""


def judge_silence(
    arrivals: Sequence[datetime],
    now: datetime,
    zone: tzinfo,
    *,
    default: timedelta,
    peers: Callable[[], Sequence[Sequence[datetime]]] = tuple,
    is_holiday: IsHoliday = never_a_holiday,
) -> Silence | None:
    """The silence in which a source lies at `now`, if it is too long; else None.

    Args:
        arrivals: when its items were first seen in the last months, oldest first, not empty.
        default: how long a source of too little history may yield nothing.
        peers: gives the same of other sources, by whom a general quiet is told; only asked
            where the silence would be too long.
        is_holiday: on which days the source may yield nothing; such days weigh nothing.
    """
    since = arrivals[-1]
    if now - since < LEAST_SILENCE:
        return None
    if len(arrivals) < LEAST_ITEMS or since - arrivals[0] < LEAST_SPAN:
        return Silence(since, 0.0, 0.0, default) if now - since >= default else None
    hours, longest = _beside_habit(_BY_THE_CLOCK, arrivals, now, zone, is_holiday)
    if hours <= LONGER * longest:
        return None
    rhythm = rhythm_of(arrivals, zone, is_holiday)
    missed, usual = _beside_habit(rhythm, arrivals, now, zone, is_holiday)
    if missed <= MARGIN * max(usual, 1.0):
        return None
    missed *= activity(peers(), since, now, zone, is_holiday)
    if missed <= MARGIN * max(usual, 1.0):
        return None
    return Silence(since, missed, usual, None)


def _beside_habit(
    rhythm: Rhythm,
    arrivals: Sequence[datetime],
    now: datetime,
    zone: tzinfo,
    is_holiday: IsHoliday,
) -> tuple[float, float]:
    """How much the present silence weighs by a rhythm, and the heaviest of the gaps before."""
    scale = _Scale(rhythm, arrivals[0], now, zone, is_holiday)
    gaps = [scale.between(one, two) for one, two in pairwise(arrivals)]
    return scale.between(arrivals[-1], now), _usual(gaps)


def _usual(gaps: Sequence[float]) -> float:
    """The heaviest gap that is a habit: one that towers over the next was an outage."""
    ranked = sorted(gaps, reverse=True)[: _OUTAGES + 1]
    for heaviest, following in pairwise(ranked):
        if heaviest <= _TOWERS * max(following, 1.0):
            return heaviest
    return ranked[-1]


def activity(
    peers: Sequence[Sequence[datetime]],
    since: datetime,
    until: datetime,
    zone: tzinfo,
    is_holiday: IsHoliday,
) -> float:
    """How lively other sources were, between 0.05 and 1, beside their own rhythm.

    1 where too few are known to tell.
    """
    expected = came = 0.0
    for arrivals in peers:
        before = [at for at in arrivals if at <= since]
        if len(before) < LEAST_ITEMS or before[-1] - before[0] < LEAST_SPAN:
            continue
        rhythm = rhythm_of(before, zone, is_holiday)
        expected += _Scale(rhythm, since, until, zone, is_holiday).between(since, until)
        came += sum(since < at <= until for at in arrivals)
    if expected < _PEERS_EXPECTED:
        return 1.0
    return min(1.0, max(_LEAST_ACTIVITY, came / expected))


class _Scale:
    """Time measured in expected items: cumulated rates at whole hours, in between linear."""

    def __init__(
        self, rhythm: Rhythm, start: datetime, end: datetime, zone: tzinfo, is_holiday: IsHoliday
    ) -> None:
        self._start = start.replace(minute=0, second=0, microsecond=0)
        hours = int((end - self._start) / timedelta(hours=1)) + 2
        holidays: dict[date, bool] = {}
        self._sums = [0.0]
        for number in range(hours):
            at = (self._start + timedelta(hours=number)).astimezone(zone)
            day = at.date()
            if day not in holidays:
                holidays[day] = is_holiday(day)
            self._sums.append(self._sums[-1] + (0.0 if holidays[day] else rhythm.rate(at)))

    def between(self, one: datetime, two: datetime) -> float:
        """The items expected from `one` to `two`."""
        return self._at(two) - self._at(one)

    def _at(self, moment: datetime) -> float:
        hours = (moment - self._start) / timedelta(hours=1)
        whole = int(hours)
        return self._sums[whole] + (hours - whole) * (self._sums[whole + 1] - self._sums[whole])


BLOCKED, BROKEN, UNREACHABLE, NOTHING_NEW = "blocked", "broken", "unreachable", "nothing-new"
_MEANING: Mapping[str, str] = {
    "needs-javascript": BLOCKED,
    "robots-forbidden": BLOCKED,
    "host-paused": BLOCKED,
    "no-text": BROKEN,
    "empty-page": BROKEN,
    "not-html": BROKEN,
    "bad-feed": BROKEN,
    "bad-encoding": BROKEN,
    "redirected-away": BROKEN,
    "too-large": BROKEN,
    "crawl-failed": BROKEN,
    "dns": UNREACHABLE,
    "refused": UNREACHABLE,
    "timeout": UNREACHABLE,
    "tls": UNREACHABLE,
    "cut-off": UNREACHABLE,
    "connection": UNREACHABLE,
    "robots-unreachable": UNREACHABLE,
}
_REFUSALS = (401, 402, 403, 406, 418, 429, 451)


def meaning_of(kind: str, message: str) -> str:
    """What a trouble of this kind says of its source; "" for one that says nothing.

    An HTTP error means blocked where the server refuses us, unreachable where it fails (5xx),
    and broken where the page is gone (404).
    """
    if kind != "http-error":
        return _MEANING.get(kind, "")
    status = next((int(w) for w in message.rstrip(".").split()[::-1] if w.isdigit()), 0)
    if status in _REFUSALS:
        return BLOCKED
    return UNREACHABLE if status >= 500 else BROKEN
