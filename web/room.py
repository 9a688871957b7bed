"""What every page of one running server shares."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import Request

from alerts.names import Names
from config import Config
from storage.archive import Archive
from web.wording import Wording

if TYPE_CHECKING:
    from storage.search import Searcher


@dataclass(frozen=True, slots=True)
class Room:
    """The configuration, the archive, its search, the clock (aware UTC), and the wording."""

    config: Config
    archive: Archive
    searcher: "Searcher"
    now: Callable[[], datetime]
    wording: Wording
    names: Names


def room_of(request: Request) -> Room:
    """The room of the server that a request came to; a FastAPI dependency too."""
    room: Room = request.app.state.room
    return room
