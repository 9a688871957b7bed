"""Invented pages of no publishing system we declare, each with what a reader sees in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

FOREIGN = "Dòng này không thuộc bài viết"
"""Stands in everything that surrounds a story or is set inside it and is not the story."""
TITLE = "Phố chợ Mây Trắng dời giờ họp vì đường ngập"
STORY = (
    "Ban quản lý phố chợ hư cấu Mây Trắng cho biết từ thứ hai chợ mở lúc sáu giờ thay vì bốn giờ.",
    "Con đường đất dẫn vào chợ ngập hơn nửa mét sau ba trận mưa, xe tải nhỏ không vào được.",
    "“Chúng tôi mất một buổi sáng, nhưng giữ được hàng,” bà Lê Mộc Miên, bán rau dãy đông, nói.",
    "Xã đã đổ bốn mươi xe đá và dự kiến xong đoạn đường dài 800 mét trước tháng chín.",
    "Người bán có thể gửi hàng ở nhà văn hóa thôn, mỗi sạp một ngăn, không thu phí.",
)
MOMENT = datetime(2025, 6, 9, 1, 30, tzinfo=UTC)
"""Half past eight in the morning in Việt Nam."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A page and what it holds; `published` None: the page names no date."""

    name: str
    body: bytes
    url: str
    title: str
    texts: tuple[str, ...]
    published: datetime | None
    byline: tuple[str, ...]


def pages() -> list[Expected]:
    """Return the pages: plain, in tables, in nameless blocks, undated, with foreign blocks."""
    story = "".join(f"<p>{line}</p>" for line in STORY)
    halves = ["".join(f"<p>{line}</p>" for line in part) for part in (STORY[:3], STORY[3:])]
    shown = "<span class='post-date'>Thứ hai, 09/06/2025, 08:30 (GMT+7)</span>"
    meta = "<meta property='article:published_time' content='2025-06-09T08:30:00+07:00'>"
    by = "<p class='author'>Vũ Lam Giang</p>"
    first, last = halves
    related = (
        "<div class='related-posts'><h3>Tin liên quan</h3><ul>"
        + "".join(f"<li><a href='/{n}'>{FOREIGN} số {n}</a></li>" for n in range(4))
        + "</ul></div>"
    )
    box = f"<div class='newsletter-box'><p>{FOREIGN}: đăng ký nhận bản tin mỗi sáng.</p></div>"
    following = (
        f"<article class='next-story'><h2>{FOREIGN} là tên bài kế tiếp</h2>"
        f"<p>{FOREIGN}, mà là đoạn mở đầu của bài kế tiếp.</p></article>"
    )
    menu = f"<nav><a href='/'>{FOREIGN}</a><a href='/b'>{FOREIGN}</a></nav>"
    end = f"<footer><p>{FOREIGN}. Cập nhật hệ thống 01/01/2023.</p></footer>"
    head = f"<h1>{TITLE}</h1>"
    retitled = f"{meta}<meta property='og:title' content='{TITLE}'>"
    longer = f"<h1>{TITLE}: tiểu thương gửi hàng ở nhà văn hóa</h1>"
    top = head + by
    cells = "".join(f"<tr><td>{line}</td></tr>" for line in STORY)
    bare = "<br><br>".join(STORY)
    made = (
        ("article-element", meta, f"<article>{head}{by}{story}</article>", True, True),
        ("shown-date", "", f"<main>{head}{shown}{by}<section>{story}</section></main>", True, True),
        ("nameless-blocks", "", f"<div><div>{head}</div><div>{story}</div></div>", False, False),
        ("table-layout", "", f"<table><tr><td>{head}</td></tr>{cells}</table>", False, False),
        ("line-breaks", meta, f"<div class='text'>{head}<div>{bare}</div></div>", True, False),
        ("related-inside", meta, f"<article>{top}{first}{related}{last}</article>", True, True),
        ("box-inside", meta, f"<article>{head}{first}{box}{last}</article>", True, False),
        ("next-story-inside", meta, f"<article>{head}{story}{following}</article>", True, False),
        ("other-heading", retitled, f"<article>{longer}{by}{story}</article>", True, True),
        ("undated-with-footer", "", f"<article>{head}{by}{story}</article>{related}", False, True),
    )  # fmt: skip
    return [
        Expected(
            name=name,
            body=(
                f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{TITLE} | Báo "
                f"Mẫu</title>{metas}</head><body>{menu}{inner}{end}</body></html>"
            ).encode(),
            url=f"https://bao-mau.example/{name}.html",
            title=TITLE,
            texts=("\n".join(STORY),),
            published=MOMENT if dated else None,
            byline=("Vũ Lam Giang",) if named else (),
        )
        for name, metas, inner, dated, named in made
    ]
