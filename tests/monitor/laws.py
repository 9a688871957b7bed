"""Invented laws, as portals publish them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.archive import Archive
from storage.observations import Observation

NOON = datetime(2031, 6, 2, 5, tzinfo=UTC)


def decree(
    *articles: str, number: str = "901/2031/NĐ-CP", signed: str = "06 tháng 6 năm 2031"
) -> str:
    """A decree with these articles, each a heading and its text apart by a newline."""
    head = (
        "CHÍNH PHỦ\n--------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        f"Số: {number}\nHà Nội, ngày 06 tháng 6 năm 2031\nNGHỊ ĐỊNH\nVỀ BẾN PHÀ\n"
        "Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;\n"
        "Chính phủ ban hành Nghị định về bến phà.\n"
    )
    numbered = (f"Điều {at}. {article}" for at, article in enumerate(articles, start=1))
    return head + "\n".join(numbered) + "\n"


def effect(day: str = "01 tháng 8 năm 2031") -> str:
    """An article on effect."""
    return f"Hiệu lực thi hành\n1. Nghị định này có hiệu lực thi hành từ ngày {day}."


def publish(archive: Archive, text: str, *, hour: float = 0, **said: Any) -> None:
    """A portal's document is seen."""
    look = Observation(
        url=said.pop("url", "https://portal.example/doc/901"),
        source_id=said.pop("source_id", "portal"),
        kind="document",
        seen_at=NOON + timedelta(hours=hour),
        title=said.pop("title", "Nghị định về bến phà"),
        text=text,
        language="vi",
        extractor="test",
        extractor_version=said.pop("version", 1),
        backfill=said.pop("backfill", False),
        fields={"number": "901/2031/NĐ-CP", "stage": "enacted"} | said,
    )
    with archive.transaction() as tx:
        tx.items.observe(look)
