"""An alert as it is told: the same facts for every channel, which each shows in its own way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from alerts.pieces import Piece
from storage.models import Alert, Delivery

Severity = Literal["critical", "major", "minor"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the message: what is stated, and the statement."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address the reader may follow."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """One change of a text, with the differing words marked (see `alerts.pieces`).

    `where` names the place for a reader ("Điều 7 khoản 2"; empty in an article).
    """

    where: str
    kind: str
    severity: str
    summary: str
    old_text: str
    new_text: str
    inline: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends.

    `key` stays the same at every attempt. `subject` is what the alert is about: messages of
    one subject arrive in order. `more_changes` counts those left out; `ids` find everything
    again in the archive. `test` marks a trial.
    """

    key: str
    alert: int
    rule: str
    severity: str
    subject: str
    title: str
    raised_at: datetime
    facts: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    changes: tuple[ChangeNote, ...] = ()
    more_changes: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    test: bool = False


def message_of(alert: Alert, delivery: Delivery) -> Message:
    """The message that tells `alert`, with the key of `delivery`."""
    body = alert.body
    return Message(
        key=delivery.key,
        alert=alert.id,
        rule=alert.rule,
        severity=alert.severity,
        subject=alert.subject,
        title=alert.title,
        raised_at=alert.raised_at,
        facts=tuple(Fact(str(label), str(value)) for label, value in body.get("facts", [])),
        links=tuple(Link(str(label), str(url)) for label, url in body.get("links", [])),
        changes=tuple(_change(one) for one in body.get("changes", [])),
        more_changes=int(body.get("more_changes", 0)),
        ids=dict(body.get("ids", {})),
        body=body,
    )


def _change(said: dict[str, Any]) -> ChangeNote:
    return ChangeNote(
        where=said.get("where", ""),
        kind=said.get("kind", "modified"),
        severity=said.get("severity", ""),
        summary=said.get("summary", ""),
        old_text=said.get("old_text", ""),
        new_text=said.get("new_text", ""),
        inline=tuple((mark, text) for mark, text in said.get("inline", [])),
    )
