"""The index kept up: words from the log, and vectors of headline and summary, newest first.

Vectors are those that the topics were found with; of texts that have none they are computed here,
stored like the others, and never again. What is read of the archive, and how far, stands in the
watermark of the vectors, so a run that ends anywhere is taken up by the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event as Signal
from time import monotonic
from typing import TYPE_CHECKING

from config import Config
from monitor import passages, signals
from monitor.centring import Centring, version
from monitor.rereading import body_of
from storage import index_vectors
from storage.archive import Archive
from storage.index import Caught, Told, keep_up
from storage.index_folder import IndexTorn, VectorsMark, remove_others, written_alone
from storage.index_following import gap_of, newest_first
from storage.index_items import newest_texts
from storage.index_vectors import Rows, Writer
from storage.models import Item, Revision
from storage.vectors import StoredVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitor.embedding import Embedder

BATCH = 128
"""Items between two watermarks of the vectors."""
MOST_QUESTIONS = 2_000
"""Questions whose vectors are remembered: the same are asked again, filter by filter."""
STAGES = ("topics", "citations", "stories", "lineage")
"""The stages whose findings stand in the words index."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a run did for the vectors.

    Attributes:
        added: items that got a vector in the index; `computed` of them needed the model.
        left: items that are yet to be looked at.
    """

    added: int
    computed: int
    left: int


@dataclass(frozen=True, slots=True)
class _Text:
    item: Item
    revision: Revision
    head: str
    language: str


class Indexer:
    """Keeps the index of an archive up; the model, once loaded, is kept."""

    def __init__(self, config: Config, load: "Callable[[], Embedder]") -> None:
        """`load` gives the model; it is called when the first text or question needs it."""
        self._load = load
        self._wanted = bool(config.topics)
        self._stages = tuple(name for name in STAGES if name != "topics" or config.topics)
        self._centring: Centring | None = None
        self._questions: dict[tuple[str, str], NDArray[np.float32]] = {}

    def words(
        self,
        archive: Archive,
        now: datetime,
        *,
        rebuild: bool = False,
        stop: Signal | None = None,
        on_progress: Told | None = None,
    ) -> Caught:
        """Bring the words up to the log; see `storage.index.keep_up`."""
        return keep_up(
            archive,
            now,
            stages=self._stages,
            rebuild=rebuild,
            stop=stop,
            on_progress=on_progress,
        )

    def vectors(
        self,
        archive: Archive,
        now: datetime,
        *,
        rebuild: bool = False,
        thorough: bool = False,
        stop: Signal | None = None,
        seconds: float | None = None,
        on_progress: Told | None = None,
    ) -> Embedded:
        """Give items their vectors, those first that came last, for `seconds` at most.

        Without topics, which need the model too, vectors are only kept up once there are some;
        with nothing to do the model is not loaded; `thorough` loads it all the same, to see
        whether the vectors are still its own.

        Raises the model's problems; IndexHeld when another process writes the index; the
        archive's own errors.
        """
        until = monotonic() + seconds if seconds is not None else None
        with written_alone(archive.root, "vectors") as folder:
            known = index_vectors.read(folder)
            if known is None and not (self._wanted or rebuild or thorough):
                return Embedded(0, 0, 0)
            gap = gap_of(archive, known)
            if not (rebuild or thorough or gap.items or self._centring):
                return Embedded(0, 0, 0)
            embedder, centring = self._model()
            model = model_of(embedder)
            mark, held = gap.mark, _held(folder, gap.mark)
            if rebuild or held is None or mark is None or mark.model != model or held.is_crowded():
                mark = index_vectors.begun(
                    folder, model, centring.unlike, embedder.dimensions, gap.last, gap.event,
                    gap.highest + 1,
                )  # fmt: skip
                gap = replace(gap, mark=mark, waiting=(), items=gap.highest)
                held = None
            writer = Writer(folder, mark)
            added = computed = seen = 0
            for batch, said in newest_first(archive, gap, mark, BATCH):
                missing = _missing(batch, held)
                texts = _texts(archive, missing)
                vectors, fresh = self._of(archive, embedder, texts)
                languages = [text.language for text in texts]
                writer.add(
                    [text.item.id for text in texts],
                    [text.revision.id for text in texts],
                    centring.aligned(vectors, languages),
                    replace(
                        said,
                        rows=writer.mark.rows,
                        graph=writer.mark.graph,
                        graphed=writer.mark.graphed,
                        at=now.isoformat(),
                    ),
                )
                added, computed = added + len(texts), computed + fresh
                seen += len(batch)
                if on_progress is not None:
                    on_progress(seen, max(gap.items, seen))
                if (stop is not None and stop.is_set()) or (until and monotonic() > until):
                    break
            while writer.grow() and not (stop is not None and stop.is_set()):
                pass
            kept = {f"{writer.mark.file}.i8", f"{writer.mark.file}.ids", writer.mark.graph}
            remove_others(folder, "vectors-*", kept)
            return Embedded(added, computed, max(gap.items - seen, 0))

    def encode(self, text: str, language: str) -> "NDArray[np.float32]":
        """The aligned unit vector of a question; `language` is vi, en or "" where unknown.

        Raises the model's problems.
        """
        embedder, centring = self._model()
        key = (text, signals.language_of(text, language))
        vector = self._questions.get(key)
        if vector is None:
            vector = centring.aligned(embedder.encode([text]), [key[1]])[0]
            if len(self._questions) >= MOST_QUESTIONS:
                self._questions.clear()
            self._questions[key] = vector
        return vector

    def model(self) -> str:
        """What the vectors of questions are made by. Raises the model's problems."""
        return model_of(self._model()[0])

    def _model(self) -> "tuple[Embedder, Centring]":
        embedder = self._load()
        self._centring = self._centring or Centring(embedder)
        return embedder, self._centring

    def _of(
        self, archive: Archive, embedder: "Embedder", texts: Sequence[_Text]
    ) -> "tuple[NDArray[np.float32], int]":
        """The vectors of texts, as they are stored; how many had to be computed."""
        import numpy as np

        from monitor import passage_vectors

        name = f"{embedder.name}@{embedder.version}"
        with archive.reading() as tx:
            numbers = [text.revision.id for text in texts]
            stored = tx.vectors.get(numbers, name, passages.VERSION)
        known = {number: head for number, one in stored.items() if (head := _head(one)) is not None}
        fresh = [text for text in texts if text.revision.id not in known]
        encoded = passage_vectors.encode(embedder, {text.head for text in fresh})
        if fresh:
            with archive.transaction() as tx:
                for text in fresh:
                    number = text.revision.id
                    places, rows = _with_head(encoded[text.head], stored.get(number))
                    tx.vectors.put(
                        number, name, passages.VERSION, places, rows, embedder.dimensions
                    )
        found = [
            known[text.revision.id] if text.revision.id in known else encoded[text.head]
            for text in texts
        ]
        if not found:
            return np.zeros((0, embedder.dimensions), np.float32), 0
        return np.stack(found).astype(np.float32), len(fresh)


