"""What the API says of a search: the shapes of its answers."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from web.api.models import Answer


class SnippetPiece(Answer):
    """A piece of a text, and whether it is what was looked for."""

    text: str
    marked: bool


class Hit(Answer):
    """An item that was found."""

    item_id: int
    revision_id: int
    url: str
    title: str
    source: str
    kind: str
    side: str
    language: str
    published_at: datetime | None
    seen_at: datetime
    topics: tuple[str, ...]
    instruments: tuple[str, ...]
    snippet: list[SnippetPiece]
    score: float = Field(description="Comparable within one answer only.")
    story_id: int | None
    others: int = Field(description="How many more hits of its story were left out.")
    edited: bool
    removed: bool
    why: tuple[str, ...] = Field(description="How the score came about, a line each.")


class InstrumentFound(Answer):
    """The instrument that the query names."""

    instrument: str
    number: str
    name: str
    item_ids: tuple[int, ...]
    named_in: int


class Facet(Answer):
    """How many of the items found have a value."""

    value: str
    count: int


class Span(Answer):
    """How many of the items found fall into a day, week or month."""

    first_day: date
    count: int


class SearchAnswer(Answer):
    """A page of what a search found."""

    total: int = Field(description="How many items were found, before stories are collapsed.")
    took_ms: float
    hits: list[Hit]
    facets: dict[str, list[Facet]]
    interval: Literal["day", "week", "month"]
    histogram: list[Span] = Field(description="Spans without any item are left out.")
    next: str = Field(description="`page` of the next page, empty on the last.")
    instrument: InstrumentFound | None
    notes: tuple[str, ...]


class SavedSearch(Answer):
    """A search that was saved under a name."""

    id: int
    name: str
    owner: str
    query: str = Field(description="The parameters of the search, as in its address.")
    made_at: datetime
    changed_at: datetime


class SavedList(Answer):
    """The searches that were saved."""

    items: list[SavedSearch]
