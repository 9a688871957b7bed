"""What the API says of instruments: the shapes of its answers."""

from datetime import date, datetime

from pydantic import Field, JsonValue

from web.api.models import Answer


class InstrumentSummary(Answer):
    """An instrument that is watched, or that texts name."""

    id: str = Field(description="A watched instrument's id, else its number.")
    number: str
    name: str
    watched: bool
    status: str | None = Field(description="How it stands today, by what is known.")


class InstrumentList(Answer):
    """The watched instruments, and those that articles of late name the most."""

    items: list[InstrumentSummary]


class Version(Answer):
    """A text of an instrument."""

    id: int
    stage: str = Field(description="base, draft or enacted.")
    item: int
    revision: int
    at: datetime
    reason: str


class Status(Answer):
    """What became of an instrument, from when on, and the text that says so."""

    status: str
    since: date | None
    by_instrument: str
    basis: str
    item: int
    revision: int
    reason: str
    at: datetime


class Deadline(Answer):
    """A day on which something about an instrument falls due."""

    id: int
    kind: str
    on_date: date
    place: str
    text: str
    by_instrument: str
    confidence: str
    item: int
    revision: int
    found_at: datetime
    gone_at: datetime | None = Field(description="When a later text no longer said it.")


class StatedValue(Answer):
    """A deadline, threshold, fine or date that a provision states, with the words around it."""

    eid: str
    place: str
    heading: str
    type: str
    english: str
    vietnamese: str
    anchor: str = Field(description="From when on it runs, in the text's own words.")
    before: str
    text: str
    after: str


class Statements(Answer):
    """What a legal text says in figures, in its order."""

    language: str
    provisions: int
    values: list[StatedValue]


class ComparisonRef(Answer):
    """A comparison that is stored: `/compare?old=&new=` gives it."""

    id: int
    old: int
    new: int
    made_at: datetime
    counts: dict[str, int] = Field(description="Certain changes by severity.")


class WeekOfCoverage(Answer):
    """How many articles of a week name an instrument."""

    monday: date
    by_kind: dict[str, int] = Field(description="By the kind of their sources.")


class Instrument(InstrumentSummary):
    """An instrument: its texts, what became of it, its days, and its comparisons."""

    versions: list[Version]
    statuses: list[Status]
    deadlines: list[Deadline]
    comparisons: list[ComparisonRef]
    named_in: list[int] = Field(description="The last articles that name it, newest first.")
    coverage: list[WeekOfCoverage] = Field(description="The last 26 weeks, the oldest first.")


class Side(Answer):
    """One of two texts that are compared."""

    title: str | None
    number: str | None
    date: str | None
    provisions: int


class Comparison(Answer):
    """What changed between two texts; the form of `decreewatch compare --json`."""

    old: Side
    new: Side
    links: list[dict[str, JsonValue]]
    changes: list[dict[str, JsonValue]] = Field(description="Most severe first.")
    warnings: list[str]
