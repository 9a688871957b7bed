"""What the API says of alerts, stories and events: the shapes of its answers."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from web.api.models import Answer, ItemSummary


class Delivery(Answer):
    """What became of a message of an alert."""

    channel: str
    kind: str
    state: str
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    key: str
    error: str
    answer: dict[str, JsonValue]


class Alert(Answer):
    """Something that a watch team was told, or was not, and why."""

    id: int
    rule: str
    severity: str
    subject: str
    thread: str
    title: str
    state: str = Field(
        description="open, acknowledged, resolved, silenced, inhibited or duplicate."
    )
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None
    decisions: list[dict[str, JsonValue]]
    deliveries: list[Delivery]


class AlertPage(Answer):
    """Alerts, newest first."""

    items: list[Alert]
    next: int | None = Field(description="`below` of the next page.")


class AlertExplained(Alert):
    """An alert with the event that raised it, and its evidence."""

    event: "Event | None"
    evidence: dict[str, JsonValue]


class Event(Answer):
    """Something that was observed or found."""

    seq: int
    kind: str
    at: datetime
    subject: str
    data: dict[str, JsonValue]


class Verdict(Answer):
    """What one rule makes of an event."""

    rule: str
    enabled: bool
    raises: bool
    reason: str | None = Field(description="Why it stays silent, where it does.")
    key: str | None
    alert: int | None = Field(description="The alert that it raised, if there is one.")


class EventJudged(Answer):
    """What each rule of the configuration makes of an event."""

    event: Event
    read: bool = Field(description="Whether the rules have come to it.")
    failure: str | None = Field(description="Why the rules could not handle it, if so.")
    verdicts: list[Verdict]
    alerts: list[int]


class EventPage(Answer):
    """Events in the order in which they were written."""

    items: list[Event]
    next: int = Field(description="`after` of the next page, which may be empty as yet.")


class Silence(Answer):
    """A person's wish not to be told for a while; an empty matcher matches everything."""

    id: int
    rule: str
    topic: str
    source: str
    instrument: str
    until: datetime
    by: str
    note: str
    made_at: datetime
    ended_at: datetime | None
    holds: bool


class SilenceList(Answer):
    """Silences, newest first."""

    items: list[Silence]


class StorySummary(Answer):
    """One thing that happened, however many tell of it."""

    id: int
    title: str
    language: str
    first_told: datetime
    last_told: datetime


class StoryList(Answer):
    """Stories, the one told last first."""

    items: list[StorySummary]


class Telling(Answer):
    """An item of a story, and how it came to it."""

    item: ItemSummary
    how: str = Field(description="first, copy, version or person.")
    score: float
    reason: str
    told_at: datetime


class Story(StorySummary):
    """A story with everybody who tells it, in the order in which they did."""

    items: list[Telling]


def listed(row: dict[str, Any]) -> Alert:
    """An alert in its public form, from `alerts.listing.described`."""
    return Alert.model_validate(row)
