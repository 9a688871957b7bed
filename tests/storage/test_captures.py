"""Captures: what a server sent comes back byte for byte, whatever it sent."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest
from archives import NOON, capture, exchange
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.archive import Archive, place_of
from storage.capture_files import opened
from storage.capture_reading import read
from storage.captures import CaptureDamaged, sha256
from storage.models import Capture

PAGE = "<h1>Bến phà mở lại</h1>".encode()


def records(root: Path) -> list[tuple[str, str, bytes]]:
    """What any WARC tool sees: type, address and unpacked content of each record."""
    seen = []
    for path in sorted(root.rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                url = record.rec_headers.get_header("WARC-Target-URI")
                seen.append((record.rec_type, url, record.content_stream().read()))
    return seen


def kept(archive: Archive, number: int) -> Capture:
    with archive.reading() as tx:
        row = tx.captures.get(number)
    assert row is not None
    return row


@pytest.mark.parametrize(
    "body",
    [PAGE, b"", bytes(range(256)) * 50, b"\r\n\r\nWARC/1.1\r\n\r\n", b"x" * 300_000],
    ids=["page", "empty", "binary", "like-a-record", "long"],
)
def test_what_was_sent_comes_back_byte_for_byte(archive: Archive, body: bytes) -> None:
    (number,) = capture(archive, exchange(body))
    stored = archive.read_capture(number)
    assert (stored.status, stored.url, stored.body) == (200, "https://press.example/a", body)
    assert stored.headers == (("Content-Type", "text/html; charset=utf-8"),)
    row = kept(archive, number)
    assert (row.payload_sha256, row.payload_length) == (sha256(body), len(body))
    assert [kind for kind, _, _ in records(archive.captures_root)] == [
        "warcinfo",
        "response",
        "request",
    ]
    assert records(archive.captures_root)[1][2] == body


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE, wbits=-15)),
        ("GZIP", gzip.compress(PAGE, mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE), mtime=0)),
        ("gzip", PAGE),
        ("utf-8", PAGE),
    ],
)
def test_a_compressed_body_is_kept_as_sent_and_read_unpacked(
    archive: Archive, encoding: str, sent: bytes
) -> None:
    (number,) = capture(archive, exchange(sent, headers=(("Content-Encoding", encoding),)))
    assert kept(archive, number).payload_sha256 == sha256(sent)
    assert archive.read_capture(number).body == PAGE


def test_a_bomb_is_not_unpacked(archive: Archive) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    (number,) = capture(archive, exchange(bomb, headers=(("Content-Encoding", "gzip"),)))
    with pytest.raises(CaptureDamaged, match="unpacks to more than 1000000 bytes"):
        read(archive.captures_root, place_of(kept(archive, number)), max_bytes=1_000_000)


@pytest.mark.parametrize(
    ("headers", "read_back"),
    [
        ((("X-Note", "caf\xe9 \xc3\xa9"),), (("X-Note", "caf\xe9 \xc3\xa9"),)),
        ((("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),) * 2,
        ((("X-Empty", ""),),) * 2,
        ((("X-Colons", "a: b: c"),),) * 2,
        ((("Transfer-Encoding", "chunked"), ("ETag", '"1"')), (("ETag", '"1"'),)),
        ((("X-Long", "v" * 70_000),),) * 2,
        ((), ()),
        (
            (("X-Bad", "v\r\nContent-Encoding: gzip\r\n\r\nbody"), ("X-\nName", "\0")),
            (("X-Bad", "v Content-Encoding: gzip body"), ("X- Name", "")),
        ),
    ],
    ids=["latin-1", "repeated", "empty", "colons", "chunked", "long", "none", "injected"],
)
def test_headers_come_back_as_they_were_sent_and_inject_nothing(
    archive: Archive, headers: Any, read_back: Any
) -> None:
    (number,) = capture(archive, exchange(PAGE, headers=headers))
    stored = archive.read_capture(number)
    assert (stored.headers, stored.body) == (read_back, PAGE)
    assert [
        content for kind, _, content in records(archive.captures_root) if kind == "response"
    ] == [PAGE]


@pytest.mark.parametrize("status", [100, 200, 404, 999])
@pytest.mark.parametrize("reason", ["", "OK", "Kh\xf4ng", "a\r\nX: y", "WARC/1.1"])
def test_any_status_line_comes_back(tmp_path: Path, status: int, reason: str) -> None:
    with opened(tmp_path, "press", NOON, lambda _: 0) as writer:
        place = writer.append(exchange(PAGE, status=status, reason=reason))
    stored = read(tmp_path, place)
    assert (stored.status, stored.body) == (status, PAGE)
    assert stored.headers == exchange(PAGE).headers


def test_an_address_with_line_breaks_injects_nothing(tmp_path: Path) -> None:
    url = "https://press.example/a b\r\nWARC-Type: resource\r\n\r\n"
    with opened(tmp_path, "press", NOON, lambda _: 0) as writer:
        place = writer.append(exchange(PAGE, url=url))
    assert read(tmp_path, place).body == PAGE
    assert [kind for kind, _, _ in records(tmp_path)] == ["warcinfo", "response", "request"]


@settings(max_examples=25)
@given(
    st.binary(max_size=200),
    st.integers(100, 599),
    st.lists(
        st.tuples(
            st.text("abcXYZ-09", min_size=1, max_size=8),
            st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
        ),
        max_size=4,
    ),
)
def test_every_exchange_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    status: int,
    headers: list[tuple[str, str]],
) -> None:
    root = tmp_path_factory.mktemp("warc")
    unread = ("transfer-encoding", "content-encoding")
    sent = tuple((name, value) for name, value in headers if name.lower() not in unread)
    with opened(root, "press", NOON, lambda _: 0) as writer:
        place = writer.append(exchange(body, status=status, headers=sent))
    stored = read(root, place)
    assert (stored.status, stored.body) == (status, body)
    assert stored.headers == tuple((name, value.strip()) for name, value in sent)


def test_the_same_payload_is_kept_once_and_each_capture_keeps_its_own_answer(
    archive: Archive,
) -> None:
    body = PAGE * 1000
    copy = "https://other.example/b"
    first, again = capture(
        archive,
        exchange(body),
        exchange(body, url=copy, hour=1, status=404, headers=(("Server", "other"),)),
    )
    row = kept(archive, again)
    assert row.revisit_of == first
    assert row.warc_length < kept(archive, first).warc_length
    stored = archive.read_capture(again)
    assert (stored.url, stored.status, stored.body) == (copy, 404, body)
    assert stored.headers == (("Server", "other"),)


def test_a_revisit_names_the_record_that_holds_its_payload(archive: Archive) -> None:
    capture(archive, exchange(PAGE), exchange(PAGE, url="https://other.example/b", hour=1))
    (path,) = archive.captures_root.rglob("*.warc.gz")
    with path.open("rb") as stream:
        said = [(r.rec_type, dict(r.rec_headers.headers)) for r in ArchiveIterator(stream)]
    response = next(headers for kind, headers in said if kind == "response")
    revisit = next(headers for kind, headers in said if kind == "revisit")
    assert revisit["WARC-Refers-To-Target-URI"] == response["WARC-Target-URI"]
    assert revisit["WARC-Refers-To-Date"] == response["WARC-Date"]
    assert revisit["WARC-Payload-Digest"] == response["WARC-Payload-Digest"]
    assert revisit["WARC-Profile"].endswith("/revisit/identical-payload-digest")


def test_a_request_is_kept_beside_its_response(archive: Archive) -> None:
    capture(archive, exchange(PAGE, url="https://press.example/a?b=1"))
    (path,) = archive.captures_root.rglob("*.warc.gz")
    with path.open("rb") as stream:
        request = next(r for r in ArchiveIterator(stream) if r.rec_type == "request")
        assert request.http_headers.statusline == "/a?b=1 HTTP/1.1"
        assert request.http_headers.get_header("Host") == "press.example"
        assert request.http_headers.get_header("User-Agent") == "DecreeWatch"


def test_a_file_that_has_grown_is_followed_by_the_next(tmp_path: Path) -> None:
    for n in range(3):
        with opened(tmp_path, "press", NOON, whole(tmp_path), max_bytes=1500) as writer:
            writer.append(exchange(bytes([n]) * 900))
    assert [path.name for path in sorted(tmp_path.rglob("*.gz"))] == [
        "press-203106-0001.warc.gz",
        "press-203106-0002.warc.gz",
    ]
    assert len(records(tmp_path)) == 2 + 3 * 2


def test_two_crawls_at_once_write_two_files(tmp_path: Path) -> None:
    with (
        opened(tmp_path, "press", NOON, whole(tmp_path)) as one,
        opened(tmp_path, "press", NOON, whole(tmp_path)) as other,
    ):
        for writer in (one, other, one, other):
            writer.append(exchange(PAGE))
    assert one.path != other.path
    assert [kind for kind, _, _ in records(tmp_path)].count("response") == 4


def test_one_crawl_after_another_writes_the_same_file(archive: Archive) -> None:
    for n in range(3):
        capture(archive, exchange(bytes([n])))
    assert [path.name for path in archive.captures_root.rglob("*.gz")] == [
        "press-203106-0001.warc.gz"
    ]


def test_the_next_crawl_cuts_off_what_a_dead_one_left(archive: Archive) -> None:
    (number,) = capture(archive, exchange(PAGE))
    (path,) = archive.captures_root.rglob("*.gz")
    good = path.read_bytes()
    path.write_bytes(good + good[-200:-30])
    capture(archive, exchange(PAGE * 2))
    assert path.read_bytes().startswith(good)
    assert [kind for kind, _, _ in records(archive.captures_root)].count("response") == 2
    assert archive.read_capture(number).body == PAGE


def test_a_torn_file_of_an_earlier_month_is_mended_too(archive: Archive) -> None:
    capture(archive, exchange(PAGE))
    (path,) = archive.captures_root.rglob("*.gz")
    good = path.read_bytes()
    path.write_bytes(good + b"\x1f\x8b\x08torn")
    capture(archive, exchange(PAGE * 2, hour=24 * 60))
    assert path.read_bytes() == good


def test_a_failed_transaction_leaves_the_file_readable(archive: Archive) -> None:
    with archive.capture_writer("press", NOON) as writer:
        with pytest.raises(RuntimeError), archive.transaction() as tx:
            tx.captures.keep(writer, exchange(PAGE), "press", "text/html")
            raise RuntimeError("power cut")
        with archive.transaction() as tx:
            number = tx.captures.keep(writer, exchange(PAGE), "press", "text/html").id
    assert archive.read_capture(number).body == PAGE
    assert len(records(archive.captures_root)) == 5


@pytest.mark.parametrize("source", ["../elsewhere", "a/b", "", "x" * 101])
def test_a_file_is_never_named_outside_its_folder(tmp_path: Path, source: str) -> None:
    with (
        pytest.raises(ValueError, match="cannot be named"),
        opened(tmp_path / "captures", source, NOON, lambda _: 0),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["missing", "torn", "flipped", "emptied", "replaced"])
def test_a_damaged_capture_is_said_to_be_damaged(archive: Archive, damage: str) -> None:
    (number,) = capture(archive, exchange(PAGE * 100))
    (path,) = archive.captures_root.rglob("*.gz")
    row = kept(archive, number)
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "torn":
        path.write_bytes(content[:-300])
    elif damage == "flipped":
        content[row.warc_offset + row.warc_length // 3] ^= 0x10
        path.write_bytes(content)
    elif damage == "emptied":
        path.write_bytes(b"")
    else:
        record = gzip.compress(b"WARC/1.1\r\n\r\n" + bytes(row.warc_length))
        path.write_bytes(content[: row.warc_offset] + record)
    with pytest.raises(CaptureDamaged, match="Restore the file from a backup") as refused:
        archive.read_capture(number)
    assert "\n" not in str(refused.value)


def test_a_payload_that_was_swapped_is_said_to_be_damaged(archive: Archive) -> None:
    first, second = capture(archive, exchange(b"one"), exchange(b"two"))
    with archive.transaction() as tx:
        one, two = tx.captures.get(first), tx.captures.get(second)
        assert one is not None
        assert two is not None
        one.warc_offset, one.warc_length = two.warc_offset, two.warc_length
    with pytest.raises(CaptureDamaged, match="hash"):
        archive.read_capture(first)


def test_a_capture_that_nobody_made_is_no_capture(archive: Archive) -> None:
    with pytest.raises(KeyError):
        archive.read_capture(404)


def whole(root: Path) -> Any:
    """An archive that knows every byte of its files."""
    return lambda path: (root / path).stat().st_size
