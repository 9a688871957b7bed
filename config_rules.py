"""The sections of the configuration that say what is told, when, and how much at once."""

import re
from datetime import time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from config_queries import parse_query
from config_sections import Id, Section, Span

Condition = Literal[
    "draft-revised",
    "enacted",
    "coverage",
    "edited",
    "removed",
    "named",
    "source-failing",
    "source-silent",
    "source-drift",
    "status",
    "deadline",
    "surge",
    "search",
    "delivery",
]
Severity = Literal["critical", "major", "minor"]

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _hours(value: str) -> str:
    found = _HOURS.fullmatch(value)
    if value and (found is None or found.group(1, 2) == found.group(3, 4)):
        raise ValueError('hours such as "22:00-07:00", or "" for none')
    return value


def _a_day_at_most(value: float) -> float:
    if value > 86400:
        raise ValueError('at most a day, such as "30s", "5m" or "1d"')
    return value


Hours = Annotated[str, AfterValidator(_hours)]
"""Hours of the day in the reader's zone, "22:00-07:00"; "" is none."""
Pause = Annotated[Span, AfterValidator(_a_day_at_most)]
"""For how long a message may be held."""


def span_of(hours: str) -> tuple[time, time] | None:
    """Read `Hours` as its two ends; None where there are none."""
    if not hours:
        return None
    first, last = hours.split("-")
    return time.fromisoformat(first), time.fromisoformat(last)


class Group(Section):
    """How alerts of a rule are told together; times in seconds.

    `by` says which belong together: those of the same rule, topic, source, or thread (story,
    instrument). The first waits `wait` for others; later ones wait until `interval` after the
    last message. `repeat` tells an alert again until somebody acknowledges it.
    """

    by: Literal["none", "rule", "topic", "source", "thread"] = "none"
    wait: Pause = 30.0
    interval: Pause = 300.0
    repeat: Span | None = None


class Rule(Section):
    """When an alert is raised, how severe it is and who is told.

    `on` is the condition; `topics`, `sources` and `instruments` narrow it (empty: all). A rule
    on `search` names a `query` (words, "phrases", -not, OR), or as `meaning` a sentence that
    texts must be like (by at least `likeness`, a cosine), or both: either finds; or the name of
    a search that was `saved` in the archive. `quiet`
    overrides the quiet hours of the configuration ("" is none). A rule that is not `enabled`
    raises nothing; `decreewatch rules try` says what it would.
    """

    id: Id
    on: Condition
    channels: tuple[Id, ...] = Field(min_length=1)
    severity: Severity = "major"
    topics: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()
    instruments: tuple[Id, ...] = ()
    query: str = ""
    meaning: str = ""
    saved: str = ""
    likeness: float = Field(default=0.4, gt=0, lt=1)
    days: tuple[int, ...] = (30, 7, 1)
    group: Group = Group()
    quiet: Hours | None = None
    enabled: bool = True

    @model_validator(mode="after")
    def _knows_what_to_search(self) -> Self:
        own = bool(self.query.strip() or self.meaning.strip())
        if self.on == "search" and own == bool(self.saved.strip()):
            raise ValueError("query or meaning for a rule on search, or else saved, by its name")
        if self.on != "search" and (self.query or self.meaning or self.saved):
            raise ValueError('query, meaning and saved only where on = "search"')
        return self

    @field_validator("query")
    @classmethod
    def _can_be_searched_for(cls, value: str) -> str:
        if value.strip():
            parse_query(value)
        return value


class Quiet(Section):
    """When nobody is disturbed: what is not critical waits for the end of these hours."""

    hours: Hours = ""
