"""Saved searches: a search with a name and an owner."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, ClassVar, cast, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_searches import SavedSearch
from storage.problems import Problem
from storage.query_language import parse
from storage.search_request import Filters, Mode, Request

LONGEST_NAME = 100


class SearchUnclear(Problem):
    """A search that cannot be saved, or found, as it was asked."""

    kind: ClassVar[str] = "search-unclear"


class Searches:
    """Saved searches within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, name: str, request: Request, owner: str, at: datetime) -> SavedSearch:
        """Save a search under a name; its owner may save another under the same name.

        Raises SearchUnclear when the name is empty, too long or another's; QueryUnclear when the
        query cannot be read.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= LONGEST_NAME:
            raise SearchUnclear(f"a search needs a name of 1 to {LONGEST_NAME} characters")
        parse(request.query)
        row = self.named(name)
        if row is not None and row.owner != owner:
            raise SearchUnclear(
                f"there is a search {name!r} of {row.owner or 'nobody'} already; take another name"
            )
        if row is None:
            row = SavedSearch(name=name, owner=owner, made_at=at)
            self._session.add(row)
        row.query, row.mode, row.changed_at = request.query, request.mode, at
        row.filters = said(request.filters)
        self._session.flush()
        return row

    def named(self, name: str) -> SavedSearch | None:
        """The search with this name."""
        return self._session.scalar(select(SavedSearch).where(SavedSearch.name == name))

    def get(self, search_id: int) -> SavedSearch | None:
        """The search with this number."""
        return self._session.get(SavedSearch, search_id)

    def all(self, owner: str | None = None) -> list[SavedSearch]:
        """All searches, or those of one owner, by name."""
        query = select(SavedSearch).order_by(SavedSearch.name)
        if owner is not None:
            query = query.where(SavedSearch.owner == owner)
        return list(self._session.scalars(query))

    def remove(self, row: SavedSearch) -> None:
        """Forget a search."""
        self._session.delete(row)
        self._session.flush()


def request_of(row: SavedSearch) -> Request:
    """A saved search as it is asked."""
    mode = row.mode if row.mode in get_args(Mode) else "hybrid"
    return Request(query=row.query, filters=filters_of(row.filters), mode=cast(Mode, mode))


def said(filters: Filters) -> dict[str, Any]:
    """The filters that are set, as they are stored."""
    unset = asdict(Filters())
    return {
        name: value.isoformat() if isinstance(value, date) else
        list(value) if isinstance(value, tuple) else value
        for name, value in asdict(filters).items()
        if value != unset[name]
    }  # fmt: skip


def filters_of(stored: Mapping[str, Any]) -> Filters:
    """Stored filters; what this version does not know is left out."""
    found: dict[str, Any] = {}
    for field in fields(Filters):
        value = stored.get(field.name)
        if value is None:
            continue
        if field.name in ("since", "until"):
            value = date.fromisoformat(value)
        found[field.name] = tuple(value) if isinstance(value, list) else value
    return Filters(**found)
