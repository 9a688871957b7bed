import io
import re
import unicodedata

import pytest
from lxml import html

from newsroom import portal, render
from newsroom.attachments import docx_bytes, pdf_bytes
from newsroom.instruments import NAMES, LegalText, legal_text
from newsroom.truth import ChangedValue, Comparison, enactment, second_draft

COMPARISONS = [enactment(), second_draft()]
ARTICLE = re.compile(r"Điều (\d+)\. ")
PARAGRAPH = re.compile(r"(\d+)\. ")
POINT = re.compile(r"([a-eghiklmnopqrstuvxyđ])\) ")


def provisions(text: LegalText) -> dict[str, str]:
    """Every article, khoản and điểm of the main text: id to its own words and what is below."""
    found: dict[str, list[str]] = {}
    article = paragraph = point = ""
    for line in text.body:
        if line.startswith(("Chương ", "Mục ")) or line.isupper():
            article = paragraph = point = ""
        elif match := ARTICLE.match(line):
            article, paragraph, point = f"art_{match[1]}", "", ""
        elif article and (match := PARAGRAPH.match(line)):
            paragraph, point = f"{article}__para_{match[1]}", ""
        elif paragraph and (match := POINT.match(line)):
            point = f"{paragraph}__point_{match[1]}"
        for eid in (article, paragraph, point):
            if eid:
                found.setdefault(eid, []).append(line)
    return {eid: "\n".join(lines) for eid, lines in found.items()}


def articles_of(text: LegalText) -> list[int]:
    return [int(match[1]) for line in text.body if (match := ARTICLE.match(line))]


def in_words(text: str) -> str:
    """The text without its own number, and with every reference to an article made alike."""
    plain = re.sub(r"Điều \d+", "Điều ·", text)
    return re.sub(r"^\d+\. ", "", plain)


@pytest.mark.parametrize("name", NAMES)
def test_articles_run_from_one_without_a_gap(name: str) -> None:
    numbers = articles_of(legal_text(name))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_no_reference_leads_beyond_the_last_article(name: str) -> None:
    text = legal_text(name)
    last = len(articles_of(text))
    assert all(int(n) <= last for line in text.body for n in re.findall(r"Điều (\d+)", line))
    assert "{" not in "\n".join(text.lines)


def test_the_texts_are_as_long_as_promised() -> None:
    assert len(articles_of(legal_text("draft-1"))) >= 26
    assert len(articles_of(legal_text("older"))) >= 20
    assert "Điều 1. Thông tin về chủ quản nền tảng" in legal_text("enacted").appendix


@pytest.mark.parametrize("told", COMPARISONS, ids=lambda c: c.new_name)
def test_the_links_cover_every_article_of_both_sides_once(told: Comparison) -> None:
    old, new = articles_of(legal_text(told.old_name)), articles_of(legal_text(told.new_name))
    assert (len(old), len(new)) == (told.old_articles, told.new_articles)
    assert sorted(x for link in told.links for x in link.old) == sorted(f"art_{n}" for n in old)
    assert sorted(x for link in told.links for x in link.new) == sorted(f"art_{n}" for n in new)


@pytest.mark.parametrize("told", COMPARISONS, ids=lambda c: c.new_name)
def test_the_kind_of_every_link_agrees_with_the_texts(told: Comparison) -> None:
    old, new = provisions(legal_text(told.old_name)), provisions(legal_text(told.new_name))
    for link in told.links:
        if not link.old or not link.new:
            assert link.kind == ("added" if link.new else "removed")
        elif len(link.new) > 1:
            assert link.kind == "split"
        else:
            same = in_words(old[link.old[0]]) == in_words(new[link.new[0]])
            assert same == (link.kind in ("unchanged", "renumbered", "moved")), link
            assert (link.kind == "unchanged") == (same and link.old == link.new), link
            heads = [
                re.split(r"\n\d+\. ", in_words(side))[0]
                for side in (old[link.old[0]], new[link.new[0]])
            ]
            assert (heads[0] != heads[1]) == link.own, link


def test_the_enactment_has_every_kind_of_change() -> None:
    kinds = {link.kind for link in enactment().links}
    assert kinds == {
        "unchanged",
        "renumbered",
        "moved",
        "modified",
        "split",
        "added",
        "removed",
    }


