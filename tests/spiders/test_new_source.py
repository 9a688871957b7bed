"""From an address to a declaration that works, and to a configuration that holds it."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from expected_pages import page
from loopback import Answer, Loopback

from commands.declaring import append_source, same_host
from config import catalogue, load
from decreewatch import main
from spiders.new_source import as_toml

CONFIG = """
[storage]
path = {archive}

[politeness]
contact = "desk@example.org"
delay = "0.001s"
allow_private = [{host}]

[[sources]]
id = "vnexpress"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def configured(config: Path, server: Loopback) -> None:
    text = CONFIG.format(archive=json.dumps(str(config.parent)), host=json.dumps(server.host))
    config.write_text(text, encoding="utf-8")


def written_map(server: Loopback, path: str, paths: list[str]) -> None:
    listed = "".join(f"<url><loc>{server.url}{one}</loc></url>" for one in paths)
    server.pages[path] = Answer(f"<urlset>{listed}</urlset>".encode())


def outlet(server: Loopback) -> None:
    paths = [f"/bai-thu-{number}-2031030709150312{number}.htm" for number in range(4)]
    server.pages["/"] = Answer(
        """<html lang="vi"><head><meta property="og:site_name" content="Báo &quot;Thử&quot;">
        <link rel="alternate" type="application/rss+xml" href="/rss/home.rss"></head>
        <body><a href="/thoi-su.htm">Trang chuyên mục</a></body></html>""".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )
    maps = "".join(f"Sitemap: {server.url}{one}\n" for one in ("/news.xml", "/other-news.xml"))
    server.pages["/robots.txt"] = Answer(f"User-agent: *\n{maps}".encode())
    server.feed("/rss/home.rss", paths)
    written_map(server, "/news.xml", paths)
    for path in paths:
        server.pages[path] = Answer(page("ims"))


def section(server: Loopback, path: str, paths: list[str]) -> None:
    """A section's page, which names the feed of the whole outlet and links to its articles."""
    links = "".join(f"<a href='{one}'>Một bài của riêng chuyên mục này</a>" for one in paths)
    server.pages[path] = Answer(
        f"""<html lang="vi"><head><title>Thời sự | Báo Thử</title>
        <link rel="alternate" type="application/rss+xml" href="/rss/home.rss"></head>
        <body>{links}</body></html>""".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )
    for one in paths:
        server.pages[one] = Answer(page("ims"))


