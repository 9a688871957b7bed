"""What every page of one running server shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request

from alerts.names import Names
from config import Config
from storage.archive import Archive
from web.kept import Kept
from web.legal_texts import LegalTexts
from web.wording import Wording

if TYPE_CHECKING:
    from storage.search import Searcher


@dataclass(frozen=True, slots=True)
class Room:
    """The configuration, the archive, its search, the clock (aware UTC), the wording, and what
    was dear to make: legal texts read and compared, and how the archive was a moment ago."""

    config: Config
    archive: Archive
    searcher: "Searcher"
    now: Callable[[], datetime]
    wording: Wording
    names: Names
    legal_texts: LegalTexts = field(default_factory=LegalTexts.empty)
    counted: Kept[dict[str, Any]] = field(default_factory=lambda: Kept(1))


def room_of(request: Request) -> Room:
    """The room of the server that a request came to; a FastAPI dependency too."""
    room: Room = request.app.state.room
    return room
