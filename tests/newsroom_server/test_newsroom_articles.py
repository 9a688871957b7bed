import json
import re
import unicodedata
from collections import Counter

import pytest
from asking import ask
from lxml import html

from newsroom import truth
from newsroom.calendar import ZONE, date_of, days
from newsroom.outlets import OUTLETS, path_of
from newsroom.press import FOLDER, Article, articles
from newsroom.server import Newsroom

TOPICS = {
    "identity-verification",
    "livestream",
    "content-takedown",
    "data-localisation",
    "personal-data",
    "cybersecurity-law",
    "telecom",
    "platform-blocking",
    "online-games",
    "app-stores",
    "minors",
    "fake-news",
    "speech-prosecution",
}
BODY = {
    "tinsang": "div.detail-content.afcbc-body[data-role=content] > p:not(.link-inline-content), "
    "div.detail-content.afcbc-body[data-role=content] > h3",
    "nhipdo": "div.article__body.zce-content-body.cms-body[itemprop=articleBody] > p, "
    "div.article__body.zce-content-body.cms-body[itemprop=articleBody] > h2",
    "mekongherald": "div.story-text > *",
    "farwire": "div.entry-content > p, div.entry-content > h2",
}
SAPO = {
    "tinsang": "h2.detail-sapo[data-role=sapo]",
    "nhipdo": ".article__sapo.cms-desc",
    "mekongherald": "p.standfirst",
}


def language(article: Article) -> str:
    return next(outlet.language for outlet in OUTLETS if outlet.id == article.outlet)


def by_key(article: Article) -> str:
    return article.key


def test_there_are_about_sixty_articles_and_two_thirds_are_off_topic() -> None:
    on, off = truth.expected_topics(), truth.off_topic()
    assert 58 <= len(on) + len(off) <= 66
    assert 0.62 < len(off) / len(articles()) < 0.70
    assert len(truth.traps()) >= 8
    assert set(truth.traps()) <= set(off)


def test_each_day_brings_eight_to_ten_new_articles() -> None:
    for day in days():
        assert 8 <= sum(truth.new_articles(day).values()) <= 10


def test_every_topic_is_reported_in_both_languages() -> None:
    seen = {(topic, language(a)) for a in articles() for topic in a.topics}
    assert seen == {(topic, spoken) for topic in TOPICS for spoken in ("vi", "en")}


@pytest.mark.parametrize("article", articles(), ids=by_key)
def test_an_article_is_well_formed(article: Article) -> None:
    assert 120 <= len(article.text.split()) <= 450
    assert article.title
    assert len(article.sapo.split()) >= 10
    assert article.published.astimezone(ZONE).date() == date_of(article.day)
    assert set(article.topics) <= TOPICS
    for text in (article.title, article.sapo, article.text):
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"[<>\[\]=\x00-\x08]|  ", text)
    assert bool(re.search("[ăâđêôơưạảấầẩậắặẹếềệọốộợụứừữự]", article.text.lower())) == (
        language(article) == "vi" or "NĐ-CP" in article.text or "Cổng" in article.text
    )


def test_names_of_files_and_ids_in_addresses_are_unique() -> None:
    assert len(list(FOLDER.glob("*/*.md"))) == len(articles())
    assert max(Counter(a.number for a in articles()).values()) == 1
    assert max(Counter(path_of(a) for a in articles()).values()) == 1


def test_pages_carry_the_article_where_the_family_of_its_outlet_keeps_it(
    newsroom: Newsroom,
) -> None:
    for article in articles():
        newsroom.day = article.day
        page = html.fromstring(ask(newsroom.url, path_of(article)).body)
        assert article.title in [" ".join(h.text_content().split()) for h in page.cssselect("h1")]
        if article.outlet in BODY:
            found = [node.text_content() for node in page.cssselect(BODY[article.outlet])]
            whole = "\n\n".join(found).replace(f"{article.sapo}\n\n", "", 1)
            assert whole == article.text, article.key
        if article.outlet in SAPO:
            assert page.cssselect(SAPO[article.outlet])[0].text_content() == article.sapo


def test_linked_data_is_json_and_agrees_with_the_page(newsroom: Newsroom) -> None:
    for article in articles():
        if article.outlet not in ("tinsang", "mekongherald"):
            continue
        newsroom.day = article.day
        page = html.fromstring(ask(newsroom.url, path_of(article)).body)
        (script,) = page.xpath("//script[@type='application/ld+json']/text()")
        told = json.loads(script)
        assert told["@type"] == "NewsArticle"
        assert told["headline"] == article.title
        assert told["datePublished"].endswith("+07:00")


def test_trafilatura_reads_the_outlet_that_has_neither_family_nor_linked_data(
    newsroom: Newsroom,
) -> None:
    trafilatura = pytest.importorskip("trafilatura")
    for article in articles():
        if article.outlet != "songviet":
            continue
        newsroom.day = article.day
        read = trafilatura.extract(ask(newsroom.url, path_of(article)).text) or ""
        lines = [line for line in read.splitlines() if line not in article.byline]
        assert lines == [article.sapo, *article.text.split("\n\n")], article.key


def test_every_page_says_that_it_is_invented(newsroom: Newsroom) -> None:
    newsroom.day = 7
    for outlet in OUTLETS:
        assert re.search("hư cấu|tưởng tượng|invented", ask(newsroom.url, outlet.home).text)
    assert "hư cấu" in ask(newsroom.url, "/congthu/").text