@pytest.mark.parametrize("told", COMPARISONS, ids=lambda c: c.new_name)
def test_the_listed_provisions_are_exactly_those_that_changed(told: Comparison) -> None:
    old, new = provisions(legal_text(told.old_name)), provisions(legal_text(told.new_name))
    told_old = {changed.old for changed in told.provisions}
    told_new = {changed.new for changed in told.provisions}
    for changed in told.provisions:
        assert not changed.old or changed.old in old
        assert not changed.new or changed.new in new
        if changed.kind == "renumbered":
            assert in_words(old[changed.old]) == in_words(new[changed.new])
        if changed.kind == "modified":
            assert old[changed.old] != new[changed.new]
    for link in told.links:
        if len(link.old) != 1 or len(link.new) != 1:
            continue
        before, after = link.old[0], link.new[0]
        for eid, text in old.items():
            if eid.startswith(f"{before}__") and eid not in told_old and "__point" not in eid:
                other = eid.replace(before, after, 1)
                below = {x for x in told_old if x.startswith(f"{eid}__")}
                assert below or in_words(text) == in_words(new[other]), eid
        for eid in new:
            if eid.startswith(f"{after}__") and eid not in told_new:
                assert eid.replace(after, before, 1) in old, eid


@pytest.mark.parametrize("told", COMPARISONS, ids=lambda c: c.new_name)
def test_every_changed_value_stands_literally_where_it_is_said_to(told: Comparison) -> None:
    old, new = provisions(legal_text(told.old_name)), provisions(legal_text(told.new_name))
    for value in told.values:
        assert value.old_text in (old[value.old] if value.old else ""), value
        assert value.new_text in (new[value.new] if value.new else ""), value
        expected = "added" if not value.old_text else "removed" if not value.new_text else "changed"
        assert value.change == expected
        assert_number_is_in(value)


def assert_number_is_in(value: ChangedValue) -> None:
    for text, figure in (
        (value.old_text, value.old_value),
        (value.new_text, value.new_value),
    ):
        written = [int(n.replace(".", "")) for n in re.findall(r"\d[\d.]*", text)]
        if isinstance(figure, int):
            assert figure in written, value
        elif isinstance(figure, tuple):
            assert list(figure) == written, value
        elif isinstance(figure, str):
            year, month, day = (int(part) for part in figure.split("-"))
            assert written == [day, month, year], value


def figures(text: str) -> list[str]:
    without_references = re.sub(r"(khoản|điểm|Điều|Mẫu số) \w+", "", text)
    return re.findall(r"\d[\d./]*", without_references)


@pytest.mark.parametrize("told", COMPARISONS, ids=lambda c: c.new_name)
def test_no_changed_figure_is_left_out_of_the_truth(told: Comparison) -> None:
    old, new = provisions(legal_text(told.old_name)), provisions(legal_text(told.new_name))
    listed = {value.new for value in told.values}
    for changed in told.provisions:
        before = figures(re.sub(r"^\d+\. ", "", old.get(changed.old, "")))
        after = figures(re.sub(r"^\d+\. ", "", new.get(changed.new, "")))
        if changed.new and before != after and "\n" not in new[changed.new]:
            assert changed.new in listed, changed


@pytest.mark.parametrize("name", NAMES)
def test_docx_holds_the_source_text_line_by_line(name: str) -> None:
    from docx import Document
    from docx.table import Table

    text = legal_text(name)
    read: list[str] = []
    for block in Document(io.BytesIO(docx_bytes(text))).iter_inner_content():
        if isinstance(block, Table):
            read += [p.text for row in block.rows for cell in row.cells for p in cell.paragraphs]
        else:
            read.append(block.text)
    assert tuple(line for line in read if line) == text.lines


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reader", ["pypdf", "pdfplumber"])
def test_pdf_holds_the_source_text_in_nfc(name: str, reader: str) -> None:
    text = legal_text(name)
    packed = io.BytesIO(pdf_bytes(text))
    if reader == "pypdf":
        from pypdf import PdfReader

        pages = [page.extract_text() for page in PdfReader(packed).pages]
    else:
        import pdfplumber

        with pdfplumber.open(packed) as document:
            pages = [page.extract_text() for page in document.pages]
    numbered = [re.sub(rf"^{n}\n", "", page) for n, page in enumerate(pages, 1)]
    read = " ".join(" ".join(numbered).split())
    assert unicodedata.is_normalized("NFC", read)
    assert read == " ".join(" ".join(text.lines).split())


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_the_portal_holds_the_source_text(name: str) -> None:
    document = portal.Document("/congthu/van-ban/x.html", "x", (("Số hiệu", "1"),), name)
    page = html.fromstring(render.document_page(document, "http://127.0.0.1"))
    (content,) = page.cssselect("div#toanvancontent.toanvancontent")
    assert tuple(p.text_content() for p in content.iter("p")) == legal_text(name).lines
