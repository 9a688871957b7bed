import gzip
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from asking import ask
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego

from newsroom.__main__ import main
from newsroom.attachments import pdf_bytes
from newsroom.calendar import days
from newsroom.outlets import OUTLETS
from newsroom.server import Newsroom


def test_every_path_of_every_day_answers_with_validators(newsroom: Newsroom) -> None:
    for day in days():
        newsroom.day = day
        for path in newsroom.site.paths(day):
            answer = ask(newsroom.url, path, "HEAD")
            assert answer.status == 200, path
            assert answer.headers["etag"], path
            assert answer.headers["last-modified"], path
            assert int(answer.headers["content-length"]) > 0, path


def test_an_unchanged_page_costs_one_304_by_etag_or_by_date(newsroom: Newsroom) -> None:
    first = ask(newsroom.url, "/tinsang/rss/home.rss")
    by_tag = ask(newsroom.url, "/tinsang/rss/home.rss", If_None_Match=first.headers["etag"])
    by_date = ask(
        newsroom.url, "/tinsang/rss/home.rss", If_Modified_Since=first.headers["last-modified"]
    )
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (304, b"")
    assert [served.status for served in newsroom.log] == [200, 304, 304]
    assert [served.sent for served in newsroom.log] == [len(first.body), 0, 0]


def test_yesterdays_validators_do_not_hide_todays_feed(newsroom: Newsroom) -> None:
    first = ask(newsroom.url, "/farwire/feed/atom/")
    newsroom.day = 2
    again = ask(
        newsroom.url,
        "/farwire/feed/atom/",
        If_None_Match=first.headers["etag"],
        If_Modified_Since=first.headers["last-modified"],
    )
    assert again.status == 200
    assert again.headers["last-modified"] != first.headers["last-modified"]


def test_the_etag_decides_over_the_date(newsroom: Newsroom) -> None:
    date = ask(newsroom.url, "/").headers["last-modified"]
    answer = ask(newsroom.url, "/", If_None_Match='"other"', If_Modified_Since=date)
    assert answer.status == 200


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Foo 2031 00:00:00 GMT", "9" * 400])
def test_an_unreadable_date_is_ignored(newsroom: Newsroom, date: str) -> None:
    assert ask(newsroom.url, "/", If_Modified_Since=date).status == 200


def test_gzip_is_sent_only_to_whom_asks_and_revalidates(newsroom: Newsroom) -> None:
    plain = ask(newsroom.url, "/songviet/tin-moi.html")
    packed = ask(newsroom.url, "/songviet/tin-moi.html", Accept_Encoding="gzip, deflate")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    again = ask(newsroom.url, "/songviet/tin-moi.html", If_None_Match=packed.headers["etag"])
    assert again.status == 304


def test_two_newsrooms_give_the_same_files_the_same_etag() -> None:
    with Newsroom(day=6) as one, Newsroom(day=6) as other:
        for path in one.site.paths(6):
            if path.endswith((".docx", ".pdf")):
                tags = {ask(room.url, path, "HEAD").headers["etag"] for room in (one, other)}
                assert len(tags) == 1, path


def test_robots_txt_forbids_a_page_that_every_outlet_links_to(newsroom: Newsroom) -> None:
    rules = Protego.parse(ask(newsroom.url, "/robots.txt").text)
    assert rules.crawl_delay("DecreeWatch") == 0.05
    assert list(rules.sitemaps) == [f"{newsroom.url}/mekongherald/sitemap.xml"]
    for outlet in OUTLETS:
        assert not rules.can_fetch(newsroom.url + outlet.closed, "DecreeWatch")
        assert rules.can_fetch(newsroom.url + outlet.discovery, "DecreeWatch")
        assert outlet.closed in ask(newsroom.url, outlet.home).text


def test_429_with_retry_after_comes_as_often_as_asked_for(newsroom: Newsroom) -> None:
    newsroom.fail("/tinsang/", status=429, retry_after=7, times=2)
    answers = [ask(newsroom.url, "/tinsang/") for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert ask(newsroom.url, "/nhipdo/").status == 200


def test_a_fault_without_limit_lasts(newsroom: Newsroom) -> None:
    newsroom.fail("/congthu/", status=500)
    assert {ask(newsroom.url, "/congthu/van-ban").status for _ in range(4)} == {500}


def test_a_fault_must_be_a_failure(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match="no failure"):
        newsroom.fail("/", status=200)


def test_a_page_that_cannot_be_made_says_why(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.day = 6
    monkeypatch.setitem(sys.modules, "reportlab.platypus", None)
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    pdf_bytes.cache_clear()
    answer = ask(newsroom.url, "/congthu/tep/901-2031-nd-cp.pdf")
    assert answer.status == 500
    assert "reportlab" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/tinsang/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/tinsang/%00",
        "/%ff%fe",
        "/congthu/van-ban?page=2",
        "/congthu/van-ban?page=-1",
        "/congthu/van-ban?page=abc",
        "/congthu/van-ban?" + "&".join(f"a{n}=1" for n in range(50)),
        "//evil.example/",
        "/tinsang",
        "/newsroom/server.py",
        "/" + "a" * 5000,
    ],
)
def test_nonsense_addresses_get_4xx(newsroom: Newsroom, path: str) -> None:
    assert 400 <= ask(newsroom.url, path).status < 500
    assert ask(newsroom.url, "/").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_get_and_head_are_served(newsroom: Newsroom, method: str) -> None:
    answer = ask(newsroom.url, "/", method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_the_server_outlives_bytes_that_are_no_request() -> None:
    with Newsroom() as room:
        host, port = urlsplit(room.url).netloc.split(":")

        @settings(max_examples=60, deadline=None)
        @given(st.binary(max_size=200))
        def throw(garbage: bytes) -> None:
            with socket.create_connection((host, int(port)), timeout=5) as wire:
                wire.sendall(garbage + b"\r\n\r\n")
                wire.shutdown(socket.SHUT_WR)
                while wire.recv(65536):
                    pass

        throw()
        assert ask(room.url, "/").status == 200


def test_a_day_outside_the_week_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match="no day 8"):
        newsroom.day = 8
    with pytest.raises(ValueError, match="no day 0"):
        Newsroom(day=0)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--day", "9"], 2, "there is no day 9"),
        (["--port", "99999"], 2, "port"),
        (["--port", "0", "--fail", "nonsense"], 2, "expected PATH=STATUS"),
        (["--port", "0", "--fail", "/=200"], 2, "no failure"),
        (["--port", "0", "--host", "203.0.113.7"], 1, "cannot listen on 203.0.113.7"),
    ],
)
def test_bad_input_on_the_command_line_gives_one_clear_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    assert main(arguments) == status
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1


def test_the_command_serves_the_day_it_was_asked_for() -> None:
    command = [sys.executable, "-m", "newsroom", "--port", "0", "--day", "6"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "Day 6, Saturday 07 June 2031" in first
        url = first.rsplit(" ", 1)[1].strip().rstrip("/")
        assert "901/2031/NĐ-CP" in ask(url, "/congthu/van-ban?page=1").text
    finally:
        process.terminate()
        process.wait(timeout=10)
