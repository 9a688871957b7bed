"""How each route that changes something is used so that it does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk import NOW, Desk
from doors import PASSWORD
from raised_alerts import raise_alerts

from storage.credentials import digest, hash_password, new_token
from storage.search_request import Request

WHO = "lan"
Sent = tuple[str, dict[str, Any]]
"""The address of a route with what its forms or programs send there."""


def let_in(desk: Desk) -> None:
    """Let the one in who uses the routes."""
    with desk.archive.transaction() as tx:
        tx.people.add(WHO, "admin", NOW, password_hash=hash_password(PASSWORD))


def alert(desk: Desk) -> int:
    """An open alert."""
    raise_alerts(desk.archive, f"item:{desk.items['live']}", at=NOW)
    with desk.archive.reading() as tx:
        return tx.outbox.alerts(limit=1)[0].id


def silence(desk: Desk) -> int:
    """A silence that holds."""
    with desk.archive.transaction() as tx:
        return tx.silences.add(until=NOW + timedelta(days=1), by=WHO, at=NOW, rule="r").id


def token(desk: Desk) -> int:
    """A token that holds."""
    with desk.archive.transaction() as tx:
        return tx.tokens.add(WHO, "probe", ["read"], digest(new_token()), NOW).id


def search(desk: Desk) -> int:
    """A saved search."""
    with desk.archive.transaction() as tx:
        return tx.searches.save("Phà", Request("phà"), WHO, NOW).id


def form(**fields: Any) -> dict[str, Any]:
    return {"data": fields}


def body(**fields: Any) -> dict[str, Any]:
    return {"json": fields}


LABEL = {"verdict": "also", "topic": "minors"}
WAYS: dict[str, Callable[[Desk], Sent]] = {
    "POST /login": lambda _: ("/login", form(name=WHO, password=PASSWORD)),
    "POST /logout": lambda _: ("/logout", form()),
    "POST /account/tokens": lambda _: (
        "/account/tokens", form(label="news", scopes=["read"], days="30"),
    ),
    "POST /account/tokens/{number}/revoke": lambda desk: (
        f"/account/tokens/{token(desk)}/revoke", form(),
    ),
    "POST /account/password": lambda _: (
        "/account/password", form(current=PASSWORD, new=PASSWORD),
    ),
    "POST /account/logout-everywhere": lambda _: ("/account/logout-everywhere", form()),
    "POST /alerts/acts": lambda desk: ("/alerts/acts", form(act="resolve", alert=alert(desk))),
    "POST /alerts/{alert_id}/{act}": lambda desk: (f"/alerts/{alert(desk)}/acknowledge", form()),
    "POST /silences": lambda _: ("/silences", form(what="topic:minors", span="1d")),
    "POST /silences/{silence_id}/end": lambda desk: (f"/silences/{silence(desk)}/end", form()),
    "POST /items/{item_id}/labels": lambda desk: (
        f"/items/{desk.items['live']}/labels", form(**LABEL),
    ),
    "POST /saved": lambda _: ("/saved", form(name="Bến", search="/search?q=bến")),
    "POST /saved/{search_id}/forget": lambda desk: (f"/saved/{search(desk)}/forget", form()),
    "POST /api/v1/items/{item_id}/labels": lambda desk: (
        f"/api/v1/items/{desk.items['copy']}/labels", body(words=[LABEL]),
    ),
    "POST /api/v1/alerts/{alert_id}/ack": lambda desk: (f"/api/v1/alerts/{alert(desk)}/ack", {}),
    "POST /api/v1/alerts/{alert_id}/resolve": lambda desk: (
        f"/api/v1/alerts/{alert(desk)}/resolve", {},
    ),
    "POST /api/v1/silences": lambda _: ("/api/v1/silences", body(topic="minors", hours=2)),
    "DELETE /api/v1/silences/{silence_id}": lambda desk: (
        f"/api/v1/silences/{silence(desk)}", {},
    ),
    "POST /api/v1/saved": lambda _: ("/api/v1/saved", body(name="Đò", search="q=đò")),
    "DELETE /api/v1/saved/{search_id}": lambda desk: (f"/api/v1/saved/{search(desk)}", {}),
}  # fmt: skip
"""How each route is used so that it changes something. There is none that may leave no entry."""
