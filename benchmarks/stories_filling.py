"""An archive filled with articles that stand in stories already, as quickly as rows are written."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import insert

from monitor import passages
from monitor.stories_wording import BANDS, HASHES, bands_of
from storage.archive import Archive
from storage.columns import Base
from storage.stories import week_of

CHUNK = 2_000
YEAR = timedelta(days=365)
WITH_VECTORS = timedelta(days=3)
PASSED_THE_GATE = 20
"""One article in so many has vectors."""


def fill(archive: Archive, size: int, until: datetime, model: str) -> None:
    """Write `size` articles with random signatures, told evenly over the year before `until`."""
    with archive.transaction() as tx:
        for rows in _chunks(size, until, model):
            for table, values in rows.items():
                if values:
                    tx.session.execute(insert(Base.metadata.tables[table]), values)
        tx.events.move("stories", 0, until)


def _chunks(size: int, until: datetime, model: str) -> Iterator[dict[str, list[dict[str, object]]]]:
    chance = np.random.default_rng(5)
    for start in range(0, size, CHUNK):
        rows: dict[str, list[dict[str, object]]] = {
            name: []
            for name in ("items", "revisions", "stories", "story_items", "story_bands", "vectors")
        }
        for number in range(start + 1, min(start + CHUNK, size) + 1):
            at = until - YEAR * (1 - number / size)
            minhash = chance.integers(0, 2**32, HASHES, np.uint32).astype("<u4").tobytes()
            _article(rows, number, at, minhash)
            if at > until - WITH_VECTORS and number % PASSED_THE_GATE == 0:
                rows["vectors"].append(_vector(number, model, chance))
        yield rows


def _article(
    rows: dict[str, list[dict[str, object]]], number: int, at: datetime, minhash: bytes
) -> None:
    title = f"Chuyện số {number} bên bến Hoa Cau {number % 97}"
    rows["items"].append(
        {
            "id": number, "url": f"https://press.example/{number}", "source_id": "press",
            "kind": "article", "first_seen": at, "last_seen": at, "published_at": at,
            "language": "vi", "latest": 1, "removed_at": None,
        }
    )  # fmt: skip
    rows["revisions"].append(
        {
            "id": number, "item_id": number, "number": 1, "cause": "first", "capture_id": None,
            "extractor": "benchmark", "extractor_version": 1, "method": "", "seen_at": at,
            "title": title, "summary": f"{title}, {number * 7} người xem.", "text": "",
            "byline": [], "published_at": at, "modified_at": None, "language": "vi",
            "fields": {}, "notes": [], "content_sha256": f"{number:064d}",
        }
    )  # fmt: skip
    rows["stories"].append(
        {"id": number, "made_at": at, "last_at": at, "title": title, "language": "vi"}
    )
    rows["story_items"].append(
        {
            "item_id": number, "story_id": number, "revision_id": number, "how": "first",
            "score": 1.0, "reason": "", "joined_at": at, "told_at": at, "minhash": minhash,
        }
    )  # fmt: skip
    bands = set(bands_of(minhash))
    assert len(bands) == BANDS
    rows["story_bands"] += [
        {"week": week_of(at), "band": band, "item_id": number} for band in sorted(bands)
    ]


def _vector(number: int, model: str, chance: np.random.Generator) -> dict[str, object]:
    vector = chance.normal(size=384)
    return {
        "revision_id": number,
        "model": model,
        "cut": passages.VERSION,
        "passages": [0],
        "dimensions": 384,
        "vectors": (vector / np.linalg.norm(vector)).astype("<f2").tobytes(),
    }
