"""An outlet's server on loopback, whose pages and feeds break as they are told to."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.breakages_kinds import Served, as_ever, to_the_front
from benchmarks.breakages_pages import Story

FEEDS = ("/chung.rss", "/chuyen-de.rss")
LISTED = 60
_ALLOWED = b"User-agent: *\nAllow: /\n"


@dataclass(slots=True)
class Site:
    """What the outlet has published by `now`; from `broken_at` on pages are `broken`.

    The first feed answers 404 when it is `lost`, and lists what it listed at `broken_at` when it is
    `frozen`; a second, where there are two, goes on. robots.txt forbids the `forbidden` path from
    then on. When all is `moved`, the pages of before lead to the front page.
    """

    base: str
    stories: Sequence[Story]
    now: datetime
    broken_at: datetime
    broken: Callable[[Story], Served] = as_ever
    lost: bool = False
    frozen: bool = False
    forbidden: str = ""
    moved: bool = False
    by_path: dict[str, Story] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_path = {one.path: one for one in self.stories}

    def answer(self, path: str) -> Served:
        """What the server answers to a path."""
        if path == "/robots.txt":
            is_forbidden = self.forbidden and self.now >= self.broken_at
            added = f"Disallow: {self.forbidden}\n".encode() if is_forbidden else b""
            return Served(_ALLOWED + added, content_type="text/plain")
        if path in FEEDS:
            return self._feed(FEEDS.index(path))
        if path == "/thong-bao.html":
            text = "<p>Trang đang được sửa, mời bạn quay lại sau khi việc sửa chữa đã xong.</p>" * 4
            return Served(f"<html><body><article>{text}</article></body></html>".encode())
        if path == "/":
            return Served(b"<html><body><h1>Ban R\xe1\xbb\x99n</h1></body></html>")
        one = self.by_path.get(path)
        if one is None:
            return Served(status=404)
        if one.at >= self.broken_at:
            return self.broken(one)
        return to_the_front(one) if self.moved and self.now >= self.broken_at else as_ever(one)

    def _feed(self, number: int) -> Served:
        is_broken = number == 0 and self.now >= self.broken_at
        if is_broken and self.lost:
            return Served(status=404)
        until = self.broken_at if is_broken and self.frozen else self.now
        listed = [one for one in self.stories if one.at <= until and lists(number, one)]
        return Served(rss(self.base, listed[:-LISTED:-1]), content_type="application/rss+xml")


def lists(feed: int, one: Story) -> bool:
    """Whether the feed with this number lists an article: the first all, the second half."""
    return feed == 0 or one.number % 2 == 1


def rss(base: str, stories: Sequence[Story]) -> bytes:
    """A feed of articles."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{base}{one.path}</link></item>"
        for one in stories
    )
    return f"<rss version='2.0'><channel><title>Thử</title>{items}</channel></rss>".encode()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that goes away in mid-answer is no news."""


class Server:
    """The server; `site` says what it answers, and may be exchanged while it runs."""

    def __init__(self, certificate: ssl.SSLContext | None = None) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served = server.site.answer(self.path) if server.site else Served(status=503)
                self.send_response(served.status)
                self.send_header("Content-Type", served.content_type)
                self.send_header("Content-Length", str(len(served.body)))
                if served.location:
                    self.send_header("Location", served.location)
                self.end_headers()
                self.wfile.write(served.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.site: Site | None = None
        self.http = _Quiet(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.http.server_address[1]}"
        self.base = f"http://{self.host}"
        if certificate is not None:
            self.http.socket = certificate.wrap_socket(self.http.socket, server_side=True)
            self.base = f"https://{self.host}"


@contextmanager
def serving(certificate: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that runs while the block does."""
    server = Server(certificate)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()


def expired_certificate(folder: Path) -> ssl.SSLContext:
    """A context with a certificate for 127.0.0.1 that expired yesterday, written to `folder`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=90))
        .not_valid_after(today - timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "expired.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
