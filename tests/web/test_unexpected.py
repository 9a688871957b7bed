"""What nobody foresaw: answered with a number alone, under which the log says the rest."""

import logging
import re
from collections.abc import Callable, Iterator

import pytest
from bs4 import BeautifulSoup
from doors import HERE, House
from fastapi import HTTPException
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

SECRET = "invented \x1b[2J secret"


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    """The pages without a login, some of which break."""
    made = build()

    def breaks() -> None:
        raise RuntimeError(SECRET)

    def half() -> Iterator[bytes]:
        yield b"half of it"
        raise RuntimeError(SECRET)

    def refused() -> None:
        raise HTTPException(410, "This capture was let go.")

    made.app.get("/breaks")(breaks)
    made.app.get("/export.breaks")(breaks)
    made.app.get("/half")(lambda: StreamingResponse(half()))
    made.app.get("/refused")(refused)
    return made


def logged(caplog: pytest.LogCaptureFixture) -> str:
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    return record.getMessage()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_page_that_breaks_says_whose_fault_it_is_and_a_number_that_is_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    answer = house.browser().get(f"/breaks?lang={language}")
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 500
    assert "invented" not in answer.text and "RuntimeError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    number = page.main.code.get_text()
    assert re.fullmatch("[0-9a-f]{8}", number)
    assert page.select("main a[href='/']")
    said = logged(caplog)
    assert number in said and "GET /breaks" in said and "RuntimeError: invented" in said
    assert "\x1b" not in said


# Without a searcher, every search is what nobody foresaw.
@pytest.mark.parametrize("path", ["/api/v1/search?q=x", "/feeds/search.atom", "/export.breaks"])
def test_a_program_is_told_so_in_json(
    house: House, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    answer = house.browser().get(path)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    said = answer.json()
    assert (said["status"], said["kind"]) == (500, "unexpected")
    assert "NoneType" not in answer.text and "invented" not in answer.text
    assert f"error {said['log']}" in logged(caplog)


def test_what_breaks_half_way_ends_the_connection(house: House) -> None:
    server = TestClient(house.app, base_url=HERE, client=("127.0.0.1", 50000))
    with pytest.raises(RuntimeError, match="invented"):
        server.get("/half")


def test_what_we_refuse_ourselves_says_why(house: House) -> None:
    answer = house.browser().get("/refused")
    assert answer.status_code == 410
    assert "This capture was let go." in answer.text


def test_a_method_that_is_not_there_is_answered_with_those_that_are(house: House) -> None:
    answer = house.browser().request("OPTIONS", "/status")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
