"""Whatever stands in an address, the server answers: no number or text in it makes it fail."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from app_routes import changing, dependants, filled, reading
from archives import Places
from desk import Desk
from doors import log_in, token_in
from fastapi.testclient import TestClient
from route_uses import WAYS, WHO, let_in

SLOW = pytest.mark.slow
CHOICES = ("verdict", "act", "span", "scopes", "days")

ODD = ("-1", str(2**63), "9" * 30, "\x00\u202e", "phà\n")
"""What a database, a number or a terminal may stumble over."""


@pytest.fixture(scope="module", params=["sqlite_file", pytest.param("postgresql", marks=SLOW)])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, quick_hashes: None
) -> Iterator[Desk]:
    """The pages over each kind of database: what one takes, the other may refuse."""
    kind = request.getfixturevalue(request.param)
    with Places(tmp_path_factory.mktemp("places"), kind) as places:
        made = Desk(places.root("archive"), places.url("archive"), auth="users")
        let_in(made)
        yield made
        made.close()


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_no_address_makes_the_server_fail(desk: Desk, odd: str) -> None:
    browser = known(desk)
    paths = {filled(path, quote(odd)) for path, _ in reading(desk.app) if "{" in path}
    paths |= {
        f"{filled(path)}?{field.alias}={quote(odd)}"
        for path, route in reading(desk.app)
        for one in dependants(route)
        for field in one.query_params
    }
    assert len(paths) > 60
    failed = [path for path in sorted(paths) if browser.get(path).status_code >= 500]
    assert failed == []


def test_no_address_that_changes_something_makes_the_server_fail(desk: Desk) -> None:
    browser = known(desk)
    headers = {"X-CSRF-Token": token_in(browser.get("/account"))}
    failed = []
    for method, path, _ in changing(desk.app):
        for odd in ODD if "{" in path else ():
            address = filled(path, quote(odd))
            if browser.request(method, address, headers=headers).status_code >= 500:
                failed.append(f"{method} {address}")
    assert failed == []


def test_no_text_in_a_form_makes_the_server_fail(desk: Desk) -> None:
    failed = []
    for route, use in WAYS.items():
        browser = desk.browser() if route == "POST /login" else known(desk)
        page = browser.get("/login" if route == "POST /login" else "/account")
        headers = {"X-CSRF-Token": token_in(page)}
        address, sent = use(desk)
        odd = {how: odd_texts(fields) for how, fields in sent.items()}
        if browser.request(route.split()[0], address, headers=headers, **odd).status_code >= 500:
            failed.append(route)
    assert failed == []


def known(desk: Desk) -> TestClient:
    """A browser of somebody who may do everything."""
    browser = desk.browser()
    assert log_in(browser, WHO).status_code == 303
    return browser


def odd_texts(said: Any) -> Any:
    """The same with something odd in every text, save where that is none of its choices."""
    if isinstance(said, dict):
        return {name: one if name in CHOICES else odd_texts(one) for name, one in said.items()}
    if isinstance(said, list):
        return [odd_texts(one) for one in said]
    return f"{said}\x00" if isinstance(said, str) else said
