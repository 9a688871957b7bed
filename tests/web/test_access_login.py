"""A login as people and guessers meet it."""

from collections.abc import Callable

import pytest
from doors import PASSWORD, House, log_in, send, token_in

from web.addresses import within


def test_without_a_login_a_reader_is_led_to_it_and_from_there_to_the_page_they_wanted(
    house: House,
) -> None:
    browser = house.browser()
    led = browser.get("/account?x=%C4%91")
    assert (led.status_code, led.headers["location"]) == (
        303,
        "/login?next=/account%3Fx%3D%25C4%2591",
    )
    page = browser.get(led.headers["location"])
    assert 'name="next" value="/account?x=%C4%91"' in page.text
    done = log_in(browser, "reader", next="/account?x=%C4%91")
    assert (done.status_code, done.headers["location"]) == (303, "/account?x=%C4%91")
    assert "reader" in browser.get("/account").text


def test_a_program_without_a_login_is_told_so_in_json(house: House) -> None:
    answer = house.browser().get("/api/v1/items")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def test_the_cookie_of_a_login_is_out_of_reach_of_scripts_and_of_other_sites(house: House) -> None:
    here = house.browser()
    told = log_in(here, "reader").headers["set-cookie"]
    assert told.startswith("decreewatch-8420=")
    assert "HttpOnly" in told and "SameSite=Lax" in told and "Path=/" in told
    assert "Secure" not in told and "Domain" not in told


def test_elsewhere_than_at_this_machine_the_cookie_goes_over_https_alone(
    build: Callable[..., House],
) -> None:
    house = build(auth="users", hosts=["archive.example.org"])
    house.let_in("reader")
    browser = house.browser("https://archive.example.org")
    told = log_in(browser, "reader").headers["set-cookie"]
    assert told.startswith("__Host-decreewatch=") and "Secure" in told
    assert browser.get("/account").status_code == 200


def test_a_login_gets_a_new_secret_so_that_a_planted_cookie_is_of_no_use(house: House) -> None:
    browser = house.browser()
    browser.get("/login")
    planted = browser.cookies["decreewatch-8420"]
    log_in(browser, "reader")
    assert browser.cookies["decreewatch-8420"] != planted
    thief = house.browser()
    thief.cookies.set("decreewatch-8420", planted, domain="127.0.0.1")
    assert thief.get("/account").status_code == 303


def test_the_archive_keeps_no_secret_of_a_login(house: House) -> None:
    browser = house.logged_in("reader")
    secret = browser.cookies["decreewatch-8420"]
    send(browser, "/account/tokens", label="news", scopes=["read"], days="30")
    for path in house.archive.root.glob("archive.db*"):
        kept = path.read_bytes()
        assert secret.encode() not in kept and PASSWORD.encode() not in kept


@pytest.mark.parametrize(
    ("name", "password"),
    [("reader", "not the password"), ("nobody", PASSWORD), ("", ""), ("' OR 1=1 --", "x" * 1000)],
)
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    house: House, name: str, password: str
) -> None:
    answer = log_in(house.browser(), name, password)
    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.text


def test_names_are_read_as_people_type_them(house: House) -> None:
    assert log_in(house.browser(), " Reader ").status_code == 303


def test_after_some_failures_one_waits_longer_and_longer_even_with_the_right_password(
    house: House,
) -> None:
    for _ in range(5):
        assert log_in(house.browser(), "reader", "wrong").status_code == 401
    refused = log_in(house.browser(), "reader")
    assert refused.status_code == 429
    waits = [int(refused.headers["retry-after"])]
    for _ in range(4):
        house.clock.pass_by(seconds=waits[-1])
        assert log_in(house.browser(), "reader", "wrong").status_code == 401
        waits.append(int(log_in(house.browser(), "reader").headers["retry-after"]))
    assert waits == sorted(waits) and waits[-1] > 4 * waits[0]
    assert log_in(house.browser(), "analyst").status_code == 303
    house.clock.pass_by(minutes=2)
    assert log_in(house.browser(), "reader").status_code == 303
    assert log_in(house.browser(), "reader", "wrong").status_code == 401


def test_a_name_that_nobody_has_is_made_to_wait_like_one_that_somebody_has(house: House) -> None:
    for _ in range(5):
        log_in(house.browser(), "nobody", "wrong")
    assert log_in(house.browser(), "nobody", "wrong").status_code == 429


