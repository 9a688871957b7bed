"""Write multilingual-e5-small as an ordinary sentence-transformers folder.

The vocabulary is restricted to pieces in Latin script, digits and marks: Vietnamese and English
texts get the same vectors from half the memory. Texts in other scripts become unknown pieces.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.e5_package import PACKAGE, PACKAGE_VERSION, PackedModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

Progress = Callable[[str, float], None]

MAX_TOKENS = 512
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
MASK = "<mask>"
SPACE = "▁"

MODULES = (
    ("0", "", "sentence_transformers.models.Transformer"),
    ("1", "1_Pooling", "sentence_transformers.models.Pooling"),
    ("2", "2_Normalize", "sentence_transformers.models.Normalize"),
)

LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

NOTICE = f"""\
This folder holds the weights and the vocabulary of intfloat/multilingual-e5-small
(Liang Wang and others, "Multilingual E5 Text Embeddings", 2024), licensed under the MIT License,
as they are distributed, in 4-bit form, by the Python package {PACKAGE} {PACKAGE_VERSION}, itself
licensed under the MIT License. They were dequantised to half precision, and the vocabulary was
restricted to Latin script.

MIT License

Copyright (c) the authors of intfloat/multilingual-e5-small (Microsoft Corporation)
Copyright (c) the authors of {PACKAGE} (cnmoro)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def write(model: PackedModel, folder: Path, progress: Progress) -> None:
    """Write the model's folder; `progress` is told what is being done and the share done, 0..1."""
    kept = [index for index, piece in enumerate(model.pieces) if _is_kept(piece)]
    progress("building the tokenizer", 0.05)
    # Not by its own save: on a full disk that raises no OSError.
    (folder / "tokenizer.json").write_text(_tokenizer(model, kept).to_str(), encoding="utf-8")
    progress("unpacking the weights", 0.3)
    _write_weights(model, kept, folder / "model.safetensors", progress)
    progress("writing the settings", 0.95)
    for name, content in _settings(model, [model.pieces[index] for index in kept]).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "2_Normalize").mkdir(exist_ok=True)
    (folder / "NOTICE").write_text(NOTICE, encoding="utf-8")


def _is_kept(piece: str) -> bool:
    return piece in SPECIAL or piece == MASK or all(is_latin_or_mark(char) for char in piece)


def is_latin_or_mark(char: str) -> bool:
    """Return whether a character may stand in a kept piece: Latin, a digit, a mark, no letter."""
    if char < "\u0370":
        return True
    category = unicodedata.category(char)
    if category[0] in "LMN":
        return unicodedata.name(char, "").startswith("LATIN")
    return True


def _tokenizer(model: PackedModel, kept: Sequence[int]) -> "Tokenizer":
    from tokenizers import (
        Regex,
        Tokenizer,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    pieces = [(model.pieces[index], model.scores[index]) for index in kept]
    names = [piece for piece, _ in pieces]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=names.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(_nmt_nfkc()),
            normalizers.Strip(left=False, right=True),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(name, names.index(name)) for name in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens([*SPECIAL, MASK])
    return tokenizer


def _nmt_nfkc() -> bytes:
    """Return sentencepiece's compiled table of its `nmt_nfkc` normalisation.

    The table is compiled into sentencepiece and comes out only inside a trained model, so a model
    of a few words is trained and thrown away.
    """
    import io

    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    words = [f"{left}{right}" for left in "abcdefgh" for right in "ijklmnop"]
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(words),
        model_writer=trained,
        model_type="unigram",
        vocab_size=24,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    messages: Any = sentencepiece_model_pb2
    parsed = messages.ModelProto()
    parsed.ParseFromString(trained.getvalue())
    return bytes(parsed.normalizer_spec.precompiled_charsmap)


def _write_weights(model: PackedModel, kept: Sequence[int], path: Path, progress: Progress) -> None:
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    shape = model.shape
    # In half precision at once: the daemon that prepares the model keeps its largest size.
    halves: dict[str, NDArray[np.float16]] = {
        "embeddings.word_embeddings.weight": _half(
            model.tensor("emb.word", shape.vocabulary, np.asarray(kept))
        ),
        "embeddings.position_embeddings.weight": _half(model.tensor("emb.pos", shape.positions)),
        "embeddings.token_type_embeddings.weight": _half(
            model.tensor("emb.type", shape.token_types)
        ),
        "embeddings.LayerNorm.weight": _half(model.tensor("emb.ln.w")),
        "embeddings.LayerNorm.bias": _half(model.tensor("emb.ln.b")),
        # Mean pooling never asks BERT's pooler; zeros keep loaders from warning of its absence.
        "pooler.dense.weight": np.zeros((shape.hidden, shape.hidden), np.float16),
        "pooler.dense.bias": np.zeros(shape.hidden, np.float16),
    }
    for layer in range(shape.layers):
        for short, full in LAYER_NAMES.items():
            name = f"encoder.layer.{layer}.{full}"
            halves[f"{name}.weight"] = _half(
                model.tensor(f"l{layer}.{short}.w", _rows(model, short))
            )
            halves[f"{name}.bias"] = _half(model.tensor(f"l{layer}.{short}.b"))
        progress("unpacking the weights", 0.3 + 0.6 * (layer + 1) / shape.layers)
    try:
        save_file(halves, path, metadata={"format": "pt"})
    except SafetensorError as error:
        raise OSError(str(error)) from error


def _half(values: "NDArray[np.float32]") -> "NDArray[np.float16]":
    import numpy as np

    return np.ascontiguousarray(values, np.float16)


def _rows(model: PackedModel, short: str) -> int:
    if short.endswith("ln"):
        return 1
    return model.shape.feed_forward if short == "fi" else model.shape.hidden


def _settings(model: PackedModel, pieces: Sequence[str]) -> dict[str, object]:
    shape = model.shape
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float16",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "vocab_size": len(pieces),
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": pieces.index("<pad>"),
            "bos_token_id": pieces.index("<s>"),
            "eos_token_id": pieces.index("</s>"),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": MASK,
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": int(index), "name": index, "path": path, "type": kind}
            for index, path, kind in MODULES
        ],
    }
