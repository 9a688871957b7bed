"""What `/` shows: all that happened within a span of time, beside what is near."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.digest_findings import changes_found, days_due, instruments, touched
from alerts.digest_parts import (
    ChangesFound,
    DueDay,
    InstrumentPart,
    SourcePart,
    StoryLine,
    Touched,
)
from alerts.digest_sources import sources
from alerts.digest_stories import split_old, topics
from storage.archive import Transaction
from storage.day_reading import Arrival, arrivals_between, events_between
from storage.models_telling import Alert
from storage.page_reading import ListedItem, alert_counts, items_listed, numbers_of
from web.charts import Chart, columns_chart
from web.days import SIDES, began, by_day, days_up_to, sides_of
from web.room import Room
from web.wording import Language

CHART_DAYS = 14
MOST_STORIES, MOST_ALERTS, MOST_LINES = 4, 10, 12
TOLD = ("open", "acknowledged", "resolved")
"""The states of alerts that somebody was told of."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TopicLines:
    """A topic's stories: those most told first, and how many `more` there are.

    `sides` counts its articles by the kind of their source.
    """

    id: str
    stories: tuple[StoryLine, ...]
    more: int
    sides: Mapping[str, int]

    @property
    def articles(self) -> int:
        """How many articles came."""
        return sum(self.sides.values())


@dataclass(frozen=True, slots=True)
class Today:
    """The page's facts.

    Attributes:
        items: what is known of the pages that are named, by number.
        numbers: the numbers of the items at the addresses that are named.
        against: the stage of the older text of each comparison, by its number.
        open: how many alerts are open, by severity.
        old: articles on a topic left out, since they were old when first seen.
    """

    topics: tuple[TopicLines, ...]
    changes: tuple[ChangesFound, ...]
    against: Mapping[int, str]
    instruments: tuple[InstrumentPart, ...]
    deadlines: tuple[tuple[DueDay, int], ...]
    touched: tuple[Touched, ...]
    sources: tuple[SourcePart, ...]
    alerts: tuple[Alert, ...]
    open: Mapping[str, int]
    items: Mapping[int, ListedItem]
    numbers: Mapping[str, int]
    chart: Chart
    old: int
    undelivered: int

    @property
    def troubled(self) -> tuple[SourcePart, ...]:
        """The sources that are not well and were asked before."""
        return tuple(one for one in self.sources if one.status not in ("ok", "never asked"))

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened."""
        news = any(one.news for one in self.instruments)
        return not (self.topics or self.changes or self.touched or self.alerts or news)


def gather(tx: Transaction, room: Room, since: datetime, language: Language) -> Today:
    """What happened from `since` until now, for a reader of a language."""
    config, names, now = room.config, room.names, room.now()
    zone, until = config.zone, now + timedelta(seconds=1)
    today = now.astimezone(zone).date()
    days = days_up_to(today, CHART_DAYS)
    whole = arrivals_between(tx, min(since, began(days[0], zone)), until, on_topic=True)
    came, old = split_old([one for one in whole if one.first_seen >= since])
    parts = topics(tx, config, came, since)
    changes = changes_found(tx, names, since, until)
    pages = touched(tx, names, since, until)
    due = days_due(tx, names, today - _DAY, config.digest.days + 1)
    sides = sides_of(config)
    lines = tuple(
        TopicLines(
            one.id,
            one.stories[:MOST_STORIES],
            len(one.stories) - MOST_STORIES,
            _sides(one.id, came, sides),
        )
        for one in parts
    )
    shown = [story.items[0] for part in lines for story in part.stories]
    urls = [*(c.url for c in changes), *(p.url for p in pages), *(d.url for d in due)]
    numbers = numbers_of(tx, [url for url in urls if url])
    return Today(
        topics=lines,
        changes=changes,
        against=_against(tx, since, until),
        instruments=instruments(tx, config, today, since, until),
        deadlines=tuple((one, (one.on - today).days) for one in due),
        touched=pages,
        sources=sources(tx, config, (), since),
        alerts=tuple(tx.outbox.alerts(states=TOLD, since=since, limit=MOST_ALERTS)),
        open=_open(tx),
        items=items_listed(tx, [*shown, *numbers.values()]),
        numbers=numbers,
        chart=columns_chart(
            by_day(
                ((one.first_seen, sides.get(one.source, "other")) for one in split_old(whole)[0]),
                days,
                zone,
                language,
            ),
            SIDES,
            width=400,
            height=130,
        ),
        old=len(old),
        undelivered=tx.outbox.counts().get("deliveries_failed", 0),
    )


def _sides(topic: str, came: Sequence[Arrival], sides: Mapping[str, str]) -> Mapping[str, int]:
    return Counter(
        sides.get(one.source, "other") for one in came if any(topic == t for t, _ in one.topics)
    )


def _against(tx: Transaction, since: datetime, until: datetime) -> Mapping[int, str]:
    events = events_between(tx, since, until, ["instrument.compared"])
    return {int(one.data["comparison"]): str(one.data.get("against", "")) for one in events}


def _open(tx: Transaction) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for (state, severity, _), number in alert_counts(tx).items():
        if state == "open":
            found[severity] += number
    return found


def widest(topics: Sequence[TopicLines]) -> int:
    """The most articles that a topic has, at least 1."""
    return max((one.articles for one in topics), default=1) or 1
