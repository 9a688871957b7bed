"""Who changed what: every route that changes something leaves an entry in the log of changes."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from app_routes import changing
from desk import NOW, Desk
from doors import PASSWORD, QUICK, log_in, token_in
from fastapi.testclient import TestClient
from raised_alerts import raise_alerts

from storage import credentials
from storage.credentials import digest, hash_password, new_token
from storage.search_request import Request

WHO = "lan"
Sent = tuple[str, dict[str, Any]]
"""The address of a route with what its forms or programs send there."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "hasher", lambda: QUICK)
        folder = tmp_path_factory.mktemp("desk")
        (folder / "archive.db").write_bytes(sqlite_file.read_bytes())
        made = Desk(folder, auth="users")
        with made.archive.transaction() as tx:
            tx.people.add(WHO, "admin", NOW, password_hash=hash_password(PASSWORD))
        yield made
        made.close()


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


def test_every_route_that_changes_something_puts_on_record_who_did_it(desk: Desk) -> None:
    found = [f"{method} {path}" for method, path, _ in changing(desk.app)]
    assert sorted(found) == sorted(WAYS), "say how a new route is used"
    for route in found:
        browser = desk.browser()
        if route != "POST /login":
            assert log_in(browser, WHO).status_code == 303
        address, sent = WAYS[route](desk)
        before = len(desk.changes())
        answer = send(browser, route.split()[0], address, sent)
        assert answer.status_code < 400, f"{route}: {answer.status_code} {answer.text[:500]}"
        entries = desk.changes()
        assert len(entries) > before, f"{route} left no entry"
        assert entries[0][0] == WHO, f"{route}: {entries[0]}"


def test_only_those_who_run_the_archive_see_it_and_only_analysts_see_buttons(desk: Desk) -> None:
    with desk.archive.transaction() as tx:
        tx.people.add("minh", "reader", NOW, password_hash=hash_password(PASSWORD))
    admin, reader = desk.browser(), desk.browser()
    log_in(admin, WHO)
    log_in(reader, "minh")
    item = f"/items/{desk.items['live']}"
    for path in ("/audit", "/api/v1/audit"):
        assert (admin.get(path).status_code, reader.get(path).status_code) == (200, 403)
    for path in (item, "/alerts/1"):
        assert "<button" in admin.get(path).text.partition("<main")[2].partition("</main>")[0]
        assert "<button" not in reader.get(path).text.partition("<main")[2].partition("</main>")[0]


def send(browser: TestClient, method: str, address: str, sent: dict[str, Any]) -> Any:
    page = "/login" if address == "/login" else "/account"
    headers = {"X-CSRF-Token": token_in(browser.get(page))}
    return browser.request(method, address, headers=headers, **sent)


def test_the_log_of_changes_is_whole_afterwards(desk: Desk) -> None:
    with desk.archive.reading() as tx:
        assert tx.audit.broken() is None
        assert PASSWORD not in str([entry.detail for entry in tx.audit.recent()])
