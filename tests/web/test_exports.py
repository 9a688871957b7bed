"""Any search as a feed and as a file."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from desk import FORMULA, HERE, HOSTILE_TEXT, NOW, Desk
from lxml import etree

from storage.archive import Archive
from storage.importing import import_file

ATOM = "{http://www.w3.org/2005/Atom}"


def got(desk: Desk, path: str, status: int = 200) -> Any:
    answer = desk.browser().get(path)
    assert answer.status_code == status, answer.text
    return answer


def test_the_feed_of_a_search_is_atom_with_the_newest_first(desk: Desk) -> None:
    answer = got(desk, "/feeds/search.atom?side=state&collapse=0")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    links = [entry.link for entry in feed.entries]
    assert links[0] == f"{HERE}/items/{desk.items['law']}"
    assert f"{HERE}/items/{desk.items['copy']}" not in links
    assert len({entry.id for entry in feed.entries}) == len(links)
    assert feed.feed.links[0]["href"] == f"{HERE}/feeds/search.atom?side=state&collapse=0"
    (live,) = (one for one in feed.entries if one.link.endswith(f"/{desk.items['live']}"))
    assert [tag.term for tag in live.tags] == ["livestream"]
    assert live.author == "Press"


def test_a_feed_that_did_not_change_is_not_sent_again(desk: Desk) -> None:
    path = "/feeds/search.atom?q=LinhChi"
    tag = got(desk, path).headers["etag"]
    assert desk.browser().get(path, headers={"If-None-Match": tag}).status_code == 304
    assert desk.browser().get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_hostile_article_leaves_the_feed_whole_and_harmless(desk: Desk) -> None:
    answer = got(desk, "/feeds/search.atom?q=onerror")
    feed = etree.fromstring(answer.content)
    (entry,) = feed.findall(f"{ATOM}entry")
    title = entry.findtext(f"{ATOM}title")
    assert title.startswith("<script>") and len(title) <= 500
    assert {one.tag for one in feed.iter()} <= {
        f"{ATOM}{name}"
        for name in (
            "feed", "id", "title", "updated", "author", "name", "generator", "link", "entry",
            "published", "category", "summary",
        )
    }  # fmt: skip
    assert not set(answer.text) & set("\x1b\x9b\u202e\u2066\u2069\x07")


@pytest.mark.parametrize("path", ["/feeds/search.atom", "/export.csv", "/export.jsonl"])
@pytest.mark.parametrize("query", ["q=%22pha", "since=tomorrow", "mode=magic"])
def test_what_cannot_be_searched_is_a_problem_for_programs(
    desk: Desk, path: str, query: str
) -> None:
    answer = got(desk, f"{path}?{query}", 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_what_is_exported_can_be_imported_again_with_its_history(
    desk: Desk, tmp_path: Path
) -> None:
    answer = got(desk, "/export.jsonl?kind=article")
    assert "attachment" in answer.headers["content-disposition"]
    file = tmp_path / "all.jsonl"
    file.write_bytes(answer.content)
    other = Archive.open(tmp_path / "other")
    report = import_file(other, file, NOW)
    assert (report.new, report.revised, report.errors) == (7, 1, [])
    with desk.archive.reading() as here, other.reading() as there:
        texts = {
            item.url: [one.text for one in here.items.revisions(item.id)]
            for item, _ in here.items.every()
            if item.kind == "article"
        }
        assert texts == {
            item.url: [one.text for one in there.items.revisions(item.id)]
            for item, _ in there.items.every()
        }
    other.close()


def test_every_line_of_an_export_is_one_document_that_steers_no_terminal(desk: Desk) -> None:
    text = got(desk, "/export.jsonl?q=onerror").text
    assert not {c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0}
    (row,) = (json.loads(line) for line in text.splitlines())
    assert row["text"] == HOSTILE_TEXT


def test_only_what_is_found_is_exported_and_every_telling_of_it(desk: Desk) -> None:
    rows = [json.loads(line) for line in got(desk, "/export.jsonl?q=LinhChi").text.splitlines()]
    assert {row["source"] for row in rows} == {"press", "baomoi"}
    assert got(desk, "/export.jsonl?q=xyzzyplugh").content == b""


def test_a_spreadsheet_takes_no_cell_for_a_formula(desk: Desk) -> None:
    answer = got(desk, "/export.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == 10
    assert f"'{FORMULA}" in [row["title"] for row in rows]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]


def test_an_export_longer_than_a_page_of_the_search_is_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.exports.MOST_HITS", 3)
    urls = [json.loads(line)["url"] for line in got(desk, "/export.jsonl").text.splitlines()]
    assert len(set(urls)) == 8
