"""Days of outlets, stored as a crawl would store them and judged; nobody is asked."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.breakages_pages import OUTLETS, ZONE, Outlet, Story, times
from benchmarks.breakages_site import FEEDS, lists, rss
from config import Config
from monitor.terms import is_holiday
from monitor.watching import watch
from spiders.extract import extract
from spiders.feeds import read_feed
from storage.archive import Archive, Transaction
from storage.observations import Observation
from storage.sources import Found

BEGINS = datetime(2031, 3, 31, tzinfo=ZONE)
"""A Monday: after four weeks, thirty days follow that hold two public holidays."""
WEEKS = timedelta(days=28)
DAY = timedelta(days=1)
TOLD = ("source.drifted", "source.silent", "source.failing")


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was told of a source, and when."""

    source: str
    kind: str
    sort: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """When a breakage was found, by what, in which words; None where it was not."""

    kind: str
    hours: float | None
    by: str = ""
    words: str = ""


def stories_of(outlet: Outlet, first: datetime, days: int) -> list[Story]:
    """What an outlet publishes on `days` days from `first` on."""
    found: list[Story] = []
    for number in range(days):
        day = first + number * DAY
        found += times(outlet, day, len(found), is_holiday(day.date()))
    return found


def configuration(outlets: Iterable[Outlet], base: str = "", feeds: int = 1) -> Config:
    """The declarations of outlets; those without a `base` are never asked."""
    return Config.model_validate(
        {
            "politeness": {
                "contact": "desk@example.org",
                "delay": "0.001s",
                "timeout": "5s",
                "retries": 0,
                "allow_private": [base.partition("://")[2]] if base else [],
            },
            "sources": [
                {
                    "id": one.id,
                    "name": one.id,
                    "kind": one.kind,
                    "language": one.language,
                    "homepage": f"{base or f'https://{one.id}.example'}/",
                    "feeds": [
                        f"{base or f'https://{one.id}.example'}{FEEDS[n]}" for n in range(feeds)
                    ],
                    "family": one.family,
                }
                for one in outlets
            ],
        }
    )


def store(
    archive: Archive,
    config: Config,
    told: Sequence[tuple[Outlet, Story]],
    *,
    again: bool = False,
) -> None:
    """Store articles as a crawl shortly after their publication would, without asking anybody.

    When they are looked at `again`, this is a day later.
    """
    feeds = {one.id: one.feeds for one in config.sources}
    listed = {
        entry.url: entry.fingerprint
        for one in config.sources
        for base in [one.feeds[0].rpartition("/")[0]]
        for entry in read_feed(
            rss(base, [story for outlet, story in told if outlet.id == one.id]), one.feeds[0]
        )
    }
    for start in range(0, len(told), 200):
        with archive.transaction() as tx:
            for outlet, one in told[start : start + 200]:
                own = feeds[outlet.id]
                url = f"{own[0].rpartition('/')[0]}{one.path}"
                seen = one.at + timedelta(minutes=7)
                announced = f"{url}?rss=1" if outlet.leads_on else url
                for number, feed in enumerate(own):
                    if lists(number, one):
                        found = [Found(announced, listed[url], one.at)]
                        tx.sources.discovered(outlet.id, feed, found, seen)
                page = tx.sources.remember(announced, outlet.id)
                page.checked_at, page.next_check_at = seen, None
                tx.items.observe(_looked_at(tx, outlet, one, url, seen))
                if again and announced == url:
                    page.checked_at = seen + DAY
                    if random.Random(f"{url} moves").random() >= outlet.moves:
                        tx.items.still_there(url, seen + DAY)


def _looked_at(
    tx: Transaction, outlet: Outlet, one: Story, url: str, seen: datetime
) -> Observation:
    """What a crawl makes of a page; of a video it keeps what the feed says, and a trouble."""
    if random.Random(f"{outlet.id} {one.number}").random() < outlet.videos:
        tx.sources.trouble(outlet.id, url, "no-text", f"{url}: no article text found", seen)
        return Observation(
            url=url, source_id=outlet.id, kind="article", seen_at=seen, title=one.title,
            extractor="feed", extractor_version=1, method="feed", notes=("feed-only",),
        )  # fmt: skip
    body = outlet.look(one).encode()
    article = extract(body, url, family=outlet.family or None, fetched_at=seen)
    return Observation(
        url=url,
        source_id=outlet.id,
        kind="article",
        seen_at=seen,
        title=article.title,
        summary=article.summary,
        text=article.text,
        byline=article.byline,
        published_at=article.published_at,
        language=article.language,
        extractor=article.extractor,
        extractor_version=article.extractor_version,
        method=article.method,
        notes=article.notes,
    )


def healthy(folder: Path, days: int, every: timedelta) -> tuple[int, list[Alarm]]:
    """Let all outlets live four weeks and then `days` days, judged `every` so often; gives how
    many articles there were, and every false alarm."""
    config = configuration(OUTLETS)
    archive = Archive.open(folder / "healthy")
    told = sorted(
        ((outlet, one) for outlet in OUTLETS for one in stories_of(outlet, BEGINS, 28 + days)),
        key=lambda pair: pair[1].at,
    )
    start, at, stored = BEGINS + WEEKS, BEGINS + WEEKS, 0
    while at <= start + days * DAY:
        due = [pair for pair in told[stored:] if pair[1].at + timedelta(minutes=7) <= at]
        store(archive, config, due, again=True)
        stored += len(due)
        with archive.transaction() as tx:
            for outlet in OUTLETS:
                tx.sources.round_ended(outlet.id, at, reasons=[], items=1)
        watch(archive, config, at)
        at += every
    found = alarms(archive)
    archive.close()
    return stored, found


def alarms(archive: Archive) -> list[Alarm]:
    """What was told of sources."""
    with archive.reading() as tx:
        return [
            Alarm(
                event.subject.removeprefix("source:"),
                event.kind,
                str(event.data.get("sort", "")),
                event.at,
                str((event.data.get("reasons") or [""])[0]),
            )
            for event in tx.events.since(None, TOLD)
        ]
