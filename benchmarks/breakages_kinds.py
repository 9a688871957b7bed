"""The ways in which the pages of an outlet break, and what is served then."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from benchmarks.breakages_pages import (
    OUTLETS,
    ZONE,
    Story,
    ims,
    page,
    paragraphs_of,
    story,
    title_elsewhere,
)


@dataclass(frozen=True, slots=True)
class Served:
    """What a server answers."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    location: str = ""


def new_layout(one: Story) -> Served:
    """Every class is another: what read the pages before matches nothing."""
    return _html(
        page(
            one.title,
            f'<main><header><h1 class="x1">{escape(one.title)}</h1></header>'
            f'<section class="x9">{paragraphs_of(one)}</section></main>',
        )
    )


def rotten(one: Story) -> Served:
    """The body stands where it stood; title, date and author went elsewhere."""
    return _html(
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'></head><body>"
        f'<div class="tt">{escape(one.title)}</div><p class="lead-2">{escape(one.summary)}</p>'
        f'<div class="detail-content afcbc-body" data-role="content">{paragraphs_of(one)}</div>'
        "</body></html>"
    )


def title_rotten(one: Story) -> Served:
    """The title alone stands elsewhere; og:title still gives it."""
    return _html(title_elsewhere(one))


def soft_404(_one: Story) -> Served:
    """Every page says, with the status of success, that there is none."""
    told = " ".join(["Trang bạn tìm không còn ở đây nữa, mời bạn về trang nhất đọc tin khác."] * 4)
    return _html(
        page("Không tìm thấy", f"<article><h1>Ôi</h1><p>{told}</p><p>{told}</p></article>")
    )


def cookie_wall(_one: Story) -> Served:
    """A challenge in place of the page."""
    return _html(
        "<html><body><script>document.cookie='D1N=1'; location.reload()</script></body></html>"
    )


def wrong_charset(one: Story) -> Served:
    """Bytes of a Vietnamese charset under the name of a Western one."""
    body = ims(one).replace("<meta charset='utf-8'>", "")
    return Served(body.encode("cp1258", "replace"), content_type="text/html; charset=iso-8859-1")


def stuck_date(one: Story) -> Served:
    """Every page is dated alike."""
    return _html(ims(replace(one, at=datetime(2031, 4, 20, 8, tzinfo=ZONE))))


def behind_script(one: Story) -> Served:
    """The text comes only after scripts run."""
    return _html(page(one.title, '<div id="root"></div><script src="/app.js"></script>'))


def redirected(_one: Story) -> Served:
    """Every page leads to one notice."""
    return Served(status=302, location="/thong-bao.html")


def to_the_front(_one: Story) -> Served:
    """Every page leads to the front page."""
    return Served(status=302, location="/")


def all_alike(one: Story) -> Served:
    """Every page is the same article, well made."""
    return _html(ims(replace(story(OUTLETS[0], 1, one.at), path=one.path)))


def as_ever(one: Story) -> Served:
    """The page in health."""
    return _html(ims(one))


PAGES_BREAK: dict[str, Callable[[Story], Served]] = {
    "layout change": new_layout,
    "selector rot": rotten,
    "title selector rot": title_rotten,
    "soft 404": soft_404,
    "cookie wall": cookie_wall,
    "wrong charset": wrong_charset,
    "dates stuck": stuck_date,
    "body behind script": behind_script,
    "mass redirect": redirected,
    "mass redirect to the front": to_the_front,
    "everything the same page": all_alike,
}
SITE_BREAKS = (
    "feed moved",
    "feed frozen",
    "one of two feeds frozen",
    "certificate expired",
    "robots.txt forbids",
    "robots.txt forbids one of two feeds",
    "old articles redirected",
    "layout change of three slow outlets",
)
"""Breakages of what is around the pages; `benchmarks.breakages_site` serves them."""


def _html(text: str) -> Served:
    return Served(text.encode())
