"""What extraction promises beyond the families: dates, charsets, JSON-LD, odd pages."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.extract import EXTRACTOR, VERSION, extract
from storage.problems import Problem

URL = "https://bao-thu.example.vn/mot-bai-viet.html"
SENTENCE = "Thị trấn hư cấu Gió Chướng mở thêm một bến thuyền cho học sinh qua sông mỗi sáng."
PARAGRAPHS = "".join(f"<p>{SENTENCE} Lần {n}.</p>" for n in range(6))


def html(body: str = PARAGRAPHS, head: str = "", lang: str = "vi") -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>Bến thuyền</title>{head}</head>'
        '<body><h1 itemprop="headline">Bến thuyền mới</h1>'
        f'<div itemprop="articleBody">{body}</div></body></html>'
    )


def linked(extra: str) -> str:
    return (
        '<script type="application/ld+json">{"@type":"NewsArticle",'
        f'"headline":"Bến thuyền mới",{extra}}}</script>'
    )


def test_an_undated_page_is_undated() -> None:
    article = extract(html().encode(), URL, fetched_at=datetime(2031, 1, 2, tzinfo=UTC))

    assert article.published_at is None
    assert article.modified_at is None
    assert article.notes == ("undated",)


def test_dates_in_the_story_or_the_footer_do_not_date_the_page() -> None:
    body = f'<p>{SENTENCE} Ngày 3/2/2029 bến cũ đóng cửa.</p>{PARAGRAPHS}<p class="date-x"></p>'
    page = html(body).replace("</body>", "<footer class='time'>© 04/05/2030</footer></body>")

    assert extract(page.encode(), URL).published_at is None


def test_a_date_shown_beside_the_title_counts() -> None:
    page = html().replace("</h1>", "</h1><div class='thoi-gian'>Thứ Ba, 04/03/2031, 07:15</div>")

    assert extract(page.encode(), URL).published_at == datetime(2031, 3, 4, 0, 15, tzinfo=UTC)


def test_the_date_in_the_address_is_the_last_resort_and_noted() -> None:
    article = extract(html().encode(), "https://bao.example.vn/ben-20310304071502345.htm")

    assert article.published_at == datetime(2031, 3, 4, 0, 15, 2, tzinfo=UTC)
    assert article.notes == ("date-from-url",)


def test_a_date_in_the_future_is_kept_as_claimed_and_noted() -> None:
    page = html(head=linked('"datePublished":"2031-03-04T07:15:00+07:00"'))

    article = extract(page.encode(), URL, fetched_at=datetime(2031, 3, 1, tzinfo=UTC))

    assert article.published_at == datetime(2031, 3, 4, 0, 15, tzinfo=UTC)
    assert "future-date" in article.notes


@pytest.mark.parametrize(
    "broken",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", </script>',
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
        '<script type="application/ld+json">"NewsArticle"</script>',
        '<script type="application/ld+json">{"@type":["NewsArticle"],"author":{"name":null},'
        '"datePublished":["x"],"headline":{"a":1}}</script>',
    ],
)
def test_broken_json_ld_is_passed_over(broken: str) -> None:
    article = extract(html(head=broken).encode(), URL)

    assert article.title == "Bến thuyền mới"
    assert article.text.count("\n") == 5


def test_authors_given_by_reference_are_resolved() -> None:
    head = (
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle",'
        '"author":{"@id":"#a"}},{"@type":"Person","@id":"#a","name":"Hà Vy và Lạc Thư"}]}</script>'
    )

    assert extract(html(head=head).encode(), URL).byline == ("Hà Vy", "Lạc Thư")


def test_a_body_only_in_json_ld_is_read_from_there() -> None:
    text = " ".join([SENTENCE] * 4)
    page = f'<html><head>{linked(f""""articleBody":"{text}" """)}</head><body></body></html>'

    article = extract(page.encode(), URL)

    assert article.method == "json-ld"
    assert article.text == text


@pytest.mark.parametrize(
    ("body", "content_type", "note"),
    [
        (html().encode(), "text/html; charset=iso-8859-1", "charset:declared iso-8859-1"),
        (html().encode("utf-16"), "text/html", ""),
        (html().encode("utf-16-le"), "text/html", "charset:"),
        (b"\xef\xbb\xbf" + html().encode(), "text/html", ""),
        (gzip.compress(html().encode(), mtime=0), "text/html", ""),
        (
            html(head="<meta charset=windows-1258>").encode("utf-8"),
            "",
            "charset:declared windows-1258",
        ),
        (html().encode().decode("latin-1").encode(), "text/html; charset=utf-8", "charset:doubly"),
    ],
)
def test_a_wrong_or_unusual_charset_is_read_and_noted(
    body: bytes, content_type: str, note: str
) -> None:
    article = extract(body, URL, content_type=content_type)

    assert article.text.startswith(SENTENCE)
    assert any(one.startswith(note) for one in article.notes)


def test_a_page_that_says_utf_8_and_is_windows_1252_is_read() -> None:
    lines = "<p>The café owners’ naïve résumé — as clerks say — must be filed in 24 hours.</p>" * 4

    body = html(lines, '<meta charset="utf-8">', "en").replace("ế", "e").replace("ớ", "o")
    article = extract(body.encode("cp1252", "ignore"), URL)

    assert "café owners’ naïve résumé — as clerks" in article.text


def test_text_is_composed_whatever_the_page_sends() -> None:
    import unicodedata

    article = extract(unicodedata.normalize("NFD", html()).encode(), URL)

    assert article.text.startswith(SENTENCE)


def test_a_truncated_page_keeps_its_text_and_is_noted() -> None:
    body = html().encode()

    article = extract(body[: len(body) - 200], URL)

    assert article.text.startswith(SENTENCE)
    assert "truncated" in article.notes


def test_a_page_cut_inside_a_letter_is_read_up_to_it() -> None:
    body = html().encode()
    cut = body.rindex("ướng".encode()) + 1

    article = extract(body[:cut], URL)

    assert "truncated" in article.notes
    assert "\ufffd" not in article.text


def test_a_photo_story_keeps_its_captions() -> None:
    figures = "".join(f"<figure><figcaption>{SENTENCE} {n}</figcaption></figure>" for n in range(4))

    assert extract(html(figures).encode(), URL).text.count(SENTENCE) == 4


def test_tables_in_a_story_stay_readable() -> None:
    table = "<table><tr><th>Bến</th><th>Giá</th></tr><tr><td>Một</td><td>3.000</td></tr></table>"

    lines = extract(html(PARAGRAPHS + table).encode(), URL).text.split("\n")

    assert lines[-2:] == ["Bến | Giá", "Một | 3.000"]


def test_a_link_inside_a_sentence_is_kept_and_a_pointer_elsewhere_is_not() -> None:
    body = (
        f'{PARAGRAPHS}<p>Theo <a href="/x">quy định mới của bến hư cấu</a>, vé tăng 5%.</p>'
        '<p><a href="/y">Bến thuyền cũ và những chuyến đò đêm</a></p>'
        '<p>Xem thêm: <a href="/z">Bến nào đẹp nhất</a></p>'
    )

    lines = extract(html(body).encode(), URL).text.split("\n")

    assert lines[-1] == "Theo quy định mới của bến hư cấu, vé tăng 5%."


@pytest.mark.parametrize("tag", ["div", "span", "ul><li", "table><tr><td", "blockquote", "b"])
def test_deeply_nested_pages_end_in_an_article_or_a_typed_error(tag: str) -> None:
    body = html(f"{PARAGRAPHS}{f'<{tag}>' * 30_000}x").encode()

    try:
        article = extract(body, URL)
    except Problem:
        return
    assert SENTENCE in article.text


def test_an_article_says_what_made_it() -> None:
    article = extract(html().encode(), URL)

    assert (article.extractor, article.extractor_version) == (EXTRACTOR, VERSION)


@given(st.binary(max_size=400))
def test_no_bytes_at_all_raise_anything_but_a_typed_error(body: bytes) -> None:
    try:
        extract(b"<html><body>" + body, URL)
    except Problem as problem:
        assert problem.kind
        assert "\n" not in str(problem)
