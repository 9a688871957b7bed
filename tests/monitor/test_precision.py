"""Which precision a model computes in, and what 8-bit whole numbers cost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from monitor import embedding, precision
from monitor.embedding import Embedder
from monitor.int8_linear import Int8Linear
from monitor.precision import Choice, Machine, Precision, choose, fastest_accurate

MACHINE = Machine("Invented 9000", frozenset({"avx2", "avx512_bf16"}), "2.13.0", 1)
EXACT: dict[Precision, float] = {"float32": 1.0, "bfloat16": 0.9999, "int8": 0.9995}


def opened(tried: Precision) -> Any:
    return tried


def encoded(_model: object, texts: Sequence[str]) -> NDArray[np.float32]:
    return np.eye(len(texts), 20, dtype=np.float32)


def never_opened(_tried: Precision) -> Any:
    raise AssertionError("it was measured again")


def without_int8(tried: Precision) -> Any:
    if tried == "int8":
        raise RuntimeError("no such kernel")
    return tried


def linear(inputs: int, outputs: int) -> torch.nn.Linear:
    torch.manual_seed(7)
    return torch.nn.Linear(inputs, outputs)


def test_the_fastest_is_taken_where_it_pays() -> None:
    assert fastest_accurate("auto", EXACT, {"float32": 90, "bfloat16": 50, "int8": 40}) == "int8"
    assert (
        fastest_accurate("auto", EXACT, {"float32": 90, "bfloat16": 30, "int8": 40}) == "bfloat16"
    )


def test_what_is_hardly_faster_than_float32_is_not_worth_its_error() -> None:
    times: dict[Precision, float] = {"float32": 90, "bfloat16": 300, "int8": 85}
    assert fastest_accurate("auto", EXACT, times) == "float32"


def test_what_is_fast_but_inaccurate_is_not_taken() -> None:
    times: dict[Precision, float] = {"float32": 90, "bfloat16": 50, "int8": 10}
    assert fastest_accurate("auto", EXACT | {"int8": 0.97}, times) == "bfloat16"


def test_a_precision_named_in_the_configuration_is_taken_as_it_is() -> None:
    times: dict[Precision, float] = {"float32": 90, "int8": 400}
    assert fastest_accurate("int8", {"float32": 1, "int8": 0.9}, times) == "int8"


def test_vectors_further_from_float32_are_no_longer_comparable() -> None:
    assert Choice("int8", 0.9995, {}, "measured").is_comparable
    assert not Choice("int8", 0.9985, {}, "measured").is_comparable


def test_a_choice_is_kept_and_not_measured_again(tmp_path: Path) -> None:
    kept = tmp_path / "models" / "precision.json"
    first = choose("auto", opened, encoded, MACHINE, kept)
    assert choose("auto", never_opened, encoded, MACHINE, kept) == first
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_another_machine_measures_for_itself_and_keeps_both(tmp_path: Path) -> None:
    kept = tmp_path / "precision.json"
    other = Machine("Invented 9000", MACHINE.flags, "2.13.0", threads=3)
    choose("auto", opened, encoded, MACHINE, kept)
    with pytest.raises(AssertionError, match="measured again"):
        choose("auto", never_opened, encoded, other, kept)
    choose("auto", opened, encoded, other, kept)
    choose("auto", never_opened, encoded, MACHINE, kept)


@pytest.mark.parametrize("damage", ["", "[]", '{"a/auto": {"precision": "int3"}}', "\0"])
def test_a_damaged_file_of_choices_is_measured_and_written_again(
    tmp_path: Path, damage: str
) -> None:
    kept = tmp_path / "precision.json"
    kept.write_text(damage, encoding="utf-8")
    choice = choose("auto", opened, encoded, MACHINE, kept)
    assert choose("auto", never_opened, encoded, MACHINE, kept) == choice


def test_where_nothing_can_be_written_it_is_still_chosen(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    choice = choose("auto", opened, encoded, MACHINE, tmp_path / "file" / "precision.json")
    assert choice.chosen_by == "measured"


def test_bfloat16_is_tried_only_where_the_processor_has_it(tmp_path: Path) -> None:
    plain = Machine("Invented 100", frozenset({"avx2"}), "2.13.0", 1)
    here = choose("auto", opened, encoded, MACHINE, tmp_path / "a.json")
    there = choose("auto", opened, encoded, plain, tmp_path / "b.json")
    assert set(here.milliseconds) == {"float32", "bfloat16", "int8"}
    assert set(there.milliseconds) == {"float32", "int8"}


@pytest.mark.parametrize("wanted", ["auto", "int8"])
def test_what_this_torch_cannot_do_is_left_out(tmp_path: Path, wanted: precision.Wanted) -> None:
    choice = choose(wanted, without_int8, encoded, MACHINE, tmp_path / "precision.json")
    assert choice.precision != "int8"
    assert choice.cosine == pytest.approx(1)


def test_a_choice_says_what_was_measured() -> None:
    said = str(Choice("int8", 0.99957, {"float32": 449.6, "int8": 225.1}, "measured"))
    assert said == "int8 (measured: float32 450 ms, int8 225 ms; cosine 0.9996)"


@pytest.mark.parametrize(("inputs", "outputs"), [(384, 1536), (1536, 384), (3, 5), (1, 1)])
def test_8_bit_numbers_give_what_a_linear_layer_gives(inputs: int, outputs: int) -> None:
    exact = linear(inputs, outputs)
    tokens = torch.randn(2, 9, inputs)
    tokens[0, 0] *= 100
    close = Int8Linear(exact)(tokens)
    assert close.shape == (2, 9, outputs)
    error = (close - exact(tokens)).norm(dim=-1) / exact(tokens).norm(dim=-1)
    assert error.max() < 0.03


def test_a_tokens_result_does_not_depend_on_its_neighbours() -> None:
    layer = Int8Linear(linear(384, 384))
    tokens = torch.randn(20, 384)
    tokens[3] *= 1000
    assert torch.equal(layer(tokens)[:2], layer(tokens[:2]))


def test_tokens_without_any_spread_are_no_division_by_zero() -> None:
    exact = linear(64, 32)
    tokens = torch.stack([torch.zeros(64), torch.full((64,), 3.0)])
    assert torch.allclose(Int8Linear(exact)(tokens), exact(tokens), atol=0.05)


def test_a_linear_layer_without_a_bias_stays_without() -> None:
    layer = Int8Linear(torch.nn.Linear(8, 4, bias=False))
    assert layer(torch.zeros(1, 8)).abs().max() == 0


def test_the_built_in_model_gives_comparable_vectors_in_each_precision(
    embedder: Embedder,
) -> None:
    assert embedder.folder
    texts = ["Quán cà phê mở cửa lúc sáu giờ sáng.", "Fishing boats return to port.", "", "147"]
    exact = embedding.load("builtin", embedder.folder, precision="float32", threads=1)
    close = embedding.load("builtin", embedder.folder, precision="int8", threads=1)
    assert (exact.encode(texts) * close.encode(texts)).sum(axis=1).min() > 0.999
    assert exact.version == close.version == embedder.version
    assert (exact.precision.precision, close.precision.precision) == ("float32", "int8")
