"""Searching from the command line: exact JSON, one clear line for a mistake."""

import json
from pathlib import Path

import pytest
from light_model import LightModel
from written_config import written

from decreewatch import main

ARTICLES = [
    {
        "url": f"https://tinmoi.example/a-{n}.html",
        "title": title,
        "summary": "Tin từ Cồn Én.",
        "text": f"{title}. Người dân nói vậy.",
        "published_at": f"2031-06-0{n}T08:00:00+07:00",
        "seen_at": f"2031-06-0{n}T08:05:00+07:00",
        "source": "tin-moi",
        "language": "vi",
    }
    for n, title in enumerate(
        ("Bến phà định danh hành khách", "Chợ nổi \u001b[31mđông khách", "Bến phà mở lại"), 1
    )
]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose archive holds the articles, indexed, with a light model."""
    monkeypatch.setattr("monitor.embedding.load", lambda *_, **__: LightModel())
    path = written(tmp_path)
    lines = tmp_path / "articles.jsonl"
    lines.write_text("\n".join(json.dumps(one) for one in ARTICLES), encoding="utf-8")
    assert main(["--config", str(path), "import", str(lines)]) == 0
    assert main(["--config", str(path), "index"]) == 0
    return path


def ask(capsys: pytest.CaptureFixture[str], config: Path, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(["--config", str(config), *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_json_has_the_public_form(capsys, config):
    status, out, _ = ask(capsys, config, "search", "dinh danh", "--json", "--mode", "words")
    found = json.loads(out)
    assert status == 0
    assert set(found) >= {"total", "took_ms", "facets", "hits"}
    assert found["total"] == 1
    assert found["facets"]["sources"] == {"tin-moi": 1}
    (hit,) = found["hits"]
    assert hit["id"] == 1
    assert hit["url"] == ARTICLES[0]["url"]
    assert hit["published_at"] == "2031-06-01T01:00:00+00:00"
    assert hit["topics"] == []
    start, end = hit["marks"][0]
    assert hit["snippet"][start:end] == "định"


def test_filters_pages_and_more_like(capsys, config):
    _, out, _ = ask(capsys, config, "search", "phà", "--since", "2031-06-02", "--json")
    assert [hit["id"] for hit in json.loads(out)["hits"]][:1] == [3]
    _, out, _ = ask(capsys, config, "search", "--kind", "state", "--limit", "2", "--json")
    first = json.loads(out)
    assert [hit["id"] for hit in first["hits"]] == [3, 2]
    _, out, _ = ask(
        capsys, config, "search", "--kind", "state", "--limit", "2", "--page", first["next"],
        "--json",
    )  # fmt: skip
    assert [hit["id"] for hit in json.loads(out)["hits"]] == [1]
    _, out, _ = ask(capsys, config, "search", "--like", "1", "--json")
    assert json.loads(out)["hits"][0]["id"] == 3


def test_a_reader_sees_titles_marks_and_facets_and_no_terminal_tricks(capsys, config):
    status, out, _ = ask(capsys, config, "search", "khách", "--mode", "words", "--why")
    assert status == 0
    assert "2 found" in out
    assert "Bến phà định danh hành khách" in out
    assert "words: place 1" in out
    assert "sources: tin-moi 2" in out
    assert "\x1b[31m" not in out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("search", '"bến'), 2, "character 1"),
        (("search", "sorce:x"), 2, "did you mean source:?"),
        (("search", "phà", "--page", "zzz"), 2, "not the token"),
        (("search", "--like", "99"), 1, "no item 99"),
        (("search", "--saved", "x"), 1, "searches list"),
        (("searches", "save", "x", '"bến'), 2, "character 1"),
        (("searches", "remove", "x"), 1, "searches list"),
    ],
)
def test_a_mistake_is_one_clear_line(capsys, config, arguments, status, said):
    got, out, err = ask(capsys, config, *arguments)
    assert (got, out) == (status, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("wrong", [("--limit", "0"), ("--since", "soon"), ("--kind", "ours")])
def test_wrong_arguments_end_with_two(config, wrong):
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(config), "search", "x", *wrong])
    assert ended.value.code == 2


def test_without_an_index_the_reader_is_told_to_make_one(capsys, tmp_path):
    status, _, err = ask(capsys, written(tmp_path), "search", "phà")
    assert status == 1
    assert "`decreewatch index`" in err


def test_a_saved_search_is_asked_by_its_name(capsys, config):
    status, _, _ = ask(
        capsys, config, "searches", "save", "phà", "bến phà", "--since", "2031-06-02",
        "--by", "lan", "--mode", "words",
    )  # fmt: skip
    assert status == 0
    _, out, _ = ask(capsys, config, "searches", "list", "--json")
    assert [(one["name"], one["owner"]) for one in json.loads(out)] == [("phà", "lan")]
    _, out, _ = ask(capsys, config, "search", "--saved", "phà", "--json")
    assert [hit["id"] for hit in json.loads(out)["hits"]] == [3]
    assert ask(capsys, config, "searches", "remove", "phà")[0] == 0


def test_index_says_what_it_did_and_status_and_verify_know_it(capsys, config):
    _, out, _ = ask(capsys, config, "index", "--rebuild", "--json")
    done = json.loads(out)
    assert (done["items"], done["vectors"], done["computed"], done["behind"]) == (3, 3, 0, 0)
    _, out, _ = ask(capsys, config, "status", "--json")
    assert json.loads(out)["index"]["words"]["items"] == 3
    assert "Search index" in ask(capsys, config, "status")[1]
    assert ask(capsys, config, "verify")[0] == 0
    (config.parent / "archive" / "index" / "words.json").write_text("{")
    status, _, err = ask(capsys, config, "verify")
    assert status == 1
    assert "index --rebuild" in err