def encoder_of(config: Config) -> "Callable[[str, str], NDArray[np.float32]]":
    """What makes the vectors of questions; the model is loaded by the first."""
    from monitor.classifier import classifiers_of

    return Indexer(config, classifiers_of(config).embedder).encode


def model_of(embedder: "Embedder") -> str:
    """What vectors of the index are made by: those of another are not comparable with them."""
    return f"{embedder.name}@{embedder.version}/{passages.VERSION}/aligned-{version()}"


def _held(folder: Path, mark: VectorsMark | None) -> Rows | None:
    """The vectors that there are; None where there are none, or they are torn."""
    try:
        return Rows(folder, mark) if mark is not None else None
    except IndexTorn:
        return None


def _missing(item_ids: Sequence[int], held: Rows | None) -> dict[int, int]:
    """Of these items, by number, the revision that the index has a vector of, -1 for none."""
    import numpy as np

    if held is None:
        return dict.fromkeys(item_ids, -1)
    revisions = held.revision_of(np.asarray(item_ids, np.int64))
    return dict(zip(item_ids, map(int, revisions), strict=True))


def _texts(archive: Archive, known: dict[int, int]) -> list[_Text]:
    with archive.reading() as tx:
        found = newest_texts(tx, list(known))
    return [_text(item, revision) for item, revision in found if known.get(item.id) != revision.id]


def _text(item: Item, revision: Revision) -> _Text:
    body = body_of(revision.text, item.kind)[:2_000]
    head = passages.of(revision.title, revision.summary, body)[0].in_context()
    return _Text(item, revision, head, signals.language_of(head, revision.language))


def _head(stored: StoredVectors) -> "NDArray[np.float16] | None":
    """The vector of the first passage, where it is among the stored ones."""
    import numpy as np

    if 0 not in stored.passages:
        return None
    rows = np.frombuffer(stored.vectors, np.float16).reshape(-1, stored.dimensions)
    head: NDArray[np.float16] = rows[stored.passages.index(0)]
    return head


def _with_head(
    head: "NDArray[np.float16]", stored: StoredVectors | None
) -> tuple[tuple[int, ...], bytes]:
    """What is to be stored of a text: its head's vector, before those that it had."""
    if stored is None:
        return (0,), head.tobytes()
    return (0, *stored.passages), head.tobytes() + stored.vectors
