"""Whatever bytes a server sends, each reader ends in a result or a typed error of one line."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spiders.documents import read_document, read_portal_page
from spiders.feeds import read_feed, read_listing, read_sitemap
from storage.problems import Problem

URL = "https://cong.example.vn/a"
PIECES = st.sampled_from(
    [
        *(b"<rss>", b"<channel>", b"<item>", b"</item>", b"<link>", b"<url>", b"<loc>", b"&x;"),
        *(b"<html>", b"<table>", b"<tr>", b"<td>", b"<b>", b"<a href='http://['>", b"</a>"),
        *("Số hiệu:".encode(), "Đã biết".encode(), "Văn bản bị thay thế".encode()),
        *(b"]]>", b"<![CDATA[", b"<?xml version='1.0' encoding='x'?>", b"\x00", b"\xff", b" "),
        *(b"<link rel='canonical' href='http://['>", b"<div id='toanvancontent'>", b"%PDF-", b"PK"),
    ]
)
READERS: tuple[Callable[[bytes], object], ...] = (
    lambda body: read_feed(body, URL),
    lambda body: read_sitemap(body, URL),
    lambda body: read_listing(body, URL),
    lambda body: read_portal_page(body, URL),
    lambda body: read_document(body, "", URL),
)


@pytest.mark.parametrize("reader", READERS)
@given(body=st.lists(PIECES | st.binary(max_size=20), max_size=40).map(b"".join))
@example(body=b"<!doctype html><html><link rel='canonical' href='http://['><h1>x</h1></html>")
@example(body=b"\x1f\x8b\x08\x00")
def test_no_bytes_raise_anything_but_a_typed_error(
    reader: Callable[[bytes], object], body: bytes
) -> None:
    try:
        reader(body)
    except Problem as problem:
        assert problem.kind != Problem.kind
        assert "\n" not in str(problem)
