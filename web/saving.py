"""Searches saved and forgotten, from a page or the API."""

from fastapi import HTTPException

from storage.archive import Transaction
from storage.models_searches import SavedSearch
from storage.searches import request_of
from web.access import Visitor
from web.asking import Asked, asked_of, read_link
from web.room import Room


def save(room: Room, tx: Transaction, who: Visitor, name: str, link: str) -> SavedSearch:
    """Save the search of a permalink under a name, and note who did.

    Raises SearchUnclear for what cannot be read or a name that is another's; QueryUnclear.
    """
    asked, now = read_link(link).whole(), room.now()
    row = tx.searches.save(name, asked.request(), who.name, now)
    detail = {"name": row.name, "search": asked.link()}
    tx.audit.record(who.name, "search.saved", f"search:{row.id}", now, detail)
    return row


def forget(room: Room, who: Visitor, search_id: int) -> None:
    """Forget a saved search, and note who did.

    Raises HTTPException 404 when there is none with this number, 403 when it is another's and
    the visitor no admin.
    """
    with room.archive.transaction() as tx:
        row = tx.searches.get(search_id)
        if row is None:
            raise HTTPException(404, f"There is no saved search {search_id}.")
        if row.owner != who.name and who.role != "admin":
            raise HTTPException(403, f"The search {row.name!r} is {row.owner or 'nobody'}'s.")
        detail = {"name": row.name, "owner": row.owner, "search": asked_by(row).link()}
        tx.searches.remove(row)
        tx.audit.record(who.name, "search.forgotten", f"search:{search_id}", room.now(), detail)


def asked_by(row: SavedSearch) -> Asked:
    """What a saved search asks for."""
    return asked_of(request_of(row))
