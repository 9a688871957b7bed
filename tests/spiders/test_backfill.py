"""A first run that goes far back: what it gathers, in what order, and how it is taken up again."""

from datetime import UTC, datetime, timedelta

import pytest
from loopback import Answer, Loopback, configured, source

from config import Config
from spiders.rounds import crawl_round
from storage.archive import Archive

NOW = datetime(2031, 6, 2, 12, tzinfo=UTC)
MONTHS = (1, 2, 3, 4, 5)


def sitemap(entries: list[tuple[str, str]], root: str, entry: str) -> Answer:
    listed = "".join(
        f"<{entry}><loc>{url}</loc><lastmod>{at}</lastmod></{entry}>" for url, at in entries
    )
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Answer(f'<{root} xmlns="{namespace}">{listed}</{root}>'.encode())


@pytest.fixture
def years_of_news() -> Loopback:
    """A server with a sitemap for each month, of two articles each."""
    server = Loopback()
    maps = []
    for month in MONTHS:
        listed = []
        for day in (5, 20):
            path = f"/2031/{month:02}/{day:02}/bai.html"
            server.article(path, f"Bài ngày {day} tháng {month}")
            listed.append((server.url + path, f"2031-{month:02}-{day:02}"))
        server.pages[f"/maps/2031-{month}.xml"] = sitemap(listed, "urlset", "url")
        maps.append((f"{server.url}/maps/2031-{month}.xml", "2031-06-01"))
    server.pages["/sitemap.xml"] = sitemap(maps, "sitemapindex", "sitemap")
    return server


def of(server: Loopback, **politeness: object) -> Config:
    declared = source(server) | {"feeds": [], "sitemaps": [f"{server.url}/sitemap.xml"]}
    return configured([server], [declared], **politeness)


def known(archive: Archive) -> set[int]:
    with archive.reading() as tx:
        return {int(item.url.split("/")[4]) for item, _ in tx.items.every()}


def test_a_first_run_goes_a_month_back_and_one_that_is_told_to_further(
    archive: Archive, years_of_news: Loopback
) -> None:
    with years_of_news as server:
        config = of(server)
        crawl_round(config, archive, now=NOW, all_sources=True)
        assert known(archive) == {5}
        crawl_round(config, archive, now=NOW, all_sources=True, since=NOW - timedelta(days=110))
        assert known(archive) == {2, 3, 4, 5}


def test_a_long_first_run_is_taken_up_again_where_it_was_left_the_newest_first(
    archive: Archive, years_of_news: Loopback
) -> None:
    since = NOW - timedelta(days=200)
    with years_of_news as server:
        config = of(server, max_pages=4)
        crawl_round(config, archive, now=NOW, all_sources=True, since=since)
        assert known(archive) == {4, 5}
        for hours in (1, 2):
            crawl_round(config, archive, now=NOW + timedelta(hours=hours), all_sources=True)
        assert known(archive) == set(MONTHS)


def test_what_is_gathered_from_long_ago_is_no_news(
    archive: Archive, years_of_news: Loopback
) -> None:
    with years_of_news as server:
        since = NOW - timedelta(days=200)
        crawl_round(of(server), archive, now=NOW, all_sources=True, since=since)
    with archive.reading() as tx:
        said = tx.events.since(None, ["item.appeared"])
        months = {
            item.url.split("/")[4]: bool(event.data.get("backfill"))
            for event in said
            if (item := tx.items.get(int(event.subject.removeprefix("item:")))) is not None
        }
    assert months == {"01": True, "02": True, "03": True, "04": True, "05": False}
