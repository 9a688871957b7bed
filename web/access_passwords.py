"""Passwords held against what is kept, a few at once."""

from threading import BoundedSemaphore
from typing import ClassVar

from storage.credentials import hash_password, matches, outdated
from storage.models_people import Person
from storage.problems import Problem
from web.access_door import Door

AT_ONCE = 2
"""A comparison takes 64 MiB of memory and a core for a while: a flood of logins must not take
both from everybody else."""
PATIENCE_S = 5.0
_turns = BoundedSemaphore(AT_ONCE)


class Busy(Problem):
    """Too many passwords are being compared at once."""

    kind: ClassVar[str] = "logins-busy"


def proved(door: Door, name: str, password: str) -> Person | None:
    """The person of this name, when this is their password; None else.

    Takes as long for a name that nobody has. Raises Busy.
    """
    with door.archive.reading() as tx:
        person = tx.people.get(name)
    if not _turns.acquire(timeout=PATIENCE_S):
        raise Busy("too many people log in at once; try again in a moment")
    try:
        right = matches(person.password_hash if person else "", password)
        old = person is not None and right and outdated(person.password_hash)
        anew = hash_password(password) if old else ""
    finally:
        _turns.release()
    if person is None or not right:
        return None
    if anew:
        with door.archive.transaction() as tx:
            tx.people.change_password(person.name, anew)
    return person
