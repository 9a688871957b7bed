"""Pages that neither repeat nor skip a hit, whatever arrives between them."""

import base64
import json

import pytest
from archives import FEW, Places, emptied, observe, seen
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed_archives import index, tell

from storage.search import QueryUnclear, Request, open_searcher
from storage.search_paging import fingerprint

ARRIVALS = st.lists(
    st.tuples(st.sampled_from(["phà", "phà phà bến", "đò"]), st.booleans()), max_size=2
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory, sqlite_file):
    with Places(tmp_path_factory.mktemp("paging"), sqlite_file) as places:
        opened = places.open()
        yield opened
        opened.close()


def news(n: int, words: str):
    return seen(f"https://press.example/{n}", n, title=f"{words} {n}", text=f"{words}.")


@settings(FEW, max_examples=10)
@given(
    st.integers(1, 8),
    st.integers(1, 3),
    st.lists(ARRIVALS, max_size=2),
    st.sampled_from(["relevance", "newest"]),
    st.sampled_from(["phà", ""]),
)
def test_every_hit_of_the_first_moment_comes_once_while_items_arrive(
    archive, number, limit, arrivals, order, query
):
    emptied(archive)
    observe(archive, *(news(n, "phà" if n % 3 else "phà bến") for n in range(1, number + 1)))
    index(archive, rebuild=True)
    searcher = open_searcher(archive, None)
    whole = [
        hit.item_id
        for hit in searcher.search(Request(query, mode="words", limit=200, order=order)).hits
    ]
    shown: list[int] = []
    token, batches = "", iter(arrivals)
    last = number
    while True:
        found = searcher.search(Request(query, mode="words", limit=limit, order=order, page=token))
        shown += [hit.item_id for hit in found.hits]
        token = found.next
        if not token:
            break
        for words, edits in next(batches, []):
            last += 1
            observe(archive, news(1 if edits else last, f"{words} mới {last}"))
        index(archive)
    assert shown == whole
    assert sorted(whole) == list(range(1, number + 1))


def test_a_story_stands_on_one_page_only(archive):
    emptied(archive)
    observe(archive, *(news(n, "phà") for n in range(1, 9)))
    tell(archive, 1, 4, 7)
    tell(archive, 2, 8)
    index(archive, rebuild=True)
    searcher = open_searcher(archive, None)
    token, shown, others = "", [], 0
    while True:
        found = searcher.search(Request("phà", mode="words", limit=2, page=token))
        shown += [hit.story_id or -hit.item_id for hit in found.hits]
        others += sum(hit.others for hit in found.hits)
        token = found.next
        if not token:
            break
    assert len(shown) == len(set(shown)) == 5
    assert (others, found.total) == (3, 8)


def test_a_page_of_a_forgotten_order_leaves_out_what_came_since_and_says_so(archive):
    emptied(archive)
    observe(archive, *(news(n, "phà") for n in range(1, 6)))
    index(archive, rebuild=True)
    first = open_searcher(archive, None).search(Request("phà", mode="words", limit=2))
    observe(archive, *(news(n, "phà phà") for n in range(6, 9)))
    index(archive)
    later = open_searcher(archive, None)
    second = later.search(Request("phà", mode="words", limit=4, page=first.next))
    assert len(second.hits) == 3
    assert all(hit.item_id <= 5 for hit in second.hits)
    assert "made anew" in second.notes[0]


def test_a_token_that_is_none_or_of_another_search_is_refused(archive):
    emptied(archive)
    observe(archive, *(news(n, "phà") for n in range(1, 4)))
    index(archive, rebuild=True)
    searcher = open_searcher(archive, None)
    token = searcher.search(Request("phà", mode="words", limit=1)).next
    with pytest.raises(QueryUnclear, match="another search"):
        searcher.search(Request("bến", mode="words", limit=1, page=token))
    forged = json.dumps([fingerprint(Request("phà", mode="words")), "x", -4, 3]).encode()
    for bad in ("x", "🙂", "e30", base64.urlsafe_b64encode(forged).decode()):
        with pytest.raises(QueryUnclear, match="not the token"):
            searcher.search(Request("phà", mode="words", limit=1, page=bad))
