"""A digest's stories by topic: what was told, by whom, and who was first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from alerts.digest_parts import StoryLine, Telling, TopicPart
from alerts.names import Names
from alerts.wording import one_line
from config import Config
from storage.archive import Transaction
from storage.day_reading import Arrival, first_tellings

OLD = timedelta(days=7)
"""A page that claims to be older than this when it is first seen is no news of the day."""


def split_old(came: Sequence[Arrival]) -> tuple[list[Arrival], list[Arrival]]:
    """What is about a topic: news first, and what was old when it was first seen."""
    news: list[Arrival] = []
    old: list[Arrival] = []
    for one in came:
        if one.topics:
            claimed = one.published_at or one.first_seen
            (old if claimed < one.first_seen - OLD else news).append(one)
    return news, old


def topics(
    tx: Transaction, config: Config, came: Sequence[Arrival], since: datetime
) -> tuple[TopicPart, ...]:
    """The stories by their best topic, in the configuration's order of topics.

    An item that no story holds is a story of its own.
    """
    stories: dict[tuple[str, int], list[Arrival]] = {}
    for one in came:
        key = ("item", one.item) if one.story is None else ("story", one.story)
        stories.setdefault(key, []).append(one)
    firsts = first_tellings(tx, [number for kind, number in stories if kind == "story"])
    names = Names.of(config)
    groups = {one.id: one.kind for one in config.sources}
    by_topic: dict[str, list[StoryLine]] = {}
    for (kind, number), told in stories.items():
        ranked = _ranked_topics(told)
        story = number if kind == "story" else None
        first = firsts.get(number) if story is not None else None
        line = _line(told, first, story, since, names, groups, ranked[1:])
        by_topic.setdefault(ranked[0], []).append(line)
    order = [one.id for one in config.topics]
    return tuple(
        TopicPart(topic, names.topic(topic), tuple(sorted(by_topic[topic], key=_most_told)))
        for topic in [*order, *sorted(set(by_topic) - set(order))]
        if topic in by_topic
    )


def _ranked_topics(told: Sequence[Arrival]) -> list[str]:
    """The story's topics: those of most of its items, then those of the highest scores."""
    counted = Counter(topic for one in told for topic, _ in one.topics)
    scores: dict[str, float] = {}
    for one in told:
        for topic, score in one.topics:
            scores[topic] = max(score, scores.get(topic, 0.0))
    return sorted(counted, key=lambda topic: (-counted[topic], -scores[topic], topic))


def _line(
    told: Sequence[Arrival],
    first: tuple[str, datetime] | None,
    story: int | None,
    since: datetime,
    names: Names,
    groups: Mapping[str, str],
    also: Sequence[str],
) -> StoryLine:
    tellings = tuple(
        Telling(
            source=one.source,
            name=one_line(names.source(one.source)),
            group=groups.get(one.source, ""),
            title=one_line(one.title) or one_line(one.url),
            url=one.url,
            at=one.first_seen,
        )
        for one in told
    )
    source, at = first or (told[0].source, told[0].first_seen)
    return StoryLine(
        title=tellings[0].title,
        url=tellings[0].url,
        tellings=tellings,
        first_by=one_line(names.source(source)),
        first_at=at,
        is_new=at >= since,
        also=tuple(names.topic(topic) for topic in also),
        story=story,
        items=tuple(one.item for one in told),
    )


def _most_told(line: StoryLine) -> tuple[int, datetime, str]:
    return -len({one.source for one in line.tellings}), line.tellings[0].at, line.url
