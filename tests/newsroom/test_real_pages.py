"""Real saved pages, seeds and decrees, served on loopback and crawled like any other source."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Event as Signal
from typing import Any

import pytest
from corpus_expectations import body_f1, expectations, same_quotes
from playing import MODELS

from commands.rounds import Rounds, assemble
from commands.session import now
from config import load
from newsroom.server import Newsroom
from newsroom.shelf import Document, Shelf, saved_pages
from storage.archive import Archive
from storage.models import Revision

OUTLETS = ("apnews", "bbc", "reuters", "restofworld", "techcrunch", "vietnamnet", "vnexpress")
CONFIG = """
[storage]
path = {archive}
models = {models}

[politeness]
contact = "the tests"
delay = "0.01s"
allow_private = [{host}]

[[sources]]
id = "shelf"
name = "Saved pages"
kind = "independent"
language = "en"
homepage = "{url}/"
feeds = ["{url}/feed.xml"]

[[sources]]
id = "portal"
name = "Saved documents"
kind = "official"
language = "vi"
homepage = "{url}/portal/"
portal = true
listings = ["{url}/portal/"]
document_pattern = "/portal/document-"

{topics}

[[instruments]]
id = "internet-decree"
name = "Decree on internet services and online information"
number = "147/2024/NĐ-CP"
replaces = ["72/2013/NĐ-CP"]
"""
TOPICS = (
    "identity-verification", "livestream", "content-takedown", "data-localisation",
    "personal-data", "cybersecurity-law", "telecom", "platform-blocking", "online-games",
    "app-stores", "minors", "fake-news", "speech-prosecution",
)  # fmt: skip
TEXT_FLOOR = 0.97
"""Least F1 over the words of any one page; the mean must be higher."""
MEAN_TEXT_FLOOR = 0.99


@dataclass(frozen=True)
class Crawled:
    """The archive after one crawl of the shelf."""

    corpus: Path
    archive: Archive
    rounds: Rounds

    def revision(self, name: str) -> Revision:
        with self.archive.reading() as tx:
            found = [r for i, r in list(tx.items.every()) if i.url.endswith(name)]
        assert found, f"{name} was not gathered"
        return found[0]


@pytest.fixture(scope="module")
def crawled(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("real")
    html = corpus / "news" / "html"
    pages = saved_pages([*(html / outlet for outlet in OUTLETS), corpus / "seeds"])
    law = corpus / "legal" / "vn-internet"
    documents = [
        Document("72/2013/NĐ-CP", law / "72-2013-nd-cp.phapdien.txt"),
        Document("147/2024/NĐ-CP", law / "147-2024-nd-cp.txt"),
    ]
    with Newsroom(site=lambda url: Shelf(url, pages, documents)) as shelf:
        path = folder / "config.toml"
        path.write_text(
            CONFIG.format(
                archive=json.dumps(str(folder / "archive")),
                models=json.dumps(str(MODELS)),
                host=json.dumps(shelf.url.removeprefix("http://")),
                url=shelf.url,
                topics="\n".join(f'[[topics]]\nid = "{topic}"' for topic in TOPICS),
            ),
            encoding="utf-8",
        )
        config = load(path)
        archive = Archive.open(config.storage.path)
        rounds = assemble(config, archive)
        rounds.gather(Signal(), all_sources=True)
        for report in rounds.understand(now(), Signal()):
            assert not report.problem, report
            assert not report.failed, report
        yield Crawled(corpus, archive, rounds)
        archive.close()


def test_titles_texts_and_dates_match_what_is_expected_of_them(crawled: Crawled) -> None:
    scores = {}
    for name, due in expectations(crawled.corpus):
        revision = crawled.revision(name)
        assert same_quotes(revision.title) == same_quotes(due["title"])
        assert revision.published_at == datetime.fromisoformat(due["publishing_date"])
        scores[name] = body_f1(revision.text, due)
    assert min(scores.values()) >= TEXT_FLOOR, scores
    assert sum(scores.values()) / len(scores) >= MEAN_TEXT_FLOOR, scores


@pytest.mark.parametrize(
    ("seed", "topics"),
    [
        ("2021-livestream-draft.txt", {"livestream"}),
        (
            "2022-decree-53-fulcrum.txt",
            {"data-localisation", "cybersecurity-law", "content-takedown"},
        ),
        ("2023-05-compulsory-verification.txt", {"identity-verification"}),
        ("2023-05-registration-the-register.txt", {"identity-verification"}),
        ("2024-11-decree-147-identities.txt", {"identity-verification"}),
    ],
)
def test_the_seeds_get_sensible_topics(crawled: Crawled, seed: str, topics: set[str]) -> None:
    with crawled.archive.reading() as tx:
        found = [tag.topic for tag in tx.findings.tags(crawled.revision(seed).id)]
    assert topics & set(found[:3]), found


@pytest.mark.parametrize(
    ("seed", "kind", "number"),
    [
        ("2022-decree-53-fulcrum.txt", "decree", "53"),
        ("2022-decree-53-fulcrum.txt", "decree", "72"),
        ("2022-decree-53-fulcrum.txt", "law", None),
        ("2023-05-compulsory-verification.txt", "law", None),
    ],
)
def test_the_seeds_get_their_citations(
    crawled: Crawled, seed: str, kind: str, number: str | None
) -> None:
    with crawled.archive.reading() as tx:
        found = tx.findings.citations(crawled.revision(seed).id)
    assert any(c.type == kind and (number is None or c.number == number) for c in found), [
        (c.text, c.type, c.number) for c in found
    ]


def test_a_decree_that_is_only_named_by_its_day_is_cited_by_its_date(crawled: Crawled) -> None:
    with crawled.archive.reading() as tx:
        found = tx.findings.citations(crawled.revision("2024-11-decree-147-identities.txt").id)
    assert any(c.type == "decree" and c.date == date(2024, 11, 9) for c in found)


def test_the_enacted_decree_is_whole_and_compared_with_the_one_it_replaces(
    crawled: Crawled,
) -> None:
    with crawled.archive.reading() as tx:
        [compared] = tx.findings.comparisons("internet-decree")
        new = tx.items.revision(compared.new_revision_id)
    assert new is not None
    from monitor.legal import parse

    articles = [p for p in walk(parse(new.text).provisions) if p.kind == "article"]
    main = [a.num for a in articles if "__" not in a.eid]
    assert main == [str(number) for number in range(1, 85)]
    [point] = [p for p in walk(parse(new.text).provisions) if p.eid == "art_23__para_5__point_b"]
    whole = parse(new.text).text[point.start : point.end]
    assert whole.count("chậm nhất là 24 giờ") == 4
    assert "từ 07 ngày đến 30 ngày" in whole
    linked = {eid for link in compared.result["links"] for eid in link["new"]}
    assert {a.eid for a in articles if "__" not in a.eid} <= linked
    assert all(change["summary"] for change in compared.result["changes"])


def walk(provisions: Any) -> Iterator[Any]:
    for provision in provisions:
        yield provision
        yield from walk(provision.children)
