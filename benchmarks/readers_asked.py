"""What readers of an archive ask its pages for, and how often."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from config import load
from storage.archive import Archive

QUERIES = (
    "xac thuc tai khoan", "nghị định 901/2031", "gỡ bỏ nội dung trong 24 giờ", "livestream",
    '"nền tảng trực tuyến"', "users must verify accounts with a phone number",
    "data stored at home -northmark", "source:tinsang phạt", "trẻ em OR minors", "901/2031/NĐ-CP",
)  # fmt: skip
INSTRUMENT = "platform-decree"


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of page, where such pages are, and how often one is asked for among all."""

    kind: str
    weight: int
    paths: tuple[str, ...]


def pages_of(config: str) -> list[Asked]:
    """What can be asked of the archive that this configuration names."""
    archive = Archive.open(load(Path(config)).storage.path)
    with closing(archive), archive.reading() as tx:
        items = [(item.id, revision) for item, revision in tx.items.every()]
        captured = [(n, one.capture_id) for n, one in items if one.capture_id]
        versions = [one.revision_id for one in tx.findings.versions(INSTRUMENT)]
        alerts = [one.id for one in tx.outbox.alerts()]
    asked = [urlencode({"q": query}) for query in QUERIES]
    law = f"/instruments/{INSTRUMENT}"
    pairs = [(old, new) for old in versions for new in versions if old < new]
    return [
        Asked("today", 10, ("/", "/?since=7d")),
        Asked("search", 30, tuple(f"/search?{one}" for one in asked)),
        Asked("item", 20, tuple(f"/items/{n}" for n, _ in items)),
        Asked("capture", 4, tuple(f"/items/{n}/captures/{one}" for n, one in captured)),
        Asked("instrument", 6, ("/instruments", law)),
        Asked("comparison", 4, tuple(f"{law}/compare?old={a}&new={b}" for a, b in pairs) or (law,)),
        Asked("alerts", 6, ("/alerts", *(f"/alerts/{n}" for n in alerts))),
        Asked("sources, status", 4, ("/sources", "/sources/tinsang", "/status")),
        Asked("api", 10, ("/api/v1/alerts", *(f"/api/v1/search?{one}" for one in asked),
                          *(f"/api/v1/items/{n}" for n, _ in items[:20]))),
        Asked("feed, export", 4, tuple(f"{path}?{one}" for one in asked
                                       for path in ("/feeds/search.atom", "/export.csv"))),
        Asked("stylesheet", 2, ("/static/site.css",)),
    ]  # fmt: skip
