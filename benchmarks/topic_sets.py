"""The articles that topic taggers are measured on, each with the topics that a reader gives it."""

import csv
import gzip
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from config import Topic
from monitor.topics import TaggedText

ROOT = Path(__file__).resolve().parents[1]
ITEMS = ROOT / "benchmarks" / "topic_items"
NAMES = {"telecom_sim": "telecom", "arrests_speech": "speech-prosecution", "games": "online-games"}
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
SAME_STORY = 0.4
"""Headlines that share this much of their words (Jaccard's coefficient) tell the same story."""

Topics = frozenset[str]
Kind = Literal["on", "near", "foreign", "easy"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its topics; none means off-topic.

    Attributes:
        kind: `near` are near misses, `foreign` the rules of other countries.
        source_id, published_at: what it is split by for cross-validation.
    """

    item: TaggedText
    topics: Topics
    kind: Kind
    url: str = ""
    source_id: str = ""
    published_at: datetime = NO_DAY

    @property
    def title(self) -> str:
        return self.item.title

    @property
    def summary(self) -> str:
        return self.item.summary

    @property
    def relevant(self) -> bool:
        return self.kind == "on"


@dataclass(frozen=True, slots=True)
class TestSet:
    name: str
    rows: tuple[Labelled, ...]


def declared_topics() -> list[Topic]:
    text = (ROOT / "monitor" / "topics.toml").read_text(encoding="utf-8")
    return [Topic.model_validate(topic) for topic in tomllib.loads(text)["topics"]]


def all_sets(corpus: Path | None) -> list[TestSet]:
    """Return the sets that no system is trained on; those of the corpus where there is one."""
    sets = [
        TestSet("blind test set, short", tuple(invented("test_short"))),
        TestSet("blind test set, whole articles", tuple(invented("test_long"))),
        TestSet("newsroom", tuple(newsroom())),
    ]
    if corpus:
        sets += [
            TestSet("seeds", tuple(seeds(corpus / "seeds"))),
            TestSet("articles of the corpus", tuple(full_articles(corpus))),
        ]
    return [one for one in sets if one.rows]


def labelled_items(corpus: Path) -> list[Labelled]:
    """Return the labelled feed items, oldest first; borderline ones are left out."""
    with (corpus / "news" / "labelled_items.tsv").open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream, delimiter="\t"), key=lambda row: row["date"])
    found = []
    for row in rows:
        label, _, names = row["label"].partition(";")[0].partition(":")
        if label == "border":
            continue
        kind: Kind = "easy"
        if label in ("on", "near"):
            kind = "on" if label == "on" else "near"
        elif label.startswith("off_foreign"):
            kind = "foreign"
        topics = (NAMES.get(name, name.replace("_", "-")) for name in names.split(","))
        found.append(
            Labelled(
                TaggedText(row["title"], row["summary"], "", "vi"),
                frozenset(topics) if kind == "on" else frozenset(),
                kind,
                row["link"],
                row["outlet"],
                datetime.fromisoformat(row["date"]).replace(tzinfo=UTC),
            )
        )
    return found


def invented(name: str) -> list[Labelled]:
    lines = (ITEMS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Labelled(
            TaggedText(row["title"], row["summary"], row["text"], row["language"]),
            frozenset(row["topics"]),
            row["kind"],
        )
        for row in map(json.loads, lines)
    ]


def newsroom() -> list[Labelled]:
    """Return the invented newsroom's articles; its traps count as near misses."""
    from newsroom import press, truth

    expected, traps = truth.expected_topics(), truth.traps()
    found = []
    for article in press.articles():
        kind: Kind = "near" if article.key in traps else "easy"
        found.append(
            Labelled(
                TaggedText(article.title, article.sapo, article.text, ""),
                frozenset(expected.get(article.key, ())),
                "on" if article.key in expected else kind,
            )
        )
    return found


def seeds(folder: Path) -> list[Labelled]:
    """Return the seeds with the topics of `full_articles.tsv`."""
    labels = {row["url"] or row["file"]: row["label"] for row in _full_labels()}
    labels |= {row["file"]: row["label"] for row in _full_labels()}
    found = []
    for path in sorted(folder.glob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n")
        kind, topics = _kind_and_topics(labels.get(f"seeds/{path.name}", "on"))
        found.append(Labelled(TaggedText(title, "", text, "en"), topics, kind))
    return found


def full_articles(corpus: Path) -> list[Labelled]:
    """Return the labelled whole articles but the seeds; what the label is unsure of is left out."""
    rows = [
        row
        for row in _full_labels()
        if row["sure"] == "yes" and not row["file"].startswith("seeds/")
    ]
    wanted = {row["url"] for row in rows}
    stored = {}
    for name in sorted({row["file"] for row in rows if ".jsonl" in row["file"]}):
        with gzip.open(corpus / name, "rt", encoding="utf-8") as stream:
            for line in stream:
                article = json.loads(line)
                if article["url"] in wanted:
                    stored[article["url"]] = article
    found = []
    for row in rows:
        kind, topics = _kind_and_topics(row["label"])
        if row["url"] in stored:
            article = stored[row["url"]]
            item = TaggedText(
                article["title"], article["description"], article["content"], row["language"]
            )
        else:
            item = _page(corpus / row["file"], row["url"], row["language"])
        found.append(Labelled(item, topics, kind, row["url"]))
    return found


def without_stories_of(rows: Iterable[Labelled], tested: Sequence[Labelled]) -> list[Labelled]:
    """Return the rows that tell no story that is tested: neither by address nor by headline."""
    addresses = {one.url for one in tested if one.url}
    headlines = [_words(one.title) for one in tested]
    return [
        row
        for row in rows
        if row.url not in addresses
        and all(_shared(_words(row.title), words) < SAME_STORY for words in headlines)
    ]


def _full_labels() -> list[dict[str, str]]:
    path = ITEMS / "full_articles.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _kind_and_topics(label: str) -> tuple[Kind, Topics]:
    name, _, topics = label.partition(":")
    kinds: dict[str, Kind] = {"on": "on", "near": "near", "foreign": "foreign"}
    kind = kinds.get(name, "easy")
    return kind, frozenset(topics.split(",")) if kind == "on" and topics else frozenset()


def _page(path: Path, url: str, language: str) -> TaggedText:
    from spiders.extract import extract

    body = path.read_bytes()
    article = extract(gzip.decompress(body) if path.suffix == ".gz" else body, url)
    return TaggedText(article.title, article.summary, article.text, language)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
