"""Real texts come out with the right articles in order and nothing lost."""

from collections.abc import Callable

import pytest
from trees import assert_lawful, find, main_articles, walk

from monitor.legal.model import LegalText

Corpus = Callable[[str], LegalText]
_INTERNET = "vn-internet/"
_COUNTS = {
    "147-2024-nd-cp.txt": 84,
    "13-2023-nd-cp.phapdien.txt": 44,
    "13-2023-nd-cp.gazette.md": 44,
    "24-2018-qh14.phapdien.txt": 43,
    "24-2018-qh14.gazette.md": 43,
    "tvpl_Luat-an-ninh-mang-2018-351416.txt": 43,
    "tvpl_Luat-an-ninh-mang-2018-351416.html": 43,
    "41-2009-qh12.vbpl.txt": 63,
    "tvpl_Luat-Vien-thong-24-2023-QH15-535782.txt": 73,
    "tvpl_Luat-Vien-thong-24-2023-QH15-535782.html": 73,
    "91-2025-qh15.gazette.md": 39,
    "90-2008-nd-cp.vbpl.txt": 46,
    "77-2012-nd-cp.vbpl.txt": 2,
    "97-2008-nd-cp.vbpl.txt": 26,
    "20-2023-qh15.gazette.md": 53,
    "tvpl_Luat-Giao-dich-dien-tu-2023-20-2023-QH15-513347.txt": 53,
    "38-2016-tt-btttt.phapdien.txt": 8,
}


@pytest.mark.parametrize("name", sorted(_COUNTS))
def test_the_articles_of_a_real_text_come_out_in_order_and_complete(
    corpus_text: Corpus, name: str
) -> None:
    text = corpus_text(_INTERNET + name)
    assert main_articles(text) == [str(n) for n in range(1, _COUNTS[name] + 1)]
    assert_lawful(text)


def test_every_article_heading_of_decree_147_is_accounted_for(corpus_text: Corpus) -> None:
    text = corpus_text("vn-internet/147-2024-nd-cp.txt")
    articles = [p for p in walk(text.provisions) if p.kind == "article"]
    assert len(articles) == 112
    assert sum("form_" in p.eid for p in articles) == 28
    forms = [p for p in walk(text.provisions) if "form_" in p.eid and p.kind == "appendix"]
    assert len(forms) == 66


def test_the_deadlines_of_decree_147_stay_with_their_point(corpus_text: Corpus) -> None:
    point = find(corpus_text("vn-internet/147-2024-nd-cp.txt"), "art_23__para_5__point_b")
    assert point.text.count("24 giờ") == 4
    assert point.text.count("\n") == 6
    assert "từ 07 ngày đến 30 ngày" in point.text


def test_inserted_articles_of_the_consolidated_decree_stand_in_their_places(
    corpus_text: Corpus,
) -> None:
    text = corpus_text("vn-internet/72-2013-nd-cp.phapdien.txt")
    articles = main_articles(text)
    inserted = ["12a", *(f"23{c}" for c in "abcdđeghi"), *(f"32{c}" for c in "abcdđeghik")]
    assert len(articles) == 77
    assert [n for n in articles if n in inserted] == inserted
    assert_lawful(text)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("thong-tu-so-21-2021-tt-bldtbxh-36486.txt", 16),
        ("thong-tu-so-02-2024-tt-bldtbxh-41394.txt", 4),
        ("thong-tu-so-08-2023-tt-bldtbxh-40176.txt", 5),
        ("van-ban-hop-nhat-so-2007-vbhn-bldtbxh-42065.txt", 16),
    ],
)
def test_gazette_pages_give_their_articles_without_page_furniture(
    corpus_text: Corpus, name: str, count: int
) -> None:
    text = corpus_text("vbhn-example/" + name)
    assert main_articles(text) == [str(n) for n in range(1, count + 1)]
    assert not any("CÔNG BÁO" in p.text or "CÔNG BÁO" in p.heading for p in walk(text.provisions))


def test_the_official_codification_reads_alike_as_page_and_as_text(corpus_text: Corpus) -> None:
    page = corpus_text("vn-internet/72-2013-nd-cp.phapdien.fragment.html")
    text = corpus_text("vn-internet/72-2013-nd-cp.phapdien.txt")
    assert [(p.eid, p.heading, p.text) for p in walk(page.provisions)] == [
        (p.eid, p.heading, p.text) for p in walk(text.provisions)
    ]


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [
        ("24-2018-qh14.phapdien.txt", "tvpl_Luat-an-ninh-mang-2018-351416.html", 2),
        ("24-2018-qh14.phapdien.txt", "24-2018-qh14.gazette.md", 20),
        ("13-2023-nd-cp.phapdien.txt", "13-2023-nd-cp.gazette.md", 20),
    ],
)
def test_one_law_from_two_sources_has_the_same_provisions(
    corpus_text: Corpus, one: str, other: str, most: int
) -> None:
    trees = [
        {
            p.eid: " ".join(f"{p.heading} {p.text}".split())
            for p in walk(corpus_text(_INTERNET + name).provisions)
            if p.eid.startswith("art_")
        }
        for name in (one, other)
    ]
    assert trees[0].keys() == trees[1].keys()
    # What is left are the sources' own typing errors and full stops.
    assert sum(text != trees[1][eid] for eid, text in trees[0].items()) <= most


def test_a_law_badly_recognised_from_images_keeps_all_its_articles(corpus_text: Corpus) -> None:
    text = corpus_text("vn-internet/116-2025-qh15.gazette.txt")
    assert sorted(map(int, main_articles(text))) == list(range(1, 46))
    assert_lawful(text)
    assert text.warnings
