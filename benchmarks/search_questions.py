"""What is asked while it is timed: questions drawn from the titles of the items themselves."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from benchmarks.search_items import TOPICS, Told
from storage.search import Filters

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a reader types it, what it is narrowed to, and its words for others' search."""

    query: str
    filters: Filters
    words: tuple[str, ...]
    phrase: bool


def questions(items: Sequence[Told], count: int, seed: int = 5) -> list[Question]:
    """Questions of every kind: one word, two neighbours, a phrase, three words, a whole title.

    A quarter are narrowed, to a topic or to the days around an item. Common words are asked as
    often as they are common.
    """
    chance = random.Random(seed)
    found: list[Question] = []
    while len(found) < count:
        told = chance.choice(items)
        words = _WORD.findall(told.title)
        if len(words) < 4:
            continue
        at = chance.randrange(len(words) - 2)
        kind = len(found) % 5
        chosen = (
            words[at : at + 1],
            words[at : at + 2],
            words[at : at + 2],
            chance.sample(words, 3),
            words[:9],
        )[kind]
        typed = " ".join(chosen)
        found.append(
            Question(
                f'"{typed}"' if kind == 2 else typed,
                _narrowed(chance, told.at) if len(found) % 4 == 3 else Filters(),
                tuple(chosen),
                kind == 2,
            )
        )
    return found


def _narrowed(chance: random.Random, at: datetime) -> Filters:
    if chance.random() < 0.5:
        return Filters(topics=(chance.choice(TOPICS),))
    day: date = at.date()
    return Filters(since=day - timedelta(days=30), until=day + timedelta(days=30))
