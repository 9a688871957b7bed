"""Real saved pages, where they lie beside the checkout: titles, texts and dates as expected."""

import csv
import gzip
import json
import re
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from corpus_expectations import body_f1, expectations, same_quotes

from spiders.dates import HCM, date_from_url, parse_datetime
from spiders.extract import extract
from spiders.feeds import read_feed, read_listing
from spiders.issuers import issuer_named
from spiders.items import Article
from spiders.language import detect_language
from spiders.paging import next_page
from spiders.portal_families import portal_family
from spiders.portal_pages import read_portal_page
from spiders.problems import NoText

# page, address, when it says it was published
DATED = (
    ("bbc/2020-04_52241221.html", "https://www.bbc.com/news/a-52241221", "2020-04-10T16:58:15Z"),
    (
        "vietnamnet/2024-08_article_template_edited_title.html",
        "https://vietnamnet.vn/a-1.html",
        "2024-08-04T00:54:29Z",
    ),
    (
        "vnexpress/2015-11_article_goose.html",
        "https://vnexpress.net/a-1.html",
        "2014-05-02T01:54:00Z",
    ),
    (
        "vnexpress/2022-01_article_4420519.html",
        "https://vnexpress.net/a-1.html",
        "2022-01-24T23:00:00Z",
    ),
    (
        "vnexpress/2023-11_article_4672302.html",
        "https://vnexpress.net/a-1.html",
        "2023-11-02T12:20:45Z",
    ),
    ("techcrunch/2023-05_schema_graph.html", "https://techcrunch.com/a/", "2023-05-05T23:00:57Z"),
    ("reuters/2019-11_idUSKBN1XT00W.html.gz", "https://www.reuters.com/a", "2019-11-19T21:57:01Z"),
    ("reuters/2014-12_india.html", "https://in.reuters.com/a", "2014-12-30T11:03:00Z"),
    ("reuters/2020-01_idUSKBN1ZI0EH.html", "https://www.reuters.com/a", "2020-01-19T12:25:36Z"),
)
# page, number, type, issuer, signer, issued on, articles
LEGAL = (
    (
        "thuvienphapluat/Luat-Bao-chi-2016-280645.html",
        "103/2016/QH13",
        "Luật",
        "Quốc hội",
        "Nguyễn Thị Kim Ngân",
        date(2016, 4, 5),
        61,
    ),
    (
        "thuvienphapluat/Luat-Giao-dich-dien-tu-2023-513347.html",
        "20/2023/QH15",
        "Luật",
        "Quốc hội",
        "Vương Đình Huệ",
        date(2023, 6, 22),
        53,
    ),
    (
        "thuvienphapluat/cybersecurity-law-2018.html",
        "24/2018/QH14",
        "Luật",
        "Quốc hội",
        "Nguyễn Thị Kim Ngân",
        date(2018, 6, 12),
        43,
    ),
    (
        "thuvienphapluat/information-technology-law-2006.html",
        "67/2006/QH11",
        "Luật",
        "Quốc hội",
        "Nguyễn Phú Trọng",
        date(2006, 6, 29),
        79,
    ),
    (
        "luatvietnam/nghi-dinh-147-2026-nd-cp.html",
        "147/2026/NĐ-CP",
        "Nghị định",
        "Chính phủ",
        "Nguyễn Văn Thắng",
        date(2026, 5, 7),
        14,
    ),
    (
        "luatvietnam/thong-tu-108-2026-tt-btc.html",
        "108/2026/TT-BTC",
        "Thông tư",
        "Bộ Tài chính",
        "Tạ Anh Tuấn",
        date(2026, 7, 24),
        18,
    ),
)


def saved(corpus: Path, name: str) -> bytes:
    body = (corpus / "news" / "html" / name).read_bytes()
    return gzip.decompress(body) if name.endswith(".gz") else body


def read(corpus: Path, name: str) -> Article:
    body = saved(corpus, name)
    own = re.search(rb'<link[^>]*rel="canonical"[^>]*href="([^"]+)', body)
    return extract(body, own[1].decode() if own else "https://unknown.example/a")


def test_real_articles_match_their_expectations(corpus: Path) -> None:
    scores = {}
    for name, due in expectations(corpus):
        article = read(corpus, name)
        scores[name] = body_f1(article.text, due)
        print(f"{name:45} F1 {scores[name]:.4f} {article.method} {article.byline}")
        assert same_quotes(article.title) == same_quotes(due["title"])
        assert article.published_at == parse_datetime(due["publishing_date"])
        assert set(due["authors"]) <= set(article.byline)
        assert article.method.startswith("selectors:")

    assert min(scores.values()) >= 0.97
    assert sum(scores.values()) / len(scores) >= 0.99


@pytest.mark.parametrize(("name", "url", "moment"), DATED)
def test_real_pages_without_expectation_are_dated_as_they_say(
    corpus: Path, name: str, url: str, moment: str
) -> None:
    article = extract(saved(corpus, name), url)

    assert article.published_at == datetime.fromisoformat(moment)
    assert len(article.text) > 800
    assert article.language == ("vi" if "vn" in url else "en")


def test_real_pages_of_older_layouts_are_read_by_the_layout_of_their_day(corpus: Path) -> None:
    for name, _, _ in DATED:
        article = read(corpus, name)
        assert article.method.startswith("selectors:"), name
        assert not {"selectors-missed", "fallback"} & {one.split(":")[0] for one in article.notes}


