"""What is searched: the corpus' feed items, or generated ones, written as rows of an archive."""

import csv
import gzip
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from storage.archive import Archive
from storage.columns import Base

HANOI = timezone(timedelta(hours=7))
CHUNK = 5_000
TOPICS = ("livestream", "minors", "fake-news", "telecom", "personal-data", "online-games")
EVERY_TOPIC, EVERY_STORY, EVERY_CITATION = 9, 5, 40
"""One item in so many has a topic, shares a story with the one before, names an instrument."""
SYLLABLES = (
    "an", "bến", "bình", "cao", "chợ", "cồn", "cửa", "danh", "dân", "dịch", "đêm", "định", "đò",
    "đường", "giá", "giao", "hành", "hoà", "học", "kênh", "khách", "làng", "lúa", "mạng", "mùa",
    "mưa", "ngân", "nghị", "người", "nhà", "nông", "phà", "phố", "quy", "sông", "sử", "tài", "tàu",
    "thành", "thị", "thông", "thuyền", "tin", "trẻ", "trường", "tỉnh", "vé", "vụ", "xã", "xuân",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One item."""

    url: str
    source: str
    title: str
    summary: str
    at: datetime


def feed(corpus: Path) -> Iterator[Told]:
    """The corpus' feed items in their order."""
    path = corpus / "news" / "feed_items.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            at = datetime.fromisoformat(row["first_fetched"]).replace(tzinfo=HANOI)
            yield Told(row["link"], row["source"], row["title"], row["summary"], at.astimezone(UTC))


def generated(size: int) -> Iterator[Told]:
    """Invented items over ten years; words are as unevenly common as those of a language."""
    chance = np.random.default_rng(11)
    words = _words(chance)
    weights = 1 / np.arange(1, len(words) + 1) ** 1.05
    weights /= weights.sum()
    start = datetime(2020, 1, 1, tzinfo=UTC)
    step = timedelta(days=3650) / size
    for first in range(0, size, CHUNK):
        count = min(CHUNK, size - first)
        drawn = chance.choice(len(words), (count, 32), p=weights)
        for at, row in enumerate(drawn):
            number = first + at
            said = [words[place] for place in row]
            title = " ".join(said[:9]).capitalize()
            if number % EVERY_CITATION == 0:
                title += f" theo Nghị định {number % 300 + 1}/{2020 + number % 11}/NĐ-CP"
            yield Told(
                f"https://press.example/{number}",
                f"outlet-{number % 40}",
                title,
                " ".join(said[9:]).capitalize() + ".",
                start + number * step,
            )


def fill(archive: Archive, items: Iterable[Told], *, stories: bool = True) -> int:
    """Write items with a text each; every so many have a topic, and share a story."""
    written = 0
    tables = Base.metadata.tables
    with archive.transaction() as tx:
        numbered = enumerate(items, 1)
        while chunk := list(itertools.islice(numbered, CHUNK)):
            rows: dict[str, list[dict[str, object]]] = {
                name: [] for name in ("items", "revisions", "tags", "stories", "story_items")
            }
            for number, told in chunk:
                _add(rows, number, told)
                if stories:
                    _tell(rows, number, told)
            for name, values in rows.items():
                if values:
                    tx.session.execute(insert(tables[name]), values)
            written += len(chunk)
        tx.events.append("item.appeared", f"item:{written}", told.at, {"item": written})
    return written


def _words(chance: np.random.Generator) -> list[str]:
    pairs = [f"{one} {two}" for one in SYLLABLES for two in SYLLABLES]
    longer = [f"{one}{chance.integers(100, 999)}" for one in SYLLABLES for _ in range(400)]
    mixed = [*SYLLABLES, *pairs, *longer]
    return [mixed[place] for place in chance.permutation(len(mixed))]


def _add(rows: dict[str, list[dict[str, object]]], number: int, told: Told) -> None:
    rows["items"].append(
        {
            "id": number, "url": told.url, "source_id": told.source, "kind": "article",
            "first_seen": told.at, "last_seen": told.at, "published_at": told.at,
            "language": "vi", "latest": 1, "removed_at": None,
        }
    )  # fmt: skip
    rows["revisions"].append(
        {
            "id": number, "item_id": number, "number": 1, "cause": "first", "capture_id": None,
            "extractor": "benchmark", "extractor_version": 1, "method": "", "seen_at": told.at,
            "title": told.title, "summary": told.summary, "text": "", "byline": [],
            "published_at": told.at, "modified_at": None, "language": "vi", "fields": {},
            "notes": [], "content_sha256": f"{number:064d}",
        }
    )  # fmt: skip
    if number % EVERY_TOPIC == 0:
        topic = TOPICS[number // EVERY_TOPIC % len(TOPICS)]
        rows["tags"].append(
            {"revision_id": number, "topic": topic, "score": 0.9, "threshold": 0.5,
             "passage": "", "model": "benchmark", "nearest": ""}
        )  # fmt: skip


def _tell(rows: dict[str, list[dict[str, object]]], number: int, told: Told) -> None:
    story = number - (number % EVERY_STORY == 0)
    if story == number:
        rows["stories"].append(
            {"id": story, "made_at": told.at, "last_at": told.at, "title": "", "language": "vi"}
        )
    rows["story_items"].append(
        {"item_id": number, "story_id": story, "revision_id": number, "how": "first",
         "score": 1.0, "reason": "", "joined_at": told.at, "told_at": told.at, "minhash": b""}
    )  # fmt: skip
