"""Logins that hold. The archive knows a hash of each secret, never the secret itself."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from storage.models_people import LoginSession, Person

AGENT_LENGTH = 200
NOTED = timedelta(minutes=5)
"""More often than this the use of a login is not noted."""


class Logins:
    """Logins within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(
        self, person: Person, digest: str, at: datetime, *, lasts: timedelta, agent: str = ""
    ) -> LoginSession:
        """Begin a login known by the digest of its secret; forgets those that are over."""
        over = LoginSession.expires_at <= at
        self._session.execute(delete(LoginSession).where(over))
        row = LoginSession(
            digest=digest,
            person_id=person.id,
            made_at=at,
            used_at=at,
            expires_at=at + lasts,
            agent=agent[:AGENT_LENGTH],
        )
        self._session.add(row)
        self._session.flush()
        return row

    def find(
        self, digest: str, at: datetime, *, idle: timedelta
    ) -> tuple[LoginSession, Person] | None:
        """The login that holds at `at`, and whose it is; None once it ended or lay idle."""
        query = select(LoginSession, Person).join(Person).where(LoginSession.digest == digest)
        found = self._session.execute(query).first()
        if found is None:
            return None
        login, person = found
        holds = at < login.expires_at and at - login.used_at <= idle
        return (login, person) if holds else None

    def note_use(self, digest: str, at: datetime) -> None:
        """Note that a login is used."""
        row = self._session.get(LoginSession, digest)
        if row is not None:
            row.used_at = max(row.used_at, at)

    def of(self, person: Person) -> list[LoginSession]:
        """The logins of a person, the last used first."""
        query = select(LoginSession).where(LoginSession.person_id == person.id)
        return list(self._session.scalars(query.order_by(LoginSession.used_at.desc())))

    def end(self, digest: str) -> bool:
        """End a login; gives whether there was one."""
        done = self._session.execute(delete(LoginSession).where(LoginSession.digest == digest))
        return isinstance(done, CursorResult) and done.rowcount > 0

    def end_all(self, person: Person, *, but: str = "") -> int:
        """End the logins of a person, all but the one with this digest; gives how many."""
        theirs = [row for row in self.of(person) if row.digest != but]
        for row in theirs:
            self._session.delete(row)
        self._session.flush()
        return len(theirs)
