"""What a round of crawling came to, as it is printed."""

from dataclasses import dataclass
from typing import Any

from spiders.turns import Wishes

NOTHING_LISTED = "nothing was listed by any feed, sitemap or listing"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source's round.

    `items` are the articles and documents that were read or found unchanged; `errors` hold
    url, kind and message; `notes` say what was left for the next round, and why; `wishes` are
    those of its servers, where the round came to its end.
    """

    id: str
    requests: int = 0
    items: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    errors: tuple[dict[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    wishes: Wishes | None = None

    def to_json(self) -> dict[str, Any]:
        """The report in its public form."""
        return {
            "id": self.id,
            "requests": self.requests,
            "items": self.items,
            "new": self.new,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "errors": [dict(error) for error in self.errors],
        }


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A round over several sources, in the order in which they were asked for."""

    sources: tuple[SourceReport, ...]

    def to_json(self) -> dict[str, Any]:
        """The report in its public form."""
        return {"sources": [source.to_json() for source in self.sources]}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source's round has come: `url` is being asked, after `requests` others."""

    source: str
    url: str
    requests: int
    items: int
