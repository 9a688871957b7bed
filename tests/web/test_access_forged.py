"""What pages of other sites, and names pointed at this machine, can make a browser do: nothing."""

from collections.abc import Callable

import pytest
from app_routes import changing, dependants, filled
from doors import HERE, House, send, token_in
from fastapi.routing import APIRoute

from web.access import Required

Build = Callable[..., House]
OPEN = {"/login", "/logout"}
"""Routes that change something for whom nobody knows yet, or any more."""
OWN = ("/account/", "/saved", "/api/v1/saved")
"""Below these a reader may change what is theirs alone."""


HOSTS = {
    421: (
        "evil.example", "evil.example:8420", "localhost.evil.example", "127.0.0.1.evil.example",
        "10.0.0.5", "[2001:db8::1]", "archive.example.org",
    ),
    400: ("a b", "user@localhost", "localhost/x", "localhost/static/x?", "local\x00host", ""),
    200: (
        "localhost", "LOCALHOST:9000", "127.0.0.1:8420", "[::1]:8420", "127.0.0.2", "localhost.",
    ),
}  # fmt: skip


def test_a_name_that_was_pointed_at_this_machine_gets_no_answer(build: Build) -> None:
    browser = build().browser()
    for status, hosts in HOSTS.items():
        for host in hosts:
            answer = browser.get("/account", headers={"host": host})
            assert answer.status_code == status, host
            assert ("hosts" in answer.text) == (status == 421)


