"""A site on loopback whose pages change: articles in a feed, drafts of decrees on a portal.

Texts are the invented newsroom's. Each version of a page holds its number, so that what was stored
can be told by it. The feed says when an article was changed last: our crawler would look at a page
again only after an hour, and a benchmark cannot wait for that.
"""

import re
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape

from newsroom.instruments import legal_text
from newsroom.press import Article, articles
from newsroom.site import Page

FEED = "/feed.xml"
PORTAL = "/portal/"
DRAFTS = 8
OPENED = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
_MARK = re.compile(r"(?:cập nhật lần|Revision number) (\d+)")
_HOURS = re.compile(r"thời hạn (\d+) giờ kể từ khi tiếp nhận")
_FIRST_HOURS = 48


@dataclass(frozen=True, slots=True)
class Change:
    """A page's new version, and when it was put there (seconds of the steady clock)."""

    path: str
    version: int
    at: float

    @property
    def kind(self) -> str:
        """What changed."""
        return "draft" if self.path.startswith(PORTAL) else "article"


@dataclass(slots=True)
class Site:
    """The pages as they are now.

    `listed` and `answered` say when each version's list (feed or portal) and the version itself
    were first asked for: seconds of the steady clock, by path and version.
    """

    base: str
    versions: dict[str, int] = field(default_factory=dict)
    changed_at: dict[str, datetime] = field(default_factory=dict)
    listed: dict[tuple[str, int], float] = field(default_factory=dict)
    answered: dict[tuple[str, int], float] = field(default_factory=dict)
    _articles: dict[str, Article] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        told = [one for one in articles() if one.topics]
        self._articles = {f"/news/{one.number}-{one.slug}.html": one for one in told}
        drafts = [f"{PORTAL}draft-{number}.html" for number in range(1, DRAFTS + 1)]
        self.versions = dict.fromkeys([*self._articles, *drafts], 0)
        self.changed_at = dict.fromkeys(self.versions, OPENED)

    def change(self, kind: str) -> Change:
        """Give the page of a kind that has stood longest its next version."""
        with self._lock:
            own = [path for path in self.versions if path.startswith(PORTAL) == (kind == "draft")]
            path = min(own, key=lambda one: self.versions[one])
            self.versions[path] += 1
            self.changed_at[path] = datetime.now(UTC)
            return Change(path, self.versions[path], time.monotonic())

    def page(self, day: int, path: str) -> Page | None:
        """The page at a path as it is now; `day` plays no part."""
        with self._lock:
            now = time.monotonic()
            if path in (FEED, PORTAL):
                for one, version in self.versions.items():
                    if one.startswith(PORTAL) == (path == PORTAL):
                        self.listed.setdefault((one, version), now)
                return self._feed() if path == FEED else self._list()
            if path not in self.versions:
                return None
            version = self.versions[path]
            self.answered.setdefault((path, version), now)
            body = self._draft(path, version) if path.startswith(PORTAL) else self._article(path)
            return _page(body, "text/html; charset=utf-8", self.changed_at[path])

    def _article(self, path: str) -> str:
        article, version = self._articles[path], self.versions[path]
        is_english = article.outlet in ("mekongherald", "farwire")
        mark = f"Revision number {version}" if is_english else f"Bài được cập nhật lần {version}"
        told = [article.sapo, *article.paragraphs, f"{mark}."]
        paragraphs = "".join(f"<p>{escape(one.removeprefix('## '))}</p>" for one in told)
        return (
            f"<!doctype html><html><head><title>{escape(article.title)}</title>"
            f'<meta property="article:published_time" content="{OPENED.isoformat()}"></head>'
            f"<body><article><h1>{escape(article.title)}</h1>{paragraphs}</article></body></html>"
        )

    def _feed(self) -> Page:
        entries = "".join(
            f"<entry><title>{escape(one.title)}</title><id>{self.base}{path}</id>"
            f'<link href="{self.base}{path}"/><published>{OPENED.isoformat()}</published>'
            f"<updated>{self.changed_at[path].isoformat()}</updated></entry>"
            for path, one in self._articles.items()
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Tin</title>{entries}</feed>'
        return _page(feed, "application/atom+xml", max(self.changed_at.values()))

    def _list(self) -> Page:
        links = "".join(
            f'<li><a href="{path}">{_draft_title(path)}</a></li>'
            for path in self.versions
            if path.startswith(PORTAL)
        )
        return _page(f"<!doctype html><title>Dự thảo</title><ul>{links}</ul>", "text/html", OPENED)

    def _draft(self, path: str, version: int) -> str:
        lines = [
            _HOURS.sub(f"thời hạn {_FIRST_HOURS + version} giờ kể từ khi tiếp nhận", line)
            for line in legal_text("draft-1").lines
        ]
        title = _draft_title(path)
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return (
            f"<!doctype html><html lang=vi><head><title>{title}</title></head><body>"
            f"<h1>{title}</h1><table><tr><td>Trạng thái</td><td>Dự thảo lần {version + 1}</td>"
            f'</tr></table><div id="toanvancontent">{paragraphs}</div></body></html>'
        )


def version_of(text: str) -> int | None:
    """Return which version of its page a stored text is."""
    if found := _MARK.search(text):
        return int(found[1])
    found = _HOURS.search(text)
    return int(found[1]) - _FIRST_HOURS if found else None


def _draft_title(path: str) -> str:
    number = path.removeprefix(f"{PORTAL}draft-").removesuffix(".html")
    return f"Dự thảo Nghị định số {number} quy định về nền tảng trực tuyến"


def _page(body: str, media_type: str, at: datetime) -> Page:
    return Page(media_type, body.encode(), at)
