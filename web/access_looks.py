"""When a visitor last looked, for what is new since."""

from datetime import datetime, timedelta

from fastapi import Request

from storage.people import looked_before
from web.access import visitor
from web.access_door import door_of

NOTED = timedelta(minutes=5)
"""More often than this a look is not noted, so that a page loaded again writes nothing."""


def last_look(request: Request) -> datetime | None:
    """Until when this visitor looked the last time; None when they never did.

    A look goes on while its pages are less than half an hour apart, so loading a page again does
    not make what it showed old. What a program asks for with a token is no look.
    """
    door, who = door_of(request), visitor(request)
    at = door.now()
    with door.archive.reading() as tx:
        row = tx.people.look(who.name)
    if who.token:
        return looked_before(row, at) if row is not None else None
    if row is None or at - row.at >= NOTED:
        with door.archive.transaction() as tx:
            row = tx.people.note_look(who.name, at)
        return row.since
    return row.since
