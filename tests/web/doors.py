"""The pages behind their door, and browsers that come to it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from config import Config
from config_web import Web
from storage.archive import Archive
from storage.credentials import hash_password
from web.app import create_app

HERE = "http://127.0.0.1:8420"
START = datetime(2031, 6, 2, 5, tzinfo=UTC)
PASSWORD = "bến phà mở lại sáng nay"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Makes hashes with the least parameters: how slow they are is the matter of other tests."""
SOURCE = {
    "id": "tin-moi",
    "name": "Tin Mới",
    "kind": "state",
    "language": "vi",
    "homepage": "https://tinmoi.example/",
    "feeds": ["https://tinmoi.example/rss"],
}


class Clock:
    """The time of a test; `pass_by` lets some of it pass."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


class House:
    """An archive, its pages, and the people who may see them."""

    def __init__(self, archive: Archive, **web: Any) -> None:
        self.clock = Clock()
        self.archive = archive
        self.config = Config.model_validate(
            {
                "politeness": {"contact": "desk@example.org"},
                "sources": [SOURCE],
                "web": Web(**web),
            }
        )
        self.app: FastAPI = create_app(self.config, self.archive, NO_SEARCH, now=self.clock)

    def let_in(self, *people: str) -> None:
        """Let people in, each under the name of their role, unless it says `name:role`."""
        with self.archive.transaction() as tx:
            for one in people:
                name, _, role = one.partition(":")
                tx.people.add(name, role or name, START, password_hash=hash_password(PASSWORD))

    def browser(self, base: str = HERE, peer: str = "127.0.0.1", **headers: str) -> TestClient:
        """A browser with cookies of its own, which follows no redirection by itself."""
        return TestClient(
            self.app,
            base_url=base,
            headers=headers,
            client=(peer, 50000),
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    def logged_in(self, name: str, base: str = HERE, **headers: str) -> TestClient:
        """A browser in which somebody has logged in."""
        browser = self.browser(base, **headers)
        answer = log_in(browser, name)
        assert answer.status_code == 303, answer.text
        return browser

    def changes(self) -> list[tuple[str, str, str]]:
        """Who did what to what, oldest first."""
        with self.archive.reading() as tx:
            return [(one.by, one.action, one.subject) for one in reversed(tx.audit.recent())]


NO_SEARCH: Any = None
"""The searcher of pages that search nothing."""


def token_in(answer: Response) -> str:
    """The token against forged requests in a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', answer.text)
    assert found is not None, answer.text
    return found[1]


def log_in(browser: TestClient, name: str, password: str = PASSWORD, **fields: str) -> Response:
    """Fill in the form of the login."""
    token = token_in(browser.get("/login"))
    form = {"name": name, "password": password, "csrf_token": token, **fields}
    return browser.post("/login", data=form)


def send(browser: TestClient, path: str, page: str = "/account", **fields: Any) -> Response:
    """Send a form with the token that another page gave."""
    return browser.post(path, data={"csrf_token": token_in(browser.get(page)), **fields})