def test_a_document_saved_under_a_wrong_address_is_said_to_be_another(corpus: Path) -> None:
    folder = corpus / "news" / "html" / "thuvienphapluat"
    for path in sorted(folder.glob("WRONGDOC_*.html")):
        document = read_portal_page(
            path.read_bytes(),
            "https://thuvienphapluat.vn/van-ban/X/Luat-Vien-thong-2009-98328.aspx",
        )
        assert any(one.startswith("canonical:") for one in document.notes), path.name


def test_a_real_list_goes_on_and_real_issuers_are_known(corpus: Path) -> None:
    url = "https://luatvietnam.vn/van-ban/tim-van-ban.html?PageIndex=1"
    family = portal_family("", url, None)

    assert next_page(url, family.paging) == url.replace("=1", "=2")
    path = corpus / "legal" / "relations" / "ilawee_vbpl_documents.tsv"
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    known = sum(issuer_named(row["issuer"]) is not None for row in rows)
    print(f"{known} of {len(rows)} documents name an issuer that is known")
    assert known >= len(rows) * 0.95


def test_a_front_page_is_no_article(corpus: Path) -> None:
    with pytest.raises(NoText):
        extract(saved(corpus, "2021-03_home.html"), "https://dantri.com.vn/")


@pytest.mark.parametrize(
    ("name", "number", "kind", "issuer", "signer", "issued", "articles"), LEGAL
)
def test_real_portal_pages_give_fields_and_every_article(
    corpus: Path,
    name: str,
    number: str,
    kind: str,
    issuer: str,
    signer: str,
    issued: date,
    articles: int,
) -> None:
    host = name.split("/")[0]

    document = read_portal_page(saved(corpus, name), f"https://{host}.vn/a/b-1.html")

    assert (document.number, document.type, document.issuer) == (number, kind, issuer)
    assert (document.signer, document.issued_on, document.stage) == (signer, issued, "enacted")
    assert document.effective_on is None
    assert document.status == ""
    headings = re.findall(r"(?m)^Điều (\d+)\b", document.text)
    assert [int(one) for one in headings] == list(range(1, articles + 1))
    assert "TVPL" not in document.text


def test_the_texts_of_one_law_on_two_saved_pages_are_equal(corpus: Path) -> None:
    first = read_portal_page(
        saved(corpus, "thuvienphapluat/cybersecurity-law-2018.html"), "https://thuvienphapluat.vn/a"
    )
    path = corpus / "legal/vn-internet/tvpl_Luat-an-ninh-mang-2018-351416.html"
    second = read_portal_page(path.read_bytes(), "https://thuvienphapluat.vn/a")

    assert first.text == second.text


def test_a_real_list_of_documents_gives_each_of_them(corpus: Path) -> None:
    entries = read_listing(
        saved(corpus, "luatvietnam/list_tra-cuu.html"),
        "https://luatvietnam.vn/van-ban/tim-van-ban.html",
        link_pattern=r"luatvietnam\.vn/[\w-]+/[\w-]+-\d+-d1\.html",
    )

    assert len(entries) >= 97
    assert entries[0].title.startswith("Nghị định 147/2026/NĐ-CP")
    assert all(entry.title for entry in entries)


def test_list_pages_of_portals_are_no_documents(corpus: Path) -> None:
    for name in ("luatvietnam/list_tra-cuu.html", "thuvienphapluat/list_42248_danh-muc-luat.html"):
        with pytest.raises(NoText):
            read_portal_page(saved(corpus, name), f"https://{name.split('/')[0]}.vn/a")


def test_a_real_feed_is_read(corpus: Path) -> None:
    script = saved(corpus, "vnexpress/2017-07_rss_tin-moi-nhat.xml.js").decode()
    body = script[script.index("<rss") : script.index("</rss>") + len("</rss>")]

    entries = read_feed(body.encode(), "http://vnexpress.net/rss/tin-moi-nhat.rss")

    assert len(entries) > 10
    assert all(entry.title and entry.published_at for entry in entries)
    assert not any("<" in entry.summary or "&amp;" in entry.title for entry in entries)


def test_the_dates_in_real_addresses_stand_before_they_were_first_seen(corpus: Path) -> None:
    late, read_, total = 0, 0, 0
    with gzip.open(corpus / "news/feed_items.tsv.gz", "rt", encoding="utf-8") as stream:
        for row in islice(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE), 15_000):
            if not row["link"].startswith(("https://tuoitre.vn/", "https://thanhnien.vn/")):
                continue
            total += 1
            moment = date_from_url(row["link"])
            if moment is None:
                continue
            read_ += 1
            seen = datetime.fromisoformat(row["first_fetched"]).replace(tzinfo=HCM)
            late += not moment < seen + timedelta(hours=12)

    print(f"{read_} of {total} addresses carry a date, {late} of them later than first seen")
    assert read_ >= total * 0.99
    assert late <= read_ * 0.001


def test_real_vietnamese_articles_are_vietnamese(corpus: Path) -> None:
    path = corpus / "news/articles_tuoitre_vnexpress_2025.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in islice(stream, 300)]

    assert {detect_language(row["content"]) for row in rows if len(row["content"]) > 100} == {"vi"}
