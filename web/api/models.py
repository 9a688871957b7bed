"""What the API says of items: the shapes of its answers."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Answer(BaseModel):
    """What all answers share."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class ItemSummary(Answer):
    """An item on a line."""

    id: int
    url: str
    source: str = Field(description="The id of its source.")
    kind: str = Field(description="article or document.")
    title: str
    language: str
    first_seen: datetime
    published_at: datetime | None = Field(description="What the page claims.")
    removed: bool = Field(description="Whether the page is gone.")
    revisions: int = Field(description="The number of its newest revision.")
    topics: tuple[str, ...] = Field(description="Ids of topics, best first.")


class Topic(Answer):
    """A topic of a text, with the passage that earned it."""

    topic: str
    name: str
    score: float
    threshold: float
    passage: str
    nearest: str = Field(description="The example that is nearest to the passage.")
    model: str = Field(description="What found it; `label` where a person put it on.")


class Label(Answer):
    """A word of a person on an item's topic."""

    id: int
    item: int
    revision: int
    verdict: Literal["right", "wrong", "also"]
    topic: str | None = Field(description="null with wrong: off-topic altogether.")
    passage: str
    by: str
    at: datetime
    note: str


class CitationFound(Answer):
    """An instrument named in a text, by characters of title, summary and text joined by lines."""

    start: int
    end: int
    text: str
    instrument: str | None
    type: str | None
    number: str | None
    year: int | None
    provision: str | None
    date: date | None


class Named(Answer):
    """An instrument that a text names, and how often."""

    instrument: str
    name: str
    times: int


class TextChange(Answer):
    """A stretch in which a revision differs from the one seen before it."""

    where: str = Field(description="title, summary, text, or field: and a portal's field.")
    kind: str = Field(description="modified, added or removed.")
    old_text: str
    new_text: str
    inline: list[Pair] = Field(
        description="Pairs of a mark and a text: `=` and `+` joined give the new text, `=` and "
        "`-` the old one."
    )
    cut: bool = Field(description="Whether it was too long to be given whole.")


class RevisionSummary(Answer):
    """A text of an item, without the text."""

    id: int
    item: int
    number: int
    cause: str = Field(description="first, edit, completion, reextraction or late.")
    seen_at: datetime
    capture: int | None
    extractor: str
    extractor_version: int
    method: str
    title: str
    language: str
    published_at: datetime | None
    modified_at: datetime | None
    content_sha256: str


class Revision(RevisionSummary):
    """A text of an item."""

    summary: str
    text: str
    byline: list[str]
    fields: dict[str, JsonValue] = Field(description="What a portal says of a document.")
    notes: list[str]
    topics: list[Topic]
    citations: list[CitationFound]
    before: int | None = Field(description="The revision that was seen before this one.")
    changes: list[TextChange] | None = Field(description="null when not worked out.")


class StoryRef(Answer):
    """The story that an item tells, and how it came to it."""

    id: int
    title: str
    how: str
    reason: str
    items: int = Field(description="How many items tell it.")


class Item(Answer):
    """An item with its newest text."""

    id: int
    url: str
    source: str
    side: str = Field(description="The kind of its source, empty where that is not known.")
    kind: str
    language: str
    first_seen: datetime
    last_seen: datetime
    published_at: datetime | None
    removed_at: datetime | None
    edits: int = Field(description="How often the page was changed after it was first seen.")
    revision: Revision
    revisions: int
    instruments: list[Named]
    story: StoryRef | None
    labels: list[Label]


class CaptureSummary(Answer):
    """What a server sent, as it is kept."""

    id: int
    item: int
    url: str
    fetched_at: datetime
    status: int = Field(description="0 for what was imported.")
    media_type: str
    payload_sha256: str
    payload_length: int
    revisit_of: int | None = Field(description="The capture that holds the same bytes.")
    dropped_at: datetime | None
    warc: str | None = Field(description="Where it can be had as a WARC file.")


class Capture(CaptureSummary):
    """A capture with its headers."""

    headers: list[Pair] = Field(description="Pairs of a name and a value, in their order.")
    problem: str = Field(description="Why it cannot be read back, empty where it can.")


class ItemPage(Answer):
    """Items in the order of their numbers."""

    items: list[ItemSummary]
    next: int | None = Field(description="`after` of the next page.")


class LabelPage(Answer):
    """Labels in the order in which they were said."""

    items: list[Label]
    next: int | None = Field(description="`after` of the next page.")
