"""Saved searches by meaning: how like a sentence the passages of a text are, in either language.

A vector says a text's subject and its language; the mean of each language is taken out, so that
a sentence in one finds texts in the other. The means are those of the shipped background.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor import passage_vectors, passages, signals
from monitor.centring import Centring
from monitor.rereading import body_of
from storage.archive import Archive
from storage.models import Revision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a sentence a text is, -1..1, and the passage that is most so."""

    score: float
    passage: str


class Meanings:
    """Compares texts with sentences; the model is loaded when the first text is compared."""

    def __init__(self, load: "Callable[[], Embedder]") -> None:
        self._load = load
        self._centring: Centring | None = None
        self._sentences: dict[str, NDArray[np.float32]] = {}

    def compare(
        self, sentences: Sequence[str], texts: Sequence[tuple[Revision, str]], archive: Archive
    ) -> list[list[Likeness]]:
        """For each text (a revision, and its item's kind), its likeness to each sentence.

        Passages of which vectors are kept are compared by these; of a text of which none are,
        headline and summary are encoded. Raises the model's problems.
        """
        import numpy as np

        if not texts:
            return []
        embedder = self._load()
        self._centring = self._centring or Centring(embedder)
        centred = self._centring.centred
        wanted = np.stack([self._sentence(embedder, self._centring, one) for one in sentences])
        return [
            _likest(wanted @ centred(vectors, [language] * len(vectors)).T, parts)
            for vectors, language, parts in self._vectors(embedder, texts, archive)
        ]

    def _vectors(
        self, embedder: "Embedder", texts: Sequence[tuple[Revision, str]], archive: Archive
    ) -> "list[tuple[NDArray[np.float32], str, list[str]]]":
        import numpy as np

        numbers = [revision.id for revision, _ in texts]
        with archive.reading() as tx:
            model = f"{embedder.name}@{embedder.version}"
            kept = tx.vectors.get(numbers, model, passages.VERSION)
        cut = [_passages(revision, kind) for revision, kind in texts]
        heads = {parts[0] for parts, number in zip(cut, numbers, strict=True) if number not in kept}
        fresh = passage_vectors.encode(embedder, heads)
        found = []
        for (revision, _), parts in zip(texts, cut, strict=True):
            language = signals.language_of(parts[0], revision.language)
            stored = kept.get(revision.id)
            if stored is None or not stored.passages:
                if parts[0] not in fresh:
                    fresh |= passage_vectors.encode(embedder, [parts[0]])
                found.append((fresh[parts[0]][None].astype(np.float32), language, parts[:1]))
                continue
            rows = np.frombuffer(stored.vectors, "<f2").reshape(-1, stored.dimensions)
            said = [parts[place] if place < len(parts) else parts[0] for place in stored.passages]
            found.append((rows.astype(np.float32), language, said))
        return found

    def _sentence(
        self, embedder: "Embedder", centring: Centring, sentence: str
    ) -> "NDArray[np.float32]":
        if sentence not in self._sentences:
            language = signals.language_of(sentence, "")
            self._sentences[sentence] = centring.centred(embedder.encode([sentence]), [language])[0]
        return self._sentences[sentence]


def _likest(scores: "NDArray[np.float32]", parts: Sequence[str]) -> list[Likeness]:
    best = scores.argmax(axis=1)
    return [
        Likeness(round(float(row[place]), 4), parts[place])
        for row, place in zip(scores, best, strict=True)
    ]


def _passages(revision: Revision, kind: str) -> list[str]:
    cut = passages.of(revision.title, revision.summary, body_of(revision.text, kind))
    return [one.in_context() for one in cut]
