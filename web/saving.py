"""Searches saved and forgotten, from a page or the API."""

from storage.archive import Transaction
from storage.models_searches import SavedSearch
from storage.searches import SearchUnclear, request_of
from web.access import Visitor
from web.asking import Asked, asked_of, read_link
from web.room import Room


def save(room: Room, tx: Transaction, who: Visitor, name: str, link: str) -> SavedSearch:
    """Save the search of a permalink under a name, and note who did.

    Raises SearchUnclear for what cannot be read or a name that is another's; QueryUnclear.
    """
    said = read_link(link)
    if said.wrong:
        wrong, message = next(iter(said.wrong.items()))
        raise SearchUnclear(f"{wrong}: {message}")
    now = room.now()
    row = tx.searches.save(name, said.asked.request(), who.name, now)
    detail = {"name": row.name, "search": said.asked.link()}
    tx.audit.record(who.name, "search.saved", f"search:{row.id}", now, detail)
    return row


def forget(room: Room, tx: Transaction, who: Visitor, search_id: int) -> bool:
    """Forget a saved search; False when there is none with this number.

    Raises SearchUnclear when it is another's, and the visitor no admin.
    """
    row = tx.searches.get(search_id)
    if row is None:
        return False
    if row.owner != who.name and who.role != "admin":
        raise SearchUnclear(f"the search {row.name!r} is {row.owner or 'nobody'}'s")
    detail = {"name": row.name, "owner": row.owner, "search": asked_by(row).link()}
    tx.searches.remove(row)
    tx.audit.record(who.name, "search.forgotten", f"search:{search_id}", room.now(), detail)
    return True


def asked_by(row: SavedSearch) -> Asked:
    """What a saved search asks for."""
    return asked_of(request_of(row))
