"""What a digest is made of: frozen facts, which each rendering shows in its own way."""

from dataclasses import dataclass
from datetime import date, datetime

GROUPS = {
    "state": "State media",
    "official": "Official",
    "independent": "Independent",
    "international": "International",
}
"""The kinds of sources, in the order in which outlets are named."""


@dataclass(frozen=True, slots=True)
class Telling:
    """That an outlet told a story: its page and when we first saw it."""

    source: str
    name: str
    group: str
    title: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story as it was told within the digest's days, the first telling first.

    `first_by` saw it first of all, at `first_at`, which may be before these days. `also` are its
    other topics; `story` and `items` find it again in the archive.
    """

    title: str
    url: str
    tellings: tuple[Telling, ...]
    first_by: str
    first_at: datetime
    is_new: bool
    also: tuple[str, ...]
    story: int | None
    items: tuple[int, ...]

    def outlets(self) -> list[tuple[str, list[Telling]]]:
        """The tellings by kind of outlet, one an outlet: state media first."""
        first = {one.source: one for one in reversed(self.tellings)}
        told = sorted(first.values(), key=lambda one: (one.at, one.source))
        by_group = [
            (name, [one for one in told if one.group == group]) for group, name in GROUPS.items()
        ]
        other = [one for one in told if one.group not in GROUPS]
        return [pair for pair in [*by_group, ("Other", other)] if pair[1]]


@dataclass(frozen=True, slots=True)
class TopicPart:
    """A topic's stories, those that most outlets told first."""

    id: str
    name: str
    stories: tuple[StoryLine, ...]


@dataclass(frozen=True, slots=True)
class ChangesFound:
    """A comparison of two texts: `counts` by severity, the gravest of them in one line each.

    `said_vi` are these lines in Vietnamese, "" for one that is not known in it.
    """

    comparison: int
    instrument: str
    name: str
    stage: str
    title: str
    counts: dict[str, int]
    in_words: str
    probable: int
    gravest: tuple[tuple[str, str, str], ...]
    said_vi: tuple[str, ...]
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InstrumentPart:
    """A watched instrument: how it stands on the last day, and what became of it meanwhile."""

    id: str
    name: str
    status: str
    since: date | None
    texts: int
    news: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day on which something falls due, `left` days after the digest's last day."""

    on: date
    left: int
    kind: str
    what: str
    instrument: str
    name: str
    confidence: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A page on a topic that was edited (`how` is edited) or taken away (removed)."""

    how: str
    title: str
    url: str
    source: str
    name: str
    topics: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A source's health: `status` is ok, silent, drifting, failing or never asked."""

    id: str
    name: str
    group: str
    status: str
    reasons: tuple[str, ...]
    last_success: datetime | None
    items: int


@dataclass(frozen=True, slots=True)
class Number:
    """A count of these days beside that of the same weekdays before."""

    label: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many articles on a topic one day brought, and the same weekday before."""

    day: date
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The days from `first` to `last` (both included) in the reader's zone, on one page.

    `is_over` is false while the last day goes on. `notes` are what the reader must know of the
    digest itself, such as days that none was sent for. `undelivered` are messages given up.
    """

    first: date
    last: date
    zone: str
    made_at: datetime
    is_over: bool
    topics: tuple[TopicPart, ...]
    changes: tuple[ChangesFound, ...]
    instruments: tuple[InstrumentPart, ...]
    deadlines: tuple[DueDay, ...]
    ahead: int
    touched: tuple[Touched, ...]
    sources: tuple[SourcePart, ...]
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]
    weeks_before: int
    old: int
    undelivered: int
    notes: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The day, or the range, as a key: `2031-06-02` or `2031-06-02..2031-06-08`."""
        first, last = self.first.isoformat(), self.last.isoformat()
        return first if first == last else f"{first}..{last}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened: no story, change, edit, removal or news of an instrument."""
        news = any(one.news for one in self.instruments)
        return not (self.topics or self.changes or self.touched or news)

    @property
    def troubled(self) -> tuple[SourcePart, ...]:
        """The sources that are not well."""
        return tuple(one for one in self.sources if one.status != "ok")
