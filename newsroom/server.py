"""The newsroom's HTTP server: validators, 304, robots.txt, gzip, and faults on request."""

import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import parse_qs, unquote, urlsplit

from newsroom.calendar import at, checked_day
from newsroom.site import Page, Site

IDLE_SECONDS = 15
SMALLEST_WORTH_PACKING = 512


@dataclass(frozen=True, slots=True)
class Served:
    """One request that was answered; `sent` counts the bytes of the body."""

    day: int
    method: str
    path: str
    status: int
    sent: int
    user_agent: str


@dataclass(slots=True)
class Fault:
    """An answer that replaces the page under a prefix, `left` more times (None: always)."""

    prefix: str
    status: int
    retry_after: int | None
    left: int | None


class Pages(Protocol):
    """What can be served: a page for a path on a day, or None."""

    def page(self, day: int, path: str) -> Page | None:
        """The page at `path` on `day`."""
        ...


class Newsroom:
    """The invented press and portal on loopback; a context manager that serves in a thread.

    `day` may be set while it runs: from then on the pages of that day are served. `log`
    lists every answered request in order. Port 0 takes a free port; `url` says which.
    `site` makes what is served out of that address.
    """

    def __init__(
        self,
        day: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
        site: Callable[[str], Pages] = Site,
    ) -> None:
        self._day = checked_day(day)
        self.log: list[Served] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server = _Server((host, port), _Handler)
        self._server.newsroom = self
        shown = "127.0.0.1" if host in ("", "0.0.0.0") else host
        self.url = f"http://{shown}:{self._server.server_address[1]}"
        self.site = site(self.url)
        self._thread: threading.Thread | None = None

    @property
    def day(self) -> int:
        """The day being served, 1 to 7."""
        return self._day

    @day.setter
    def day(self, day: int) -> None:
        self._day = checked_day(day)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self.close()
        if self._thread is not None:
            self._thread.join()

    def serve_forever(self) -> None:
        """Serve in the calling thread until it is interrupted."""
        self._server.serve_forever()

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()

    def fail(
        self,
        path_prefix: str,
        status: int = 429,
        retry_after: int | None = None,
        times: int | None = None,
    ) -> None:
        """Answer `status` to requests whose path begins with `path_prefix`.

        `retry_after` (seconds) is sent as Retry-After; `times` limits how often, after
        which the page is served again. ValueError unless `status` is 400 to 599.
        """
        if not 400 <= status <= 599:
            raise ValueError(f"{status} is no failure: give a status from 400 to 599")
        with self._lock:
            self._faults.append(Fault(path_prefix, status, retry_after, times))

    def fault_for(self, path: str) -> Fault | None:
        """The fault that applies to this request, counted as used; None when none does."""
        with self._lock:
            for fault in self._faults:
                if path.startswith(fault.prefix) and fault.left != 0:
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    newsroom: Newsroom

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in mid-answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "InventedNewsroom"
    sys_version = ""
    timeout = IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        newsroom = self.server.newsroom
        day = newsroom.day
        path = _route(self.path)
        if path is None:
            return self._refuse(400, "Bad address")
        fault = newsroom.fault_for(path)
        if fault is not None:
            return self._refuse(fault.status, "Fault on request", fault.retry_after)
        try:
            page = newsroom.site.page(day, path)
        except Exception as error:
            return self._refuse(500, f"Cannot make {path}: {type(error).__name__}: {error}")
        if page is None:
            return self._refuse(404, "No such page today")
        if self._is_current(page):
            return self._answer(304, page, b"", packed=False)
        packed = self._takes_gzip() and len(page.body) >= SMALLEST_WORTH_PACKING
        body = gzip.compress(page.body, 6, mtime=0) if packed else page.body
        return self._answer(200, page, body, packed=packed)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.close_connection = True
        self._refuse(405, "Only GET and HEAD")

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_POST

    def _is_current(self, page: Page) -> bool:
        known = self.headers.get("If-None-Match")
        if known is not None:
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return page.etag in tags or "*" in tags
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return page.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def _takes_gzip(self) -> bool:
        offers = self.headers.get("Accept-Encoding", "").replace(" ", "").lower().split(",")
        return any(offer == "gzip" or offer.startswith("gzip;q=1") for offer in offers)

    def _answer(self, status: int, page: Page, body: bytes, *, packed: bool) -> None:
        self.send_response(status)
        # Packed and plain bytes share one weak-by-nature text, so a weak tag serves both.
        self.send_header("ETag", f"W/{page.etag}" if packed else page.etag)
        self.send_header("Last-Modified", format_datetime(page.modified, usegmt=True))
        self.send_header("Cache-Control", "max-age=0, must-revalidate")
        self.send_header("Vary", "Accept-Encoding")
        if status == 200:
            self.send_header("Content-Type", page.media_type)
            self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self._finish(status, body)

    def _refuse(self, status: int, reason: str, retry_after: int | None = None) -> None:
        body = f"{status} {reason}\n".encode()
        self.send_response(status)
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        if status == 405:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self._finish(status, body)

    def _finish(self, status: int, body: bytes) -> None:
        sent = 0 if self.command == "HEAD" else len(body)
        newsroom = self.server.newsroom
        newsroom.log.append(
            Served(
                day=newsroom.day,
                method=self.command,
                path=self.path,
                status=status,
                sent=sent,
                user_agent=self.headers.get("User-Agent", ""),
            )
        )
        self.end_headers()
        if sent:
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The end of the day served, so that no Last-Modified lies in the future."""
        if timestamp is not None:
            return super().date_time_string(timestamp)
        return format_datetime(at(self.server.newsroom.day, 23, 59), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are kept in `Newsroom.log`, not printed."""


def _route(target: str) -> str | None:
    """The path as the site knows it, with the page number of a list; None for nonsense."""
    try:
        parts = urlsplit(target)
        path = unquote(parts.path, errors="strict")
        pages = parse_qs(parts.query, max_num_fields=20).get("page", [])
    except ValueError:
        return None
    if not path.startswith("/") or "\0" in path or ".." in path.split("/"):
        return None
    return f"{path}?page={pages[0]}" if pages else path
