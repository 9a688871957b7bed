"""The corpus' feed items with the moments at which they were fetched, and its busiest week."""

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

from storage.archive import Transaction
from storage.observations import Observation

HANOI = timezone(timedelta(hours=7))
WEEK = timedelta(days=7)
OUTLETS = {"VnExpress": "vnexpress", "Tuổi Trẻ": "tuoitre", "Thanh Niên": "thanhnien"}
"""Feeds by what their names begin with, and the sources of the catalogue that they belong to."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item of a feed as it was first fetched."""

    at: datetime
    source: str
    url: str
    title: str
    summary: str


def feed_items(path: Path) -> list[FeedItem]:
    """Return the items of the known outlets, the earliest first."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        found = [
            FeedItem(
                datetime.fromisoformat(row["first_fetched"]).replace(tzinfo=HANOI).astimezone(UTC),
                OUTLETS[row["source"].partition(" - ")[0]],
                row["link"],
                row["title"] or "",
                row["summary"] or "",
            )
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["source"].partition(" - ")[0] in OUTLETS
        ]
    return sorted(found, key=lambda one: one.at)


def busiest_week(items: Sequence[FeedItem], before: timedelta) -> datetime:
    """Return the Monday's midnight of the week with most items that has a past of `before`."""
    weeks = Counter(_monday(one.at.astimezone(HANOI).date()) for one in items)
    first = items[0].at + before
    full = {start: n for start, n in weeks.items() if first <= start < items[-1].at - WEEK}
    return max(full, key=lambda start: (full[start], start))


def observe(tx: Transaction, item: FeedItem) -> None:
    """Store an item as a crawl stores what only its feed tells."""
    tx.items.observe(
        Observation(
            url=item.url,
            source_id=item.source,
            kind="article",
            seen_at=item.at,
            title=item.title,
            summary=item.summary,
            language="vi",
            extractor="feed",
            extractor_version=1,
            method="feed",
        )
    )


def _monday(day: date) -> datetime:
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday, time(), HANOI).astimezone(UTC)