def test_an_outlet_is_declared_from_its_address_alone(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Loopback() as server:
        configured(config, server)
        outlet(server)
        named = ["--id", "bao-thu", "--config", str(config), "--json"]
        ended = main(["sources", "new", f"{server.url}/", *named])
        said = json.loads(capsys.readouterr().out)
        assert (ended, said["written"]) == (0, str(config))
        source = load(config).sources[-1]
        assert (source.id, source.name, source.language) == ("bao-thu", 'Báo "Thử"', "vi")
        assert source.feeds == (f"{server.url}/rss/home.rss",)
        assert source.sitemaps == (f"{server.url}/news.xml",)
        assert (source.family, source.certainty) == ("ims", "probed")
        assert re.search(source.article_pattern, f"{server.url}/a-20310307091503124.htm")
        assert not re.search(source.article_pattern, f"{server.url}/thoi-su.htm")

        written = config.read_text(encoding="utf-8")
        assert main(["sources", "new", server.url, "--config", str(config)]) == 1
        assert "already declared as 'bao-thu'" in capsys.readouterr().err
        assert config.read_text(encoding="utf-8") == written

        del server.pages["/news.xml"]
        assert main(["sources", "check", "bao-thu", "--config", str(config)]) == 0
        said = " ".join(capsys.readouterr().out.split())

        server.pages = {one: page for one, page in server.pages.items() if "/bai-thu" not in one}
        assert main(["sources", "check", "bao-thu", "--config", str(config)]) == 1
        assert f"{server.url}/bai-thu-0-20310307091503120.htm: the server answered 404" in (
            capsys.readouterr().out
        )
    assert "bao-thu: working" in said
    assert "/news.xml probed; " in said and "404" in said
    assert "/rss/home.rss probed; read; robots.txt allows it" in said
    assert "selectors:ims" in said
    assert "│ title │" in said and "│ body │" in said


def test_a_section_is_a_source_of_its_own_beside_its_outlet(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [f"/tin-rieng-{number}-2031030709150399{number}.htm" for number in range(4)]
    with Loopback() as server:
        configured(config, server)
        outlet(server)
        home = {"id": "bao-thu", "name": "Báo Thử", "kind": "state", "language": "vi"}
        read = {"homepage": f"{server.url}/", "feeds": [f"{server.url}/rss/home.rss"]}
        append_source(config, as_toml(home | read))
        section(server, "/thoi-su.htm", paths)
        server.feed("/rss/thoi-su.rss", paths)

        ended = main(["sources", "new", f"{server.url}/thoi-su.htm", "--config", str(config)])

        said = capsys.readouterr().err
        source = load(config).sources[-1]
    assert (ended, source.id) == (0, "127-0-0-1-thoi-su")
    assert (source.name, source.family) == ("Báo Thử – Thời sự", "ims")
    assert (source.feeds, source.sitemaps) == ((f"{server.url}/rss/thoi-su.rss",), ())
    assert all(re.search(source.article_pattern, server.url + one) for one in paths)
    assert f"lists other pages than this site has: {server.url}/rss/home.rss" in said
    assert f"lists none of its pages: {server.url}/news.xml" in said
    assert "'bao-thu' may list the same pages" in said


def test_a_portal_is_told_by_the_documents_it_lists(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Loopback() as server:
        configured(config, server)
        rows = "".join(
            f"<a href='/vb/nghi-dinh-{n}-2031-99000{n}.html'>Nghị định {n}/2031/NĐ-CP</a>"
            for n in range(1, 7)
        )
        server.pages["/vb"] = Answer(f"<html lang='vi'><body>{rows}</body></html>".encode())
        before = config.read_text(encoding="utf-8")
        ended = main(["sources", "new", f"{server.url}/vb", "--print", "--config", str(config)])
        declared = tomllib.loads(capsys.readouterr().out)["sources"][0]
    assert ended == 0
    assert declared["portal"] and declared["listings"] == [f"{server.url}/vb"]
    assert re.search(declared["document_pattern"], f"{server.url}/vb/thong-tu-7-990007.html")
    assert config.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "mailto://x", "https://", "bao thu"])
def test_an_address_that_gives_nothing_is_one_line_and_changes_nothing(
    config: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(CONFIG.format(archive=json.dumps(str(config.parent)), host='"x"'), "utf-8")
    before = config.read_text(encoding="utf-8")

    ended = main(["sources", "new", url, "--config", str(config)])

    said = capsys.readouterr()
    assert (ended, said.out) == (1, "")
    assert url in said.err
    assert config.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("id", "why"), [("vnexpress", "declared already"), ("tuoitre", "catalogue"), ("Báo", "letters")]
)
def test_an_id_that_cannot_be_is_refused_before_anything_is_asked(
    config: Path, id: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(CONFIG.format(archive='"x"', host='"x"'), encoding="utf-8")

    ended = main(["sources", "new", "http://127.0.0.1:9/", "--id", id, "--config", str(config)])

    said = capsys.readouterr().err
    assert ended == 1
    assert why in said


def test_what_is_no_front_page_is_said_in_one_line(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Loopback() as server:
        configured(config, server)
        server.pages["/feed.json"] = Answer(b'{"version": "https://jsonfeed.org/version/1.1"}')
        server.pages["/a-20310307091503123.htm"] = Answer(page("ims"))
        for path, why in (
            ("/feed.json", "JSON"),
            ("/a-20310307091503123.htm", "an article"),
        ):
            assert main(["sources", "new", server.url + path, "--config", str(config)]) == 1
            [said] = capsys.readouterr().err.splitlines()
            assert why in said


def test_what_the_catalogue_knows_is_declared_by_its_id(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(CONFIG.format(archive='"x"', host='"x"'), encoding="utf-8")

    assert main(["sources", "new", "tuoitre.vn", "--config", str(config)]) == 1
    assert 'id = "tuoitre"' in capsys.readouterr().err
    [hint] = same_host(load(config), "https://tuoitre.vn/cong-nghe.htm")
    assert 'id = "tuoitre"' in hint
    assert same_host(load(config), "https://e.vnexpress.net/x") != []
    assert "'vnexpress'" in same_host(load(config), "https://vnexpress.net/thoi-su")[0]
    assert same_host(load(config), "https://outlet.example/") == []


def test_the_catalogue_is_listed_with_what_to_expect_of_each(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(
        CONFIG.format(archive=json.dumps(str(config.parent)), host='"x"'), encoding="utf-8"
    )

    assert main(["sources", "list", "--catalogue", "--config", str(config), "--json"]) == 0

    found = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(found) == set(catalogue("sources"))
    assert found["vnexpress"]["status"] == "never asked"
    assert found["tuoitre"]["status"] == "not declared"
    assert (found["tuoitre"]["certainty"], found["tuoitre"]["yields"]) == ("seen", 140)
