"""The table of saved searches."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId


class SavedSearch(Base):
    """A search that a person gave a name, by which pages, feeds and rules know it.

    `query` is in the query language; `mode` is hybrid, words or meaning; `filters` are those of
    `storage.search_request.Filters` that are set, days as ISO dates.
    """

    __tablename__ = "searches"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    owner: Mapped[str] = mapped_column(String(100), default="", index=True)
    query: Mapped[str] = mapped_column(default="")
    mode: Mapped[str] = mapped_column(String(20), default="hybrid")
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
