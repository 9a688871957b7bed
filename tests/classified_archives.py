"""Archives with articles that a light model tells apart, for the tests of what tags them."""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from archives import NOON, observe, seen
from light_model import LightModel

from config import Topic
from monitor.classifier import Classifiers
from monitor.stages import StageReport, run_stages
from monitor.tagging import TopicsStage
from storage.archive import Archive

SHIPPED = tomllib.loads(files("monitor").joinpath("topics.toml").read_text(encoding="utf-8"))
TOPICS = [
    Topic.model_validate(topic)
    for topic in SHIPPED["topics"]
    if topic["id"] in ("livestream", "minors", "identity-verification")
]
SAYS = {topic.id: topic.examples[0] for topic in TOPICS}
"""For each topic a headline that the light model, too, finds to be about it."""
FERRY = "Bến phà Cồn Én mở lại sau hai tuần sửa chữa"


def classifiers(model: LightModel | None = None, topics: Sequence[Topic] = TOPICS) -> Classifiers:
    """The classifier of these topics with a light model."""
    light = model or LightModel()
    return Classifiers(topics, lambda: light)


def publish(archive: Archive, *titles: str) -> None:
    """Let articles with these titles appear, at `/1`, `/2` and so on, an hour apart."""
    with archive.reading() as tx:
        start = sum(1 for _ in tx.items.every())
    observe(
        archive,
        *(
            seen(f"https://press.example/{n}", n, title=title, text=f"{title}. Tin số {n}.")
            for n, title in enumerate(titles, start + 1)
        ),
    )


def classify(archive: Archive, using: Classifiers) -> StageReport:
    """Let the topics stage read what has appeared."""
    (report,) = run_stages(archive, [TopicsStage(using)], later())
    return report


def topics(archive: Archive) -> dict[int, set[str]]:
    """The topics of the newest text of each item."""
    with archive.reading() as tx:
        return {
            item.id: {tag.topic for tag in tx.findings.tags(revision.id)}
            for item, revision in tx.items.every()
        }


def use_head(archive: Archive, recipe: dict[str, Any], upto: int = 0) -> int:
    """Make a head and put it to use; gives its number."""
    with archive.transaction() as tx:
        head = tx.heads.add(NOON, "light@1", recipe, upto, {})
        tx.heads.use(head.number, NOON)
        return head.number


def later() -> datetime:
    """A moment after all has appeared."""
    return NOON + timedelta(days=9)
