"""Threads: the first message about a story or instrument on each channel."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage.models_telling import Thread


class Threads:
    """Threads within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def first(self, channel: str, thread: str) -> Thread | None:
        """The first message of a thread on a channel; None when there is none yet."""
        return self._session.get(Thread, (channel, thread))

    def begin(
        self, channel: str, thread: str, *, alert_id: int, answer: dict[str, Any], at: datetime
    ) -> None:
        """Remember the first message of a thread; a later one does not take its place."""
        if self.first(channel, thread) is None:
            row = Thread(channel=channel, thread=thread, alert_id=alert_id, answer=answer, at=at)
            self._session.add(row)
