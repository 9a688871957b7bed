"""The classifier in use: what the configuration says, and the head that was put to use last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from config import Config, Topic
from storage.archive import Archive
from storage.models_topics import Head
from storage.problems import Problem

if TYPE_CHECKING:
    from monitor.embedding import Embedder
    from monitor.gate import Gate
    from monitor.topics import Example, Recipe, TopicTagger


class HeadUnusable(Problem):
    """A head whose recipe this version of the program does not know."""

    kind: ClassVar[str] = "head-unusable"


class NoTopics(Problem):
    """There is nothing to classify by."""

    kind: ClassVar[str] = "no-topics"


@dataclass(frozen=True, slots=True)
class InUse:
    """A classifier.

    Attributes:
        tagger: reads texts.
        model: the embedder's name@version; vectors are stored under it.
        topics: the ids that it knows.
        head: the number of the head that was put to use, 0 for the configuration alone.
    """

    tagger: "TopicTagger"
    model: str
    topics: frozenset[str]
    head: int

    @property
    def version(self) -> str:
        """Equal versions give equal tags."""
        return self.tagger.version


class Classifiers:
    """Gives the classifier in use, fitted anew when another head was put to use meanwhile."""

    def __init__(self, topics: Sequence[Topic], load: "Callable[[], Embedder]") -> None:
        """Take the declared topics, and how the model is loaded.

        `load` is called once, when the first text is to be read: it takes seconds.
        """
        self._topics = tuple(topics)
        self._load = load
        self._loading = Lock()
        self._embedder: Embedder | None = None
        self._in_use: InUse | None = None

    def of(self, archive: Archive | None) -> InUse:
        """The classifier that an archive uses now; without one, the configuration alone.

        Raises the model's problems, TopicUnclear, NoTopics or HeadUnusable.
        """
        head = _active(archive)
        number = head.number if head is not None else 0
        if self._in_use is None or self._in_use.head != number:
            self._in_use = self._fitted(archive, head)
        return self._in_use

    def embedder(self) -> "Embedder":
        """The model, loaded by now. Raises the model's problems."""
        with self._loading:
            self._embedder = self._embedder or self._load()
            return self._embedder

    def gate(self) -> "Gate":
        """What rejects texts before the model reads them, before a head teaches it more.

        Raises TopicUnclear.
        """
        return _gate_of(self._topics)

    def _fitted(self, archive: Archive | None, head: Head | None) -> InUse:
        from monitor.topics import TopicTagger

        if not self._topics:
            raise NoTopics("no topic is declared: add [[topics]] to config.toml")
        embedder, gate = self.embedder(), self.gate()
        lessons, recipe = self._learned(archive, head) if archive and head else ([], None)
        return InUse(
            tagger=TopicTagger(embedder, self._topics, lessons=lessons, recipe=recipe, gate=gate),
            model=f"{embedder.name}@{embedder.version}",
            topics=frozenset(topic.id for topic in self._topics),
            head=head.number if head is not None else 0,
        )

    def _learned(self, archive: Archive, head: Head) -> "tuple[list[Example], Recipe]":
        from monitor.topics import Recipe
        from monitor.training import lessons_of

        try:
            recipe = Recipe(**head.recipe)
        except TypeError as error:
            raise HeadUnusable(
                f"head {head.number} was made by another version of the program ({error}). "
                "Train a new one (decreewatch train) or use another (decreewatch heads)."
            ) from error
        with archive.reading() as tx:
            labelled = tx.labels.lessons(head.labels_upto)
        return lessons_of(labelled, self._topics), recipe


@lru_cache(maxsize=4)
def _gate_of(topics: tuple[Topic, ...]) -> "Gate":
    from threadpoolctl import threadpool_limits

    from monitor.gate import fit

    # On a busy machine several threads fit models this small many times slower than one.
    with threadpool_limits(limits=1, user_api="blas"):
        return fit(topics)


def _active(archive: Archive | None) -> Head | None:
    if archive is None:
        return None
    with archive.reading() as tx:
        return tx.heads.active()


def classifiers_of(
    config: Config, *, progress: Callable[[str, float], None] | None = None
) -> Classifiers:
    """The classifiers of a configuration, with the model that it names."""

    def load() -> "Embedder":
        from monitor.embedding import load

        chosen = config.embedding
        return load(
            chosen.model,
            config.storage.models_path,
            progress=progress,
            threads=chosen.threads or None,
            precision=chosen.precision,
        )

    return Classifiers(config.topics, load)
