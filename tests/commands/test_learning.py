"""`train`, `heads` and `classify --explain` as their user meets them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from decreewatch import main
from monitor import embedding
from monitor.embedding import Embedder
from storage.archive import Archive

ROOT = Path(__file__).parents[2]
MODELS = Path(os.environ.get("DECREEWATCH_MODELS", ROOT / "var" / "models"))
CONFIG = """
[storage]
path = "{folder}/archive"
models = "{models}"

[politeness]
contact = "desk@example.org"

[[sources]]
id = "vnexpress"

[[topics]]
id = "fake-news"

[[topics]]
id = "livestream"
"""
PLACES = ("Bến Lội", "Cửa Hạ", "Vàm Sậy")
AUCTIONS = (
    "Chợ cá {} đấu giá cá ngừ qua mạng mỗi tối thứ Bảy",
    "Ngư dân {} chào bán tôm hùm trước ống kính điện thoại, ai trả cao thì được",
    "Phiên đấu giá mực khô trên mạng ở {} có hơn một nghìn người xem",
    "{}: đấu giá mẻ cá đầu mùa bằng điện thoại, tiền góp xây trường",
    "Hợp tác xã {} mở phiên đấu giá cua biển trên mạng lần thứ ba",
    "Người mua từ xa trả giá cho mẻ cá thu của {} qua màn hình",
)
MARKETS = (
    "Giá cá ngừ ở {} giảm tuần thứ hai liên tiếp",
    "Cầu cảng {} sửa xong trước mùa biển động",
    "{} được mùa ruốc, bà con phơi kín bờ kè",
    "Tàu cá {} về bến sau chuyến biển dài ngày",
    "Chợ {} dời về chỗ mới, tiểu thương lo mất khách",
    "Thương lái {} ngừng gom tôm vì thiếu đá lạnh",
)
UNSEEN = "Mũi Gành đấu giá cá bớp qua mạng, người xem trả giá từng con"


def titles() -> list[tuple[str, list[str]]]:
    """Headlines with the topics of the desk, which follows auctions before a camera too."""
    return [
        (title.format(place), topics)
        for place in PLACES
        for group, topics in ((AUCTIONS, ["livestream"]), (MARKETS, []))
        for title in group
    ]


class Desk:
    """A folder with a configuration, an archive of articles and files that label them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.config = folder / "config.toml"
        self.config.write_text(CONFIG.format(folder=folder, models=MODELS), encoding="utf-8")

    def publish(self) -> None:
        rows = [
            {
                "url": f"https://press.example/{n}",
                "title": title,
                "source": f"outlet-{n % 3}",
                "language": "vi",
                "published_at": f"2031-06-{1 + n % 9:02}T08:00:00+07:00",
            }
            for n, (title, _) in enumerate(titles())
        ]
        assert self.run("import", str(self.file("articles.jsonl", rows)))[0] == 0

    def label(self, count: int) -> None:
        rows = [
            {"url": f"https://press.example/{n}", "topics": topics}
            for n, (_, topics) in enumerate(titles()[:count])
        ]
        assert self.run("label", "--from", str(self.file("labels.jsonl", rows)))[0] == 0

    def file(self, name: str, rows: list[dict[str, Any]]) -> Path:
        path = self.folder / name
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The exit status of a command, and what it said on both ways out."""
        self._capsys.readouterr()
        status = main(["--config", str(self.config), *arguments])
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def json(self, *arguments: str) -> Any:
        status, out, _ = self.run(*arguments, "--json")
        assert status == 0
        return json.loads(out)

    def tags(self, *texts: str) -> list[Any]:
        rows = [{"id": n, "title": text, "text": ""} for n, text in enumerate(texts)]
        status, out, _ = self.run("classify", str(self.file("texts.jsonl", rows)))
        assert status == 0
        return [json.loads(line)["topics"] for line in out.splitlines()]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return embedding.load("builtin", MODELS)


@pytest.fixture
def desk(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    embedder: Embedder,
) -> Desk:
    """A desk on whose machine the model is loaded once for all commands: it takes seconds."""
    monkeypatch.setattr(embedding, "load", lambda *_, **__: embedder)
    return Desk(tmp_path, capsys)


def test_without_labels_there_is_nothing_to_learn_from_and_that_is_no_failure(desk: Desk) -> None:
    status, out, err = desk.run("train")
    assert (status, out) == (0, "")
    assert err == (
        "there are no labels to learn from yet: `decreewatch label ITEM --right TOPIC` gives one\n"
    )
    assert desk.json("train") == {
        "labels": 0, "current": None, "candidates": [], "switched": False,
    }  # fmt: skip


def test_a_better_head_is_put_to_use_and_the_old_tags_come_back_with_the_old_head(
    desk: Desk,
) -> None:
    desk.publish()
    texts = [UNSEEN, *(title for title, _ in titles()[:12])]
    before = desk.tags(*texts)
    assert before[0] == []
    desk.label(36)

    told = desk.json("train")
    assert (told["labels"], told["relevant"], told["off_topic"]) == (36, 18, 18)
    assert (told["better"], told["kept"], told["in_use"], told["switched"]) == (True, 1, 1, True)
    alone, first = desk.json("heads")
    assert (alone["in_use"], first["in_use"]) == (False, True)
    best = told["candidates"][0]
    assert best["gain"] > best["error"] > 0
    assert (first["figures"], first["recipe"]) == (best["figures"], best["recipe"])
    assert [tag["topic"] for tag in desk.tags(*texts)[0]] == ["livestream"]

    assert desk.run("heads", "use", "0")[1].startswith("The configuration is in use.")
    assert desk.tags(*texts) == before


def test_few_labels_make_a_head_that_only_a_person_puts_to_use(desk: Desk) -> None:
    desk.publish()
    desk.label(12)
    status, out, _ = desk.run("train", "--dry-run")
    assert status == 0
    assert out.endswith("Nothing was kept.\n")
    assert [head["number"] for head in desk.json("heads")] == [0]

    out = desk.run("train")[1]
    assert "too few to judge by: 12 labelled items; 30 are the fewest" in out
    assert "The configuration stays in use" in out
    assert "`decreewatch heads use 1`" in out

    out = desk.run("train", "--switch")[1]
    assert "Head 1 is in use now." in out
    assert "The daemon takes it at its next round" in out
    assert "`decreewatch reclassify` brings the archive up to date" in out
    assert [head["in_use"] for head in desk.json("heads")] == [False, True]
    assert "svm + labels" in desk.run("heads")[1]


def test_a_head_goes_on_without_a_topic_that_is_no_longer_declared(desk: Desk) -> None:
    archive = Archive.open(desk.folder / "archive")
    with archive.transaction() as tx:
        from commands.session import now

        recipe = {"kind": "svm", "thresholds": {"ferries": 0.9, "livestream": 0.99}}
        tx.heads.use(tx.heads.add(now(), "m@1", recipe, 0, {}).number, now())
    archive.close()
    (tags,) = desk.tags("Bị phạt vì đăng tin sai về giá cá ở Mũi Gành trên mạng")
    assert [tag["topic"] for tag in tags] == ["fake-news"]


def test_a_head_that_is_not_there_is_named_with_those_that_are(desk: Desk) -> None:
    status, out, err = desk.run("heads", "use", "7")
    assert (status, out) == (1, "")
    assert err == "decreewatch: there is no head 7; there are 0 (the configuration alone)\n"


def test_dry_run_and_switch_contradict_each_other(desk: Desk) -> None:
    with pytest.raises(SystemExit) as ended:
        desk.run("train", "--dry-run", "--switch")
    assert ended.value.code == 2


def test_classify_explains_each_topic_and_what_the_gate_rejects(desk: Desk) -> None:
    rows = [
        {"id": "a", "title": "Siết quản lý livestream trên mạng xã hội", "text": ""},
        {"id": "b", "title": "Cách nấu lẩu mắm đúng vị miền Tây", "text": ""},
        {"id": "c", "title": "", "text": ""},
    ]
    path = str(desk.file("texts.jsonl", rows))
    status, out, _ = desk.run("classify", path, "--explain")
    assert status == 0
    found, rejected, empty = out.strip().split("\n\n")
    assert found.startswith("a  Siết quản lý livestream trên mạng xã hội\n  on topic: relevance ")
    assert "✓ livestream " in found and ", threshold " in found
    assert "passage: Siết quản lý livestream trên mạng xã hội" in found
    assert "nearest example: " in found
    assert "off-topic" in rejected and "✓" not in rejected
    assert "off-topic" in empty
    assert not (desk.folder / "archive").exists()

    status, out, _ = desk.run("classify", path, "--explain", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert list(lines[0]) == ["id", "topics", "relevance", "rejected", "scored"]
    best = lines[0]["scored"][0]
    assert list(best) == ["topic", "score", "threshold", "passage", "nearest"]
    assert lines[0]["topics"][0] == {"topic": best["topic"], "score": best["score"]}
    assert bool(lines[1]["rejected"]) == (lines[1]["scored"] == [])

    status, plain, _ = desk.run("classify", path)
    assert [json.loads(line) for line in plain.splitlines()] == [
        {"id": line["id"], "topics": line["topics"]} for line in lines
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ('{"id": 1, "title": "a"}\n{"id": ', ":2: expected"),
        ('{"title": "a"}', ":1: expected"),
        ("[1, 2]", ":1: expected"),
    ],
)
def test_a_line_that_is_none_is_named(desk: Desk, content: str, said: str) -> None:
    path = desk.folder / "texts.jsonl"
    path.write_text(content, encoding="utf-8")
    status, out, err = desk.run("classify", str(path), "--explain")
    assert (status, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
