"""An invented article that tries everything, as a crawl would have stored it."""

import unicodedata
from datetime import datetime, timedelta

from archives import capture, exchange, observe, seen

from storage.archive import Archive

SOURCE = "songviet"
URL = "https://hostile.example/bai/<script>alert(1)</script>?a=%0a%1b[2J&javascript:alert(2)"
RUNS = "document.documentElement.dataset.ran='yes'"
"""What its scripts would leave behind in a page in which one of them runs."""
ESCAPES = "\x1b[2J\x1b]0;hacked\x07\x1b[31m\x9b5m\x08\x7f\r"
BIDI = "\u202egnourt\u202c \u2066x\u2069\u200f"
MARKUP = f'<script>{RUNS}</script><img src=x onerror="{RUNS}">\'"><svg/onload="{RUNS}">'
ODD = (
    "\ufdfd\U000e0041\ufffe Za\u0335\u0336\u0337\u0338lgo \U0001f468\u200d\U0001f469 "
    "{{ 7*7 }} {% x %}"
)
TITLE = f"Xác thực tài khoản {MARKUP}{ESCAPES}{BIDI}{ODD}".ljust(10_000, "W")
LINK = f"<{URL}|bấm> <!channel> [lối](javascript:{RUNS}) =HYPERLINK(0) *đậm* `mã` & @here"
TEXT = (
    "Việt Nam buộc mạng xã hội xác thực tài khoản người dùng bằng số điện thoại theo Nghị định "
    "901/2031/NĐ-CP; nền tảng trực tuyến phải gỡ nội dung vi phạm trong HOURS giờ.\n"
    + MARKUP + ESCAPES + BIDI + ODD + "\n" + LINK
)  # fmt: skip
PAGE = f"""<!doctype html><html lang="vi"><head><base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=//evil.example/"><title>{TITLE[:400]}</title>
<link rel="stylesheet" href="//evil.example/a.css"><style>@import "//evil.example/b.css";
body {{ background: url(//evil.example/c) }}</style><script src="//evil.example/d.js"></script>
<script>{RUNS}; parent.{RUNS}; top.location = "//evil.example/"</script></head>
<body onload="{RUNS}"><h1>Bến phà mở lại</h1><img src="//evil.example/e" onerror="{RUNS}">
<a href="javascript:{RUNS}">lối</a><iframe src="//evil.example/f"></iframe>
<form action="//evil.example/g"><input autofocus onfocus="{RUNS}"></form>
<svg onload="{RUNS}"><script>{RUNS}</script></svg><object data="//evil.example/h"></object>
<video autoplay poster="//evil.example/i" src="//evil.example/j"></video></body></html>"""


HARMFUL = {one for one in ESCAPES + BIDI + ODD if unicodedata.category(one) in ("Cc", "Cf")} - {
    "\r",
    "\u200d",
}
"""The characters of it that may stand nowhere in what a reader is shown."""


def appears(archive: Archive, at: datetime, source: str = SOURCE) -> int:
    """The article is crawled, and a little later crawled again with other words; gives its item."""
    html = (("Content-Type", "text/html; charset=utf-8"), ("X-Odd", '"><script>alert(3)</script>'))
    items = []
    for hours, moment in ((24, at), (48, at + timedelta(minutes=10))):
        (kept,) = capture(
            archive,
            exchange(PAGE.encode(), url=URL, fetched_at=moment, headers=html),
            source=source,
        )
        look = seen(
            URL,
            source_id=source,
            seen_at=moment,
            title=TITLE,
            summary=MARKUP + ESCAPES,
            text=TEXT.replace("HOURS", str(hours)),
            byline=(MARKUP + ESCAPES,),
            capture_id=kept,
        )
        items.append(observe(archive, look)[0].item_id)
    return items[0]


def disappears(archive: Archive, at: datetime) -> None:
    """Its page is gone, and stays gone."""
    with archive.transaction() as tx:
        assert tx.items.missing(URL, at - timedelta(days=2), at, 410)
