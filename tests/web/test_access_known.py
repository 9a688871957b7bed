"""Who somebody is, by a token or by the word of a proxy, and what they may then."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated

import pytest
from doors import START, House, send
from fastapi import Depends
from hypothesis import given
from hypothesis import strategies as st

from storage.credentials import digest, new_token
from web.access import Visitor, may, require, visitor
from web.access_door import comes_from
from web.access_throttle import Throttle

Build = Callable[..., House]


def with_routes(house: House) -> House:
    """The pages, with routes beside them that ask for roles and scopes."""

    @house.app.get("/who")
    @house.app.get("/feeds/who")
    def who(known: Annotated[Visitor, Depends(visitor)]) -> dict[str, object]:
        return {"name": known.name, "role": known.role, "scopes": sorted(known.scopes)}

    @house.app.post("/api/label", dependencies=[Depends(require("analyst"))])
    @house.app.post("/api/ack", dependencies=[Depends(require("analyst", "alerts"))])
    @house.app.post("/api/rule", dependencies=[Depends(require("admin"))])
    def change() -> dict[str, bool]:
        return {"done": True}

    return house


def token_of(house: House, owner: str, *scopes: str, days: int = 30) -> str:
    token = new_token()
    with house.archive.transaction() as tx:
        number = len(tx.tokens.of(owner))
        lasts = timedelta(days=days)
        tx.tokens.add(owner, f"t{number}", scopes, digest(token), house.clock(), lasts=lasts)
    return token


def asked(house: House, token: str, path: str = "/who", method: str = "GET") -> int:
    told = {"authorization": f"Bearer {token}"}
    return house.browser().request(method, path, headers=told).status_code


def test_a_token_may_what_its_scopes_say_and_its_owner_may(house: House) -> None:
    with_routes(house)
    everything = ("read", "label", "alerts", "admin")
    expected = {
        ("admin", everything): (200, 200, 200, 200),
        ("analyst", everything): (200, 200, 200, 403),
        ("reader", everything): (200, 403, 403, 403),
        ("admin", ("read",)): (200, 403, 403, 403),
        ("analyst", ("label",)): (403, 200, 403, 403),
        ("analyst", ("alerts",)): (403, 403, 200, 403),
    }
    routes = (("/who", "GET"), ("/api/label", "POST"), ("/api/ack", "POST"), ("/api/rule", "POST"))
    for (owner, scopes), statuses in expected.items():
        token = token_of(house, owner, *scopes)
        assert tuple(asked(house, token, *route) for route in routes) == statuses


def test_a_token_is_shown_once_and_works_until_it_is_revoked(house: House) -> None:
    with_routes(house)
    browser = house.logged_in("analyst")
    made = send(browser, "/account/tokens", label="news desk", scopes=["read", "label"], days="30")
    (token,) = re.findall(r"dw_[A-Za-z0-9_-]{43}", made.text)
    assert token not in browser.get("/account").text
    assert asked(house, token) == 200
    assert send(browser, "/account/tokens/1/revoke").status_code == 303
    assert asked(house, token) == 401


def test_nobody_gets_a_token_that_may_more_than_they(house: House) -> None:
    browser = house.logged_in("reader")
    for scopes in (["admin"], ["read", "label"], ["nonsense"], []):
        answer = send(browser, "/account/tokens", label="x", scopes=scopes, days="30")
        assert answer.status_code == 422
    assert (
        send(browser, "/account/tokens", label="x", scopes=["read"], days="3650").status_code == 422
    )
    assert send(browser, "/account/tokens", label=" ", scopes=["read"]).status_code == 422


def test_nobody_revokes_the_token_of_another(house: House) -> None:
    with_routes(house)
    token = token_of(house, "admin", "read")
    assert send(house.logged_in("reader"), "/account/tokens/1/revoke").status_code == 404
    assert asked(house, token) == 200


def test_a_token_makes_no_tokens_and_changes_no_account(house: House) -> None:
    token = token_of(house, "admin", "read", "label", "alerts", "admin")
    for path in ("/account/tokens", "/account/password", "/account/logout-everywhere"):
        assert asked(house, token, path, "POST") == 403


def test_a_token_ends_on_its_day_and_with_its_owner(house: House) -> None:
    with_routes(house)
    short, long = token_of(house, "reader", "read", days=1), token_of(house, "reader", "read")
    house.clock.pass_by(days=1)
    assert (asked(house, short), asked(house, long)) == (401, 200)
    with house.archive.transaction() as tx:
        tx.people.remove("reader")
    assert asked(house, long) == 401


def test_a_header_that_names_nobody_is_refused_even_with_a_login(house: House) -> None:
    with_routes(house)
    browser = house.logged_in("reader")
    assert browser.get("/who").status_code == 200
    wrong = ("Bearer", "Bearer ", "Bearer dw_wrong", "Basic !!!", "Basic QQ==", "Digest x", b"\xc4")
    for header in wrong:
        assert browser.get("/who", headers={"authorization": header}).status_code == 401, header


def test_a_feed_reader_may_give_its_token_as_a_password_but_only_to_read_feeds(
    house: House,
) -> None:
    with_routes(house)
    token = token_of(house, "analyst", "read", "label")
    basic = "Basic " + base64.b64encode(f"anybody:{token}".encode()).decode()
    told = {"authorization": basic}
    assert house.browser().get("/feeds/who", headers=told).status_code == 200
    assert house.browser().get("/who", headers=told).status_code == 401
    assert house.browser().post("/api/label", headers=told).status_code == 401
    asks = house.browser().get("/feeds/who").headers.get_list("www-authenticate")
    assert any(one.startswith("Basic") for one in asks)


def test_where_nobody_must_be_known_a_token_still_binds_who_shows_it(build: Build) -> None:
    house = with_routes(build())
    assert house.browser().get("/who").json()["name"] == "local"
    token = token_of(house, "local", "read")
    assert asked(house, token) == 200
    assert asked(house, token, "/api/label", "POST") == 403
    assert asked(house, "dw_wrong") == 401


@pytest.fixture
def proxied(build: Build) -> House:
    house = with_routes(build(auth="proxy", proxies=["10.0.0.1"], hosts=["archive.example.org"]))
    house.let_in("lan:analyst")
    return house


def through(house: House, name: str | None, peer: str = "10.0.0.1") -> tuple[int, object]:
    told = {"x-remote-user": name} if name is not None else {}
    browser = house.browser("https://archive.example.org", peer=peer)
    answer = browser.get("/who", headers=told)
    return answer.status_code, answer.json()["role"] if answer.is_success else None


def test_a_proxy_says_who_somebody_is_and_here_it_is_known_what_they_may(proxied: House) -> None:
    assert through(proxied, "lan") == (200, "analyst")
    assert through(proxied, "LAN") == (200, "analyst")
    assert through(proxied, "mai@example.org") == (200, "reader")


def test_the_word_of_anybody_but_the_proxy_is_not_believed(proxied: House) -> None:
    assert through(proxied, "lan", peer="10.0.0.2") == (403, None)
    assert through(proxied, "lan", peer="127.0.0.1") == (403, None)
    assert through(proxied, None, peer="10.0.0.2") == (403, None)


def test_a_proxy_that_names_nobody_lets_nobody_in(proxied: House) -> None:
    for name in (None, "", " ", "local", "a b", "<script>", "x" * 200, "lan,mai"):
        assert through(proxied, name) == (403, None), name


def test_a_name_sent_twice_is_refused_whichever_of_them_is_the_proxys(proxied: House) -> None:
    browser = proxied.browser("https://archive.example.org", peer="10.0.0.1")
    twice = [("x-remote-user", "lan"), ("x-remote-user", "mai")]
    assert browser.get("/who", headers=twice).status_code == 403


def test_a_proxy_may_be_believed_only_for_those_who_are_listed(build: Build) -> None:
    house = with_routes(build(auth="proxy", proxies=["10.0.0.0/28"], proxy_role=""))
    house.let_in("lan:admin")
    browser = house.browser(peer="10.0.0.3")
    assert browser.get("/who", headers={"x-remote-user": "lan"}).json()["role"] == "admin"
    assert browser.get("/who", headers={"x-remote-user": "mai"}).status_code == 403


def test_behind_a_proxy_forms_are_bound_to_the_browser_too(proxied: House) -> None:
    browser = proxied.browser(
        "https://archive.example.org", peer="10.0.0.1", **{"x-remote-user": "lan"}
    )
    made = send(browser, "/account/tokens", label="news", scopes=["read"], days="30")
    assert made.status_code == 200
    assert browser.post("/account/tokens", data={"label": "b", "scopes": "read"}).status_code == 403
    assert proxied.changes() == [("lan", "token.made", "token:1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", ["10.9.9.9"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
    ],
)
def test_an_address_is_taken_from_a_proxy_only_as_far_as_it_wrote_it_itself(
    peer: str, forwarded: list[str], found: str
) -> None:
    assert comes_from(peer, forwarded, [ip_network("10.0.0.0/28")]) == found


@given(st.lists(st.sampled_from(["reader", "analyst", "admin"]), min_size=2, max_size=2))
def test_whoever_may_more_may_all_that_others_may(roles: list[str]) -> None:
    order = ["reader", "analyst", "admin"]
    has, needs = roles
    assert may(Visitor("x", has), needs) == (order.index(has) >= order.index(needs))


@given(st.lists(st.sampled_from(["lan", "mai"]), max_size=40))
def test_a_wait_never_outlasts_a_minute_for_a_name_and_a_quarter_hour_for_an_address(
    names: list[str],
) -> None:
    throttle, at = Throttle(), START
    for name in names:
        wait = throttle.begin(name, "2001:db8::1", at)
        assert wait <= timedelta(minutes=15)
        at += max(wait, timedelta())
        assert throttle.begin("another", "198.51.100.1", at) <= timedelta(minutes=1)


def test_addresses_of_one_network_of_ipv6_are_one() -> None:
    throttle = Throttle()
    for number in range(20):
        throttle.begin(f"n{number}", f"2001:db8::{number:x}", START)
    assert throttle.begin("lan", "2001:db8::ffff", START) > timedelta()
    assert throttle.begin("lan", "2001:db8:0:1::1", START) <= timedelta()
