"""A rival to the gate of words: static embeddings distilled from the tagger's own transformer.

Each vocabulary piece goes through the transformer alone; of the vectors the 256 leading components
are kept and weighted by how rare the piece is (model2vec's recipe: Tulkens and van Dongen, 2024;
the weights are those of Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence
embeddings", 2017). A text is the mean of its pieces. Only pieces of the texts to be read are
distilled: the others make no difference to the figures.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from tokenizers import Tokenizer

from config import Topic
from monitor import signals, topic_examples
from monitor.embedding import Embedder
from monitor.gate import LOSS

COMPONENTS = 256
RARENESS = 1e-3
BATCH = 1_024
SPACE = "\u2581"


@dataclass(frozen=True, slots=True)
class StaticTier:
    """Attributes: `means` of the languages in `model`; `head` with the least score let through."""

    model: SentenceTransformer
    means: dict[str, NDArray[np.float32]]
    head: LogisticRegression
    threshold: float

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how far each text lies above what is let through; below 0: rejected."""
        languages = [signals.language_of(text, "") for text in texts]
        vectors = _encoded(self.model, texts) - np.stack([self.means[one] for one in languages])
        return np.asarray(self.head.decision_function(vectors) - self.threshold, np.float64)


def distilled(
    embedder: Embedder, folder: Path, topics: Sequence[Topic], texts: Sequence[str]
) -> StaticTier:
    """Distil the model prepared in `folder`, and fit a head on the topics as the gate does."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    examples = [one for one in topic_examples.gathered(topics, []) if one.relevant is not None]
    read = [*(one.text for one in examples), *texts]
    pieces = sorted({piece for one in tokenizer.encode_batch(read) for piece in one.ids})
    model = SentenceTransformer(
        modules=[
            StaticEmbedding(tokenizer, embedding_weights=_weights(embedder, tokenizer, pieces))
        ],
        device="cpu",
    )
    vectors = _encoded(model, [one.text for one in examples])
    languages = np.array([one.language for one in examples])
    means = {name: vectors[languages == name].mean(axis=0) for name in ("vi", "en")}
    centred = vectors - np.stack([means[name] for name in languages])
    target = np.array([bool(one.relevant) for one in examples])
    head = LogisticRegression(C=10, class_weight="balanced", max_iter=2_000)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    unseen = cross_val_predict(head, centred, target, cv=folds, method="decision_function")
    threshold = float(np.quantile(unseen[target], LOSS, method="lower"))
    return StaticTier(model, means, head.fit(centred, target), threshold)


def _weights(
    embedder: Embedder, tokenizer: Tokenizer, pieces: Sequence[int]
) -> NDArray[np.float32]:
    names = [tokenizer.id_to_token(piece) or "" for piece in pieces]
    vectors = embedder.encode([name.replace(SPACE, " ").strip() or name for name in names])
    reduced = PCA(min(COMPONENTS, len(pieces)), random_state=0).fit_transform(vectors)
    chances = _chances(tokenizer)
    rarity = RARENESS / (RARENESS + np.array([chances.get(name, 0.0) for name in names]))
    weights = np.zeros((tokenizer.get_vocab_size(), reduced.shape[1]), np.float32)
    weights[pieces] = reduced * rarity[:, None]
    return weights


def _chances(tokenizer: Tokenizer) -> dict[str, float]:
    """Return how often each piece of a Unigram vocabulary stands in text, as its scores say."""
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    return {name: math.exp(score) for name, score in vocabulary if score < 0}


def _encoded(model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
    vectors = model.encode(list(texts), batch_size=BATCH, show_progress_bar=False)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
