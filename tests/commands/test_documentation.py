"""Every command that the README and the manual show is one that works."""

import gzip
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config import load
from decreewatch import build_parser, main
from monitor import embedding

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ASKS_THE_WORLD = (
    "run", "demo", "serve", "sources check", "sources new", "crawl", "users add lan",
    "users password",
)  # fmt: skip
"""Commands that are only parsed here: other tests run them on the newsroom, or type for them."""
CONFIG = """
[storage]
path = "archive"
models = "MODELS"

[politeness]
contact = "desk@example.org"

[[sources]]
id = "vnexpress"

[[channels]]
id = "terminal"
kind = "console"

[[rules]]
id = "r"
on = "removed"
channels = ["terminal"]

[[rules]]
id = "verify-users"
on = "search"
query = "dinh danh"
channels = ["terminal"]
enabled = false

[[topics]]
id = "livestream"
"""
DECREE = "Điều 1. Phạm vi\nNghị định này về phà.\nĐiều 2. Báo cáo\nBáo cáo chậm nhất {} giờ.\n"
AMENDING = (
    "NGHỊ ĐỊNH\nSửa đổi, bổ sung một số điều của Nghị định về phà\n"
    "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định về phà\n"
    "1. Sửa đổi Điều 2 như sau:\n“Điều 2. Báo cáo\nBáo cáo chậm nhất 12 giờ.”\n"
    "Điều 2. Hiệu lực thi hành\nNghị định này có hiệu lực từ ngày 01 tháng 7 năm 2031.\n"
)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


def shell_lines() -> list[tuple[str, str]]:
    return [
        (page.name, line.partition("  #")[0].strip())
        for page in PAGES
        for block in blocks(page, "sh")
        for line in block.splitlines()
        if line.strip()
    ]


@pytest.fixture(scope="module", autouse=True)
def one_model() -> Iterator[None]:
    """A machine on which each model is loaded once for all commands: it takes seconds."""
    load_anew = embedding.load
    loaded: dict[tuple[str, Path], embedding.Embedder] = {}

    def load_once(model: str, folder: Path, **how: Any) -> embedding.Embedder:
        if (model, folder) not in loaded:
            loaded[model, folder] = load_anew(model, folder, **how)
        return loaded[model, folder]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "load", load_once)
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the manual's examples speak of, and an alert to read."""
    folder = tmp_path_factory.mktemp("desk")
    config = CONFIG.replace("MODELS", (ROOT / "var" / "models").as_posix())
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "old.txt").write_text(DECREE.format(48), encoding="utf-8")
    (folder / "new.txt").write_text(DECREE.format(24), encoding="utf-8")
    (folder / "amending.txt").write_text(AMENDING, encoding="utf-8")
    (folder / "page.txt").write_text("Theo Nghị định 147/2024/NĐ-CP.", encoding="utf-8")
    line = json.dumps({"url": "https://vnexpress.net/a-1.html", "title": "Bến phà mở cửa"})
    (folder / "articles.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    text = {"id": 1, "title": "Bến phà mở cửa", "text": ""}
    (folder / "texts.jsonl").write_text(json.dumps(text), encoding="utf-8")
    label = {"url": "https://vnexpress.net/a-1.html", "topics": ["livestream"]}
    (folder / "labels.jsonl").write_text(json.dumps(label), encoding="utf-8")
    from commands.session import now
    from storage.archive import Archive
    from storage.importing import import_file
    from storage.index import keep_up

    archive = Archive.open(folder / "archive")
    import_file(archive, folder / "articles.jsonl.gz", now())
    with archive.transaction() as tx:
        tx.events.move("compare", 0, now())
        tx.events.append("source.recovered", "source:vnexpress", now())
        tx.people.add("lan", "analyst", now())
        tx.people.add("mai", "reader", now())
        tx.tokens.add("lan", "an old one", ["read"], "digest", now())
        tx.silences.add(rule="r", until=now() + timedelta(days=1), by="desk", at=now())
        tx.outbox.raise_alert(
            "k", rule="r", severity="minor", subject="item:1", title="t", body={}, channels=[],
            at=now(),
        )  # fmt: skip
    keep_up(archive, now())
    archive.close()
    return folder


def test_there_are_commands_to_try() -> None:
    assert len(shell_lines()) > 20


@pytest.mark.parametrize(("page", "line"), shell_lines())
def test_a_documented_command_works(
    page: str, line: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        subprocess.run(["make", "-n", words[1]], cwd=ROOT, check=True, capture_output=True)
        return
    if words[0] == "source":
        assert words[1] == ".venv/bin/activate"
        return
    if words[0] == "python":
        module = ROOT / Path(*words[2].split(".")).with_suffix(".py")
        assert words[1] == "-m" and (module.exists() or module.with_suffix("").is_dir())
        return
    assert words[0] == "decreewatch"
    monkeypatch.chdir(desk)
    build_parser().parse_args(words[1:])
    if not " ".join(words[1:]).startswith(ASKS_THE_WORLD):
        assert main(words[1:]) == 0


def test_the_configurations_shown_in_the_manual_are_valid(tmp_path: Path) -> None:
    shown = [block for page in PAGES for block in blocks(page, "toml")]
    assert shown
    for number, block in enumerate(shown):
        path = tmp_path / f"{number}.toml"
        text = block
        if "[politeness]" not in text:
            text = '[politeness]\ncontact = "desk@example.org"\n' + text
        for name in re.findall(r"(?:channels|topics|sources) = \[([^\]]+)\]", block):
            for one in re.findall(r'"([a-z-]+)"', name):
                text = declared(one, text)
        if "[[sources]]" not in text:
            text += '\n[[sources]]\nid = "vnexpress"\n'
        path.write_text(text, encoding="utf-8")
        load(path)


def declared(name: str, text: str) -> str:
    """The text with a declaration of what it names but does not show."""
    if f'id = "{name}"' in text:
        return text
    if name in ("content-takedown", "livestream"):
        return f'{text}\n[[topics]]\nid = "{name}"\n'
    if name == "vnexpress":
        return f'{text}\n[[sources]]\nid = "{name}"\n'
    return f'{text}\n[[channels]]\nid = "{name}"\nkind = "console"\n'


def test_every_key_of_the_configuration_is_documented() -> None:
    import config

    manual = (ROOT / "docs" / "configure.md").read_text(encoding="utf-8")
    for section in (
        config.Storage, config.Politeness, config.Schedule, config.Daemon, config.Retention,
        config.Quiet, config.Embedding, config.Templates, config.Digest, config.Web,
    ):  # fmt: skip
        for key in section.model_fields:
            assert f"`{key}`" in manual, f"{section.__name__}.{key}"


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
