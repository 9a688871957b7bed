"""Pages that are none: each gives one typed error with one clear line."""

import gzip

import pytest

from spiders.extract import extract
from spiders.problems import EmptyPage, NeedsJavascript, NoText, NotHtml, TooLarge
from storage.problems import Problem

URL = "https://bao-thu.example.vn/mot-bai-viet.html"
CHALLENGE = (
    b'<html><body><script>document.cookie="D1N=abc"+"; expires=Fri, 31-Dec-37 23:55:55 GMT; '
    b'path=/";window.location.reload(true);</script></body></html>'
)
SHELL = (
    b'<!doctype html><html><head><script src="/app.js"></script></head>'
    b'<body><div id="root"></div></body></html>'
)
ASKING = (
    b"<!doctype html><html><body><noscript>You need to enable JavaScript to run this app."
    b'</noscript><div id="main"></div><script src="/app.js"></script></body></html>'
)
FRONT = (
    "<html><body>"
    + "".join(f"<h3><a href='/{n}'>Tiêu đề ngắn số {n}</a></h3>" for n in range(90))
    + "</body></html>"
).encode()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", EmptyPage),
        (b" \r\n\t ", EmptyPage),
        (gzip.compress(b"", mtime=0), EmptyPage),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 400, NotHtml),
        (b"%PDF-1.7\n%\xe2\xe3", NotHtml),
        (b"PK\x03\x04" + b"\x00" * 60, NotHtml),
        (bytes(range(256)) * 40, NotHtml),
        (b'{"error": "not found"}', NotHtml),
        ("chỉ là một dòng chữ".encode(), NotHtml),
        (b"\x1f\x8bnot really gzip", NotHtml),
        (b"<p>a</p>" * 6_400_000, TooLarge),
        (gzip.compress(b"<p>" + b"a" * 50_000_000, mtime=0), TooLarge),
        (CHALLENGE, NeedsJavascript),
        (SHELL, NeedsJavascript),
        (ASKING, NeedsJavascript),
        (b"<html><body><a href='/'>x</a></body></html>", NoText),
        (FRONT, NoText),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else repr(value[:14]),
)
def test_what_is_no_article_is_named(body: bytes, problem: type[Problem]) -> None:
    with pytest.raises(problem) as caught:
        extract(body, URL)

    line = str(caught.value)
    assert URL in line
    assert "\n" not in line


def test_the_size_limit_can_be_set() -> None:
    with pytest.raises(TooLarge, match="over the limit of 100 "):
        extract(b"<p>a</p>" * 20, URL, limit=100)


def test_the_kinds_under_which_problems_are_counted_do_not_change() -> None:
    kinds = {one.__name__: one.kind for one in (EmptyPage, NotHtml, TooLarge, NoText)}

    assert kinds == {
        "EmptyPage": "empty-page",
        "NotHtml": "not-html",
        "TooLarge": "too-large",
        "NoText": "no-text",
    }
    assert NeedsJavascript.kind == "needs-javascript"
