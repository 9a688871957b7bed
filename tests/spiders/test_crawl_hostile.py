"""One outlet whose pages are everything that can be wrong with a page, beside a good one."""

import gzip
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from loopback import Answer, Handler, Loopback, article, configured, source

from spiders.reports import SourceReport
from spiders.rounds import crawl_round
from storage.archive import Archive
from storage.models import Trouble
from storage.verification import verify

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)
LIMIT = 200_000


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "50000")
    handler.end_headers()
    handler.wfile.write(article("Bị cắt giữa chừng")[:300])
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler) -> None:
    """50 MB without a Content-Length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b"<p>dai</p>" * 100_000)
    handler.close_connection = True


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    handler.close_connection = True


def leads_to(url: str) -> Answer:
    return Answer(status=302, headers={"Location": url})


def wrong_charset() -> Answer:
    body = article("Bài viết bằng bảng mã khác", "Giá điện").replace(b"charset='utf-8'", b"")
    text = body.decode().replace("điện", "dien").encode("utf-16")
    return Answer(text, headers={"Content-Type": "text/html; charset=iso-8859-1"})


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    b"<rss><channel><item><title>&b;&secret;</title><link>http://x.example/1</link></item>"
    b"</channel></rss>"
)

PAGES: dict[str, tuple[str, Answer | Handler]] = {
    "/empty": ("empty-page", Answer(b"   ", headers={"Content-Type": "text/html"})),
    "/binary": ("not-html", Answer(bytes(range(256)) * 40, headers={"Content-Type": "text/html"})),
    "/cut-off": ("cut-off", cut_off),
    "/endless": ("too-large", endless),
    "/announced-large": ("too-large", Answer(b"<p>x</p>" * 50_000)),
    "/bomb": (
        "too-large",
        Answer(
            gzip.compress(b"<p>0</p>" * 4_000_000),
            headers={"Content-Type": "text/html", "Content-Encoding": "gzip"},
        ),
    ),
    "/not-gzip": ("bad-encoding", Answer(b"plain", headers={"Content-Encoding": "gzip"})),
    "/slow": ("timeout", slow),
    "/error": ("http-error", Answer(b"oops", status=500)),
    "/forbidden": ("http-error", Answer(b"no", status=403)),
    "/never-was": ("http-error", Answer(status=410)),
    "/to-loopback": ("private-address", leads_to("http://127.0.0.1:9/")),
    "/to-localhost": ("private-address", leads_to("http://localhost:9/secret")),
    "/to-decimal": ("private-address", leads_to("http://2130706433:9/")),
    "/to-mapped": ("private-address", leads_to("http://[::ffff:127.0.0.1]:9/")),
    "/to-metadata": ("private-address", leads_to("http://169.254.169.254/latest/meta-data/")),
    "/to-file": ("redirected-away", leads_to("file:///etc/passwd")),
    "/in-circles": ("redirected-away", leads_to("/in-circles")),
    "/to-front": ("redirected-away", leads_to("/")),
    "/challenge": (
        "needs-javascript",
        Answer(
            b"<html><body><script>document.cookie='D1N=1'; location.reload()</script></body>",
            headers={"Content-Type": "text/html"},
        ),
    ),
    "/no-text": ("no-text", Answer(b"<html><body><h1>Trang</h1></body></html>")),
    "/closed": ("robots-forbidden", Answer(article("Đóng cửa"))),
}
LONG = "/dai?" + "x" * 2100


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        server.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed\n")
        server.pages["/"] = Answer(article("Trang nhất"))
        server.pages |= {path: page for path, (_, page) in PAGES.items()}
        server.article("/good", "Một tin tốt")
        server.pages["/elsewhere"] = leads_to("/moved")
        server.article("/moved", "Bài đã dời chỗ")
        server.pages["/charset"] = wrong_charset()
        server.pages["/truncated"] = Answer(
            article("Trang thiếu đuôi")[:-40], headers={"Content-Type": "text/html"}
        )
        server.feed("/thu.rss", [*PAGES, "/good", "/elsewhere", "/charset", "/truncated", LONG])
        server.pages["/entities.rss"] = Answer(ENTITIES)
        yield server


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    opened = Archive.open(tmp_path_factory.mktemp("hostile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report(server: Loopback, archive: Archive) -> SourceReport:
    feeds = [f"{server.url}/thu.rss", f"{server.url}/entities.rss"]
    config = configured(
        [server], [source(server, feeds=feeds)], max_bytes=LIMIT, timeout="1s", round_limit="100s"
    )
    return crawl_round(config, archive, now=NOW).sources[0]


def troubles(archive: Archive, server: Loopback) -> dict[str, Trouble]:
    with archive.reading() as tx:
        return {one.url.removeprefix(server.url): one for one in tx.sources.troubles()}


@pytest.mark.parametrize(("path", "kind"), [(path, kind) for path, (kind, _) in PAGES.items()])
def test_each_bad_page_is_a_typed_stored_trouble(
    report: SourceReport, archive: Archive, server: Loopback, path: str, kind: str
) -> None:
    found = troubles(archive, server)[path]
    assert found.kind == kind
    assert server.host in found.message and "\n" not in found.message
    assert {"url": server.url + path, "kind": kind, "message": found.message} in report.errors


def test_a_feed_with_entities_is_refused_and_nothing_of_it_is_asked(
    report: SourceReport, archive: Archive, server: Loopback
) -> None:
    assert troubles(archive, server)["/entities.rss"].kind == "bad-feed"
    with archive.reading() as tx:
        assert tx.sources.page("http://x.example/1") is None


def test_an_overlong_address_is_said_and_not_asked(
    report: SourceReport, archive: Archive, server: Loopback
) -> None:
    assert "bad-address" in {trouble.kind for trouble in troubles(archive, server).values()}
    assert not any(path.startswith("/dai") for path in server.paths())


def test_good_pages_among_them_are_stored(report: SourceReport, archive: Archive) -> None:
    with archive.reading() as tx:
        titles = {revision.title for _, revision in tx.items.every() if revision.text}
    assert titles == {
        "Một tin tốt",
        "Bài đã dời chỗ",
        "Bài viết bằng bảng mã khác",
        "Trang thiếu đuôi",
    }


def test_an_article_that_moved_is_known_by_its_new_address(
    report: SourceReport, archive: Archive, server: Loopback
) -> None:
    with archive.reading() as tx:
        assert tx.items.by_url(f"{server.url}/elsewhere") is None
        assert tx.items.by_url(f"{server.url}/moved") is not None


def test_a_page_that_cannot_be_read_is_kept_as_its_feed_described_it(
    report: SourceReport, archive: Archive, server: Loopback
) -> None:
    with archive.reading() as tx:
        item = tx.items.by_url(f"{server.url}/challenge")
        assert item is not None
        described = tx.items.latest(item)
    assert described is not None
    assert (described.method, described.text) == ("feed", "")
    assert described.title.endswith("/challenge")


def test_no_private_address_was_connected_to(report: SourceReport, server: Loopback) -> None:
    assert "/secret" not in server.paths()
    assert not any("Referer" in asked.headers for asked in server.asked)
    assert not any("Cookie" in asked.headers for asked in server.asked)


def test_what_is_stored_is_whole_after_all_this(report: SourceReport, archive: Archive) -> None:
    assert verify(archive).to_json()["bad"] == []


def test_a_failed_page_is_left_alone_for_a_while_and_then_tried_again(
    report: SourceReport, archive: Archive, server: Loopback
) -> None:
    config = configured([server], [source(server)], max_bytes=LIMIT, timeout="1s")
    server.article("/error", "Máy chủ đã chạy lại")
    server.asked.clear()
    crawl_round(config, archive, now=NOW + timedelta(minutes=1), all_sources=True)
    assert "/error" not in server.paths()
    crawl_round(config, archive, now=NOW + timedelta(minutes=16), all_sources=True)
    assert "/error" in server.paths()
    assert "/error" not in troubles(archive, server)


def test_a_wrong_certificate_is_a_typed_trouble(archive: Archive, tmp_path: Path) -> None:
    with Loopback() as secure:
        secure.secure(self_signed(tmp_path))
        secure.feed("/thu.rss", ["/good"])
        config = configured([secure], [source(secure, "tls", feeds=[f"{secure.url}/thu.rss"])])
        report = crawl_round(config, archive, now=NOW).sources[0]
    assert [error["kind"] for error in report.errors] == ["robots-unreachable"]
    assert "certificate" in report.errors[0]["message"]
    assert secure.asked == []
    with archive.reading() as tx:
        state = tx.sources.get("tls")
    assert state is not None and state.failures == 1


def self_signed(folder: Path) -> ssl.SSLContext:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_host_that_is_not_there_is_a_typed_trouble(archive: Archive) -> None:
    with Loopback() as gone:
        pass
    unknown = source(gone, "khong-ten", feeds=["http://khong-co-that.invalid/rss"])
    refused = source(gone, "dong-cua", feeds=[f"{gone.url}/rss"])
    config = configured([gone], [unknown, refused])
    reports = crawl_round(config, archive, now=NOW).sources
    assert [one.errors[0]["kind"] for one in reports] == ["robots-unreachable"] * 2
    assert "has no address" in reports[0].errors[0]["message"]
    assert "refused" in reports[1].errors[0]["message"]
