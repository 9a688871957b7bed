"""Whatever stands in an address, the server answers: no number or text in it makes it fail."""

from urllib.parse import quote

import pytest
from app_routes import changing, dependants, filled, reading
from desk import Desk
from doors import token_in

ODD = ("-1", str(2**63), "9" * 30, "\x00\u202e", "phà\n")
"""What a database, a number or a terminal may stumble over."""


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_no_address_makes_the_server_fail(desk: Desk, odd: str) -> None:
    browser = desk.browser()
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
    browser = desk.browser()
    headers = {"X-CSRF-Token": token_in(browser.get("/account"))}
    failed = []
    for method, path, _ in changing(desk.app):
        for odd in ODD if "{" in path else ():
            address = filled(path, quote(odd))
            if browser.request(method, address, headers=headers).status_code >= 500:
                failed.append(f"{method} {address}")
    assert failed == []