def test_where_others_may_connect_addresses_and_configured_names_count(build: Build) -> None:
    house = build(auth="users", listen="0.0.0.0:80", hosts=["archive.example.org"])
    for host, status in (
        ("192.168.1.7", 200), ("archive.example.org", 200), ("other.example.org", 421),
    ):  # fmt: skip
        assert house.browser().get("/login", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "said",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8420.evil.example"},
        {"origin": "http://[half"},
        {"origin": "http://localhost:8420"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_on_another_site_changes_nothing_even_with_the_right_token(
    build: Build, said: dict[str, str]
) -> None:
    house = build()
    browser = house.browser()
    fields = {"label": "x", "scopes": "read", "csrf_token": token_in(browser.get("/account"))}
    assert browser.post("/account/tokens", data=fields, headers=said).status_code == 403
    assert house.changes() == []
    ours = {"origin": HERE, "sec-fetch-site": "same-origin"}
    assert browser.post("/account/tokens", data=fields, headers=ours).status_code == 200
    assert len(house.changes()) == 1


def test_behind_a_proxy_that_says_its_own_name_the_public_one_is_ours(build: Build) -> None:
    house = build(auth="users", hosts=["archive.example.org"])
    house.let_in("reader")
    browser = house.logged_in("reader")
    told = {"origin": "https://archive.example.org"}
    fields = {"csrf_token": token_in(browser.get("/account"))}
    assert browser.post("/logout", data=fields, headers=told).status_code == 303


def test_a_form_with_a_wrong_token_changes_nothing(build: Build) -> None:
    house = build()
    browser = house.browser()
    browser.get("/account")
    for token in ("", "0" * 64, "đ", "[object]"):
        fields = {"label": "x", "scopes": "read", "csrf_token": token}
        assert browser.post("/account/tokens", data=fields).status_code == 403
    assert house.changes() == []


def test_the_token_of_one_browser_is_of_no_use_in_another(build: Build) -> None:
    house = build()
    one, other = house.browser(), house.browser()
    other.get("/account")
    fields = {"label": "x", "scopes": "read", "csrf_token": token_in(one.get("/account"))}
    assert other.post("/account/tokens", data=fields).status_code == 403
    assert one.post("/account/tokens", data=fields).status_code == 200


def test_the_token_may_stand_in_a_header_or_in_either_kind_of_form(build: Build) -> None:
    house = build()
    browser = house.browser()
    token = token_in(browser.get("/account"))
    for number, sent in enumerate(
        (
            {"data": {"scopes": "read"}, "headers": {"x-csrf-token": token}},
            {"data": {"scopes": "read", "csrf_token": token}},
            {"files": {"scopes": (None, "read"), "csrf_token": (None, token)}},
        )
    ):
        where = "data" if "data" in sent else "files"
        label = str(number) if where == "data" else (None, str(number))
        sent[where] = {**sent[where], "label": label}
        assert browser.post("/account/tokens", **sent).status_code == 200
    assert len(house.changes()) == 3


def test_a_browser_that_sends_no_cookie_is_told_what_to_do(build: Build) -> None:
    house = build(auth="users")
    token = token_in(house.browser().get("/login"))
    answer = house.browser().post("/login", data={"csrf_token": token})
    assert answer.status_code == 403 and "https://" in answer.text


def test_more_than_is_ever_sent_is_refused(build: Build) -> None:
    browser = build().browser()
    token = token_in(browser.get("/account"))
    huge = {"csrf_token": token, "label": "x" * (1 << 20)}
    assert browser.post("/account/tokens", data=huge).status_code == 413


@pytest.mark.parametrize(
    "body", [b"--x\r\nbroken", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", b"\xff"]
)
def test_a_form_that_cannot_be_read_is_refused(build: Build, body: bytes) -> None:
    browser = build().browser()
    browser.get("/account")
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = browser.post("/account/tokens", content=body, headers=kind)
    assert answer.status_code in (400, 403)


def test_a_file_is_never_taken(build: Build) -> None:
    browser = build().browser()
    token = token_in(browser.get("/account"))
    files = {"label": ("x.txt", b"x"), "csrf_token": (None, token)}
    assert browser.post("/account/tokens", files=files).status_code == 400


def test_without_a_login_only_this_machine_is_let_in(build: Build) -> None:
    house = build()
    assert house.browser(peer="10.0.0.5").get("/account").status_code == 403
    for header in ("x-forwarded-for", "forwarded", "x-real-ip"):
        passed_on = house.browser().get("/account", headers={header: "10.0.0.5"})
        assert passed_on.status_code == 403 and "auth" in passed_on.text
    assert house.browser(peer="::1").get("/account").status_code == 200


def test_every_answer_forbids_a_browser_what_it_does_not_need(house: House) -> None:
    answers = [
        house.browser().get("/login"),
        house.browser().get("/static/site.js"),
        house.browser().get("/nowhere"),
        house.browser().get("/api/v1/nowhere"),
        house.browser().get("/", headers={"host": "evil.example"}),
        house.logged_in("reader").get("/nowhere"),
        house.logged_in("reader").post("/account/tokens"),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "access-control-allow-origin" not in answer.headers


def test_no_page_holds_a_script_or_style_that_the_policy_would_stop(house: House) -> None:
    pages = [house.browser().get("/login"), house.logged_in("admin").get("/account")]
    pages.append(house.logged_in("admin").get("/audit"))
    for page in pages:
        assert page.status_code == 200
        assert "<style" not in page.text and " style=" not in page.text
        assert "<script>" not in page.text and " onclick=" not in page.text


def required(route: APIRoute) -> list[Required]:
    """What the dependencies of a route ask of the visitor."""
    return [one.call for one in dependants(route) if isinstance(one.call, Required)]


def test_the_walk_over_the_routes_finds_those_that_are_known_to_be_there(house: House) -> None:
    found = {(method, path) for method, path, _ in changing(house.app)}
    assert {("POST", "/login"), ("POST", "/account/tokens/{number}/revoke")} <= found


def test_every_route_that_changes_something_asks_for_a_role_and_a_scope(house: House) -> None:
    without = [
        f"{method} {path}"
        for method, path, route in changing(house.app)
        if path not in OPEN and not required(route)
    ]
    assert without == []


def test_every_route_that_changes_something_refuses_what_no_page_of_ours_sent(
    house: House,
) -> None:
    browser = house.logged_in("admin")
    before = house.changes()
    for method, path, _ in changing(house.app):
        for content in ({}, {"json": {}}, {"data": {"csrf_token": "0" * 64}}):
            answer = browser.request(method, filled(path), **content)
            assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"
    assert house.changes() == before


def test_every_route_that_changes_something_is_closed_to_whom_nobody_knows(house: House) -> None:
    for method, path, _ in changing(house.app):
        if path not in OPEN:
            browser = house.browser()
            token = token_in(browser.get("/login"))
            answer = browser.request(method, filled(path), headers={"x-csrf-token": token})
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"


def test_a_reader_changes_nothing_but_what_is_their_own(house: House) -> None:
    browser = house.logged_in("reader")
    before = house.changes()
    for method, path, _ in changing(house.app):
        if path not in OPEN and not path.startswith(OWN):
            answer = send_to(browser, method, filled(path))
            assert answer == 403, f"{method} {path}: {answer}"
    assert house.changes() == before


def send_to(browser, method: str, path: str) -> int:
    token = token_in(browser.get("/account"))
    return browser.request(method, path, headers={"x-csrf-token": token}).status_code


def test_a_form_of_ours_works(build: Build) -> None:
    house = build()
    made = send(house.browser(), "/account/tokens", label="news", scopes=["read"], days="30")
    assert made.status_code == 200
    assert house.changes() == [("local", "token.made", "token:1")]
