"""Pages of no publishing system we declare: the story, and nothing that surrounds it."""

import pytest

from benchmarks.extraction_pages import Expected, pages
from spiders.extract import extract

PAGES = pages()


@pytest.mark.parametrize("due", PAGES, ids=[one.name for one in PAGES])
def test_a_page_of_an_unknown_outlet_is_read_without_what_surrounds_the_story(
    due: Expected,
) -> None:
    article = extract(due.body, due.url)

    assert article.title == due.title
    assert article.text == due.texts[0]
    assert article.published_at == due.published
    assert article.byline == due.byline


def test_a_page_that_names_no_date_is_undated() -> None:
    undated = [extract(one.body, one.url) for one in PAGES if one.published is None]

    assert undated
    assert all(article.published_at is None for article in undated)
    assert all("undated" in article.notes for article in undated)
