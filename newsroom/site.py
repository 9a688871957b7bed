"""Everything that the newsroom has on its server on a given day: paths to pages."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from newsroom import portal, render
from newsroom.calendar import at
from newsroom.outlets import OUTLETS, path_of
from newsroom.press import served

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
PICTURE = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x9a\x9a\x9a\xff\xff\xff,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)

Content = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Page:
    """What a path answers: media type, bytes, and when these bytes were new."""

    media_type: str
    body: bytes
    modified: datetime

    @property
    def etag(self) -> str:
        """A strong validator made of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


class Site:
    """The server's pages for any day; `base` is the address that absolute links begin with."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._routes: dict[int, dict[str, Callable[[], Content]]] = {}
        self._pages: dict[tuple[int, str], Page | None] = {}
        self._lock = threading.RLock()

    def paths(self, day: int) -> tuple[str, ...]:
        """Every path that answers on `day`."""
        with self._lock:
            return tuple(self._routes_of(day))

    def page(self, day: int, path: str) -> Page | None:
        """The page at `path` on `day`, None where there is none."""
        with self._lock:
            if (day, path) not in self._pages:
                if path not in self._routes_of(day):
                    return None
                self._pages[day, path] = self._made(day, path)
            return self._pages[day, path]

    def _made(self, day: int, path: str) -> Page:
        media_type, body = self._routes_of(day)[path]()
        before = self.page(day - 1, path) if day > 1 else None
        if before is not None and before.body == body:
            return before
        return Page(media_type, body, at(day, 23))

    def _routes_of(self, day: int) -> dict[str, Callable[[], Content]]:
        if day not in self._routes:
            self._routes[day] = _press(day, self.base) | _portal(day, self.base)
        return self._routes[day]


def _text(media_type: str, write: Callable[[], str]) -> Callable[[], Content]:
    return lambda: (media_type, write().encode())


def _press(day: int, base: str) -> dict[str, Callable[[], Content]]:
    routes = {
        "/": _text(HTML, partial(render.index_page, day, base)),
        "/robots.txt": _text(PLAIN, partial(render.robots, base)),
    }
    forms = {"tinsang": RSS, "nhipdo": RSS, "mekongherald": XML, "farwire": ATOM, "songviet": HTML}
    for outlet in OUTLETS:
        routes[outlet.home] = _text(HTML, partial(render.front_page, outlet, day, base))
        routes[outlet.closed] = _text(HTML, partial(render.closed_page, outlet.name, base))
        routes[outlet.discovery] = _text(
            forms[outlet.id], partial(render.discovery, outlet, day, base)
        )
        routes[f"/{outlet.id}/anh/minh-hoa.gif"] = lambda: ("image/gif", PICTURE)
        if outlet.id == "mekongherald":
            routes["/mekongherald/sitemaps/news.xml"] = _text(
                XML, partial(render.news_sitemap, outlet, day, base)
            )
        for article in served(day, outlet.id):
            routes[path_of(article)] = _text(HTML, partial(render.article_page, article, day, base))
    return routes


def _portal(day: int, base: str) -> dict[str, Callable[[], Content]]:
    held = portal.documents(day)
    routes = {portal.CLOSED: _text(HTML, partial(render.closed_page, portal.NAME, base))}
    for kind in ("van-ban", "du-thao"):
        listed = tuple(doc for doc in held if doc.is_draft == (kind == "du-thao"))
        for number in range(1, render.page_count(listed) + 1):
            page = _text(HTML, partial(render.portal_list, listed, kind, number, base))
            routes[f"{portal.ROOT}/{kind}?page={number}"] = page
        routes[f"{portal.ROOT}/{kind}"] = routes[f"{portal.ROOT}/{kind}?page=1"]
    routes[f"{portal.ROOT}/"] = routes[f"{portal.ROOT}/van-ban"]
    for document in held:
        routes[document.path] = _text(HTML, partial(render.document_page, document, base))
        for attachment in document.attachments:
            routes[attachment.path] = partial(portal.content_of, attachment)
    return routes
