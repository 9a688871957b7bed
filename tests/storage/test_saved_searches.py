"""Searches with a name and an owner."""

from datetime import date

import pytest
from archives import NOON

from storage.search import Filters, QueryUnclear, Request
from storage.searches import SearchUnclear, request_of

ASKED = Request(
    'phà "Cồn Én"',
    Filters(topics=("telecom",), since=date(2031, 6, 1), edited=True, by="published"),
    "words",
)


def test_a_saved_search_is_asked_again_as_it_was(archive):
    with archive.transaction() as tx:
        tx.searches.save("  Bến   phà ", ASKED, "lan", NOON)
        tx.searches.save("đò", Request("đò"), "minh", NOON)
    with archive.reading() as tx:
        row = tx.searches.named("Bến phà")
        assert row is not None
        assert request_of(row) == ASKED
        assert (row.owner, row.made_at) == ("lan", NOON)
        assert [one.name for one in tx.searches.all()] == ["Bến phà", "đò"]
        assert [one.name for one in tx.searches.all("minh")] == ["đò"]


def test_its_owner_changes_it_and_nobody_else(archive):
    with archive.transaction() as tx:
        tx.searches.save("phà", ASKED, "lan", NOON)
        tx.searches.save("phà", Request("đò"), "lan", NOON)
        assert [one.query for one in tx.searches.all()] == ["đò"]
        with pytest.raises(SearchUnclear, match="of lan already"):
            tx.searches.save("phà", ASKED, "minh", NOON)
        tx.searches.remove(tx.searches.all()[0])
        assert tx.searches.all() == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_search_needs_a_name(archive, name):
    with archive.transaction() as tx, pytest.raises(SearchUnclear, match="1 to 100"):
        tx.searches.save(name, ASKED, "lan", NOON)


def test_what_cannot_be_read_is_not_saved(archive):
    with archive.transaction() as tx:
        with pytest.raises(QueryUnclear):
            tx.searches.save("phà", Request('"phà'), "lan", NOON)
        assert tx.searches.all() == []