def test_one_address_may_not_try_many_names(
    build: Callable[..., House],
) -> None:
    house = build(auth="users")
    house.let_in("reader")
    for number in range(20):
        assert log_in(house.browser(), f"name{number}", "wrong").status_code == 401
    assert log_in(house.browser(), "reader").status_code == 429
    elsewhere = house.browser(peer="127.0.0.2")
    assert log_in(elsewhere, "reader").status_code == 303


def test_a_login_ends_when_it_was_not_used_for_long_and_in_any_case_some_day(
    build: Callable[..., House],
) -> None:
    house = build(auth="users", session="10d", idle="2d")
    house.let_in("reader")
    browser = house.logged_in("reader")
    for _ in range(6):
        house.clock.pass_by(days=1.5)
        assert browser.get("/account").status_code == 200
    house.clock.pass_by(days=1.5)
    assert browser.get("/account").status_code == 303
    idle = house.logged_in("reader")
    house.clock.pass_by(days=2.5)
    assert idle.get("/account").status_code == 303


def test_after_logging_out_the_cookie_is_of_no_use_even_if_it_was_kept(house: House) -> None:
    browser = house.logged_in("reader")
    kept = browser.cookies["decreewatch-8420"]
    assert send(browser, "/logout").headers["location"] == "/login"
    assert "decreewatch-8420" not in browser.cookies
    thief = house.browser()
    thief.cookies.set("decreewatch-8420", kept, domain="127.0.0.1")
    assert thief.get("/account").status_code == 303


def test_logging_out_everywhere_ends_all_logins_of_that_person_alone(house: House) -> None:
    phone, desk, other = (house.logged_in(name) for name in ("reader", "reader", "analyst"))
    assert send(phone, "/account/logout-everywhere").headers["location"] == "/login"
    assert [one.get("/account").status_code for one in (phone, desk, other)] == [303, 303, 200]


def test_another_password_needs_the_present_one_and_ends_the_other_logins(house: House) -> None:
    desk, phone = house.logged_in("reader"), house.logged_in("reader")
    new = "một mật khẩu khác hẳn"
    assert send(desk, "/account/password", current="wrong", new=new).status_code == 401
    short = send(desk, "/account/password", current=PASSWORD, new="short")
    assert short.status_code == 422 and "at least 12" in short.text
    assert send(desk, "/account/password", current=PASSWORD, new=new).status_code == 200
    assert desk.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303
    assert log_in(house.browser(), "reader").status_code == 401
    assert log_in(house.browser(), "reader", new).status_code == 303


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(house: House) -> None:
    browser = house.logged_in("admin")
    assert browser.get("/audit").status_code == 200
    with house.archive.transaction() as tx:
        tx.people.change_role("admin", "analyst")
    assert browser.get("/audit").status_code == 403
    with house.archive.transaction() as tx:
        tx.people.remove("admin")
    assert browser.get("/audit").status_code == 303


def test_who_is_logged_in_already_is_not_asked_again(house: House) -> None:
    browser = house.logged_in("reader")
    assert browser.get("/login?next=/status").headers["location"] == "/status"


def test_logins_and_what_people_change_in_their_accounts_are_in_the_log_of_changes(
    house: House,
) -> None:
    browser = house.logged_in("reader")
    send(browser, "/account/tokens", label="news", scopes=["read"], days="30")
    send(browser, "/account/tokens/1/revoke")
    send(browser, "/logout")
    assert house.changes() == [
        ("reader", "login.began", "person:reader"),
        ("reader", "token.made", "token:1"),
        ("reader", "token.revoked", "token:1"),
        ("reader", "login.ended", "person:reader"),
    ]
    page = house.logged_in("admin").get("/audit?by=reader&action=token")
    assert page.text.count("token:1") == 2 and "login.ended" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "evil",
        "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "", "/login", "/x" * 2000,
        "/đường",
    ],
)  # fmt: skip
def test_a_login_leads_nowhere_but_to_our_own_pages(address: str) -> None:
    assert within(address) == "/"


def test_a_login_leads_to_any_of_our_own_pages() -> None:
    assert within("/search?q=a%20b#x") == "/search?q=a%20b#x"


def test_nothing_behind_a_login_is_kept_by_the_browser(house: House) -> None:
    assert house.browser().get("/login").headers["cache-control"] == "no-store"
    assert house.logged_in("reader").get("/account").headers["cache-control"] == "no-store"


def test_the_token_of_a_form_is_another_one_after_the_login(house: House) -> None:
    browser = house.browser()
    before = token_in(browser.get("/login"))
    log_in(browser, "reader")
    assert browser.post("/logout", data={"csrf_token": before}).status_code == 403
