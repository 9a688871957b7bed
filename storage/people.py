"""People and what they may: names, roles, passwords, and when they last looked."""

import re
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.models_people import ApiToken, LoginSession, Look, Person
from storage.problems import Problem
from storage.roles import LOCAL, ROLES, Role

PAUSE = timedelta(minutes=30)
"""Who looks again after longer than this has begun a new look."""
NAME_LENGTH = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")


class PersonUnclear(Problem):
    """A name that is none, is taken, or is not known."""

    kind: ClassVar[str] = "person-unclear"


class People:
    """People within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, name: str, role: Role, at: datetime, *, password_hash: str = "") -> Person:
        """Let somebody in; raises PersonUnclear when the name is taken or none."""
        name = named(name)
        if self.get(name) is not None:
            raise PersonUnclear(
                f"{name} is there already; `decreewatch users list` shows everybody"
            )
        person = Person(name=name, role=_role(role), password_hash=password_hash, made_at=at)
        self._session.add(person)
        self._session.flush()
        return person

    def get(self, name: str) -> Person | None:
        """The person of this name, which is given as it is kept: in small letters."""
        return self._session.scalar(select(Person).where(Person.name == name))

    def known(self, name: str) -> Person:
        """The person of this name; raises PersonUnclear when there is none."""
        person = self.get(name.strip().lower())
        if person is None:
            raise PersonUnclear(f"nobody is called {name!r}; `decreewatch users list` shows all")
        return person

    def all(self) -> list[Person]:
        """Everybody, by name."""
        return list(self._session.scalars(select(Person).order_by(Person.name)))

    def change_role(self, name: str, role: Role) -> Person:
        """Give somebody another role, from their next request on."""
        person = self.known(name)
        person.role = _role(role)
        return person

    def change_password(self, name: str, password_hash: str) -> Person:
        """Give somebody another password; their logins end by `tx.logins.end_all`."""
        person = self.known(name)
        person.password_hash = password_hash
        return person

    def remove(self, name: str) -> None:
        """Let somebody in no more: their logins end, and their tokens are of no use."""
        person = self.known(name)
        self._session.execute(delete(LoginSession).where(LoginSession.person_id == person.id))
        self._session.execute(delete(ApiToken).where(ApiToken.owner == person.name))
        self._session.execute(delete(Look).where(Look.name == person.name))
        self._session.delete(person)
        self._session.flush()

    def look(self, name: str) -> Look | None:
        """When somebody last looked; None when they never did."""
        return self._session.get(Look, name)

    def note_look(self, name: str, at: datetime) -> Look:
        """Note that somebody looks now; after a pause, a new look begins where the last ended."""
        row = self.look(name)
        if row is None:
            row = Look(name=name, at=at, since=None)
            self._session.add(row)
        else:
            row.since, row.at = looked_before(row, at), max(at, row.at)
        self._session.flush()
        return row


def looked_before(row: Look, at: datetime) -> datetime | None:
    """The end of the look before the one that goes on, or begins, at `at`."""
    return row.at if at - row.at > PAUSE else row.since


def named(name: str) -> str:
    """A person's name as it is kept. Raises PersonUnclear when it is none."""
    found = name.strip().lower()
    if not _NAME.fullmatch(found):
        raise PersonUnclear(
            f"{name[:100]!r} is no name for a person here: use up to 100 of a-z 0-9 . _ @ + -, "
            "beginning with a letter or digit"
        )
    if found == LOCAL:
        raise PersonUnclear(f"{LOCAL} is the name of whoever needs no login; take another")
    return found


def _role(role: str) -> Role:
    for one in ROLES:
        if one == role:
            return one
    raise PersonUnclear(f"there is no role {role!r}; there are: {', '.join(ROLES)}")
