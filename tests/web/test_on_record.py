"""Who changed what: every route that changes something leaves an entry in the log of changes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_routes import changing
from desk import NOW, Desk
from doors import PASSWORD, log_in, token_in
from fastapi.testclient import TestClient
from route_uses import WAYS, WHO, let_in

from storage.credentials import hash_password


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path, quick_hashes: None
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(sqlite_file, folder)
    made = Desk(folder, auth="users")
    let_in(made)
    yield made
    made.close()


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
