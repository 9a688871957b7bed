"""An alert as it is told: the same facts for every channel, which each shows in its own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from alerts.pieces import Piece
from storage.models_telling import Alert, Delivery

Severity = Literal["critical", "major", "minor"]
Kind = Literal["alert", "update", "reminder"]
_BY_SEVERITY = ("critical", "major", "minor")


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

    `where` names the place for a reader ("Điều 7 khoản 2"; empty in an article). `summary_vi` is
    the summary in Vietnamese, "" where there is none.
    """

    where: str
    kind: str
    severity: str
    summary: str
    old_text: str
    new_text: str
    inline: tuple[Piece, ...]
    summary_vi: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends.

    `key` stays the same at every attempt. `subject` is what the alert is about: messages of
    one `thread` arrive in order. `more_changes` counts those left out; `ids` find everything
    again in the archive. `test` marks a trial.

    `thread` names the story, instrument or other thing that messages are kept together by, and
    `first` is what the channel answered to the first message of it (None: this is the first).
    A message of the kind `update` says how the one that `edits` is the answer to now stands
    (`state`, `acknowledged_by`). `sent_parts` is what an attempt that failed halfway said of
    the parts that had gone (`DeliveryError.facts`). `group` holds the messages that are told
    together in this one; see `grouped`.
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
    kind: Kind = "alert"
    thread: str = ""
    first: Mapping[str, Any] | None = None
    edits: Mapping[str, Any] | None = None
    state: str = "open"
    acknowledged_by: str = ""
    sent_parts: Mapping[str, Any] = field(default_factory=dict)
    group: tuple["Message", ...] = ()


def message_of(
    alert: Alert,
    delivery: Delivery,
    *,
    kind: Kind = "alert",
    thread: str = "",
    first: Mapping[str, Any] | None = None,
    edits: Mapping[str, Any] | None = None,
    sent_parts: Mapping[str, Any] | None = None,
) -> Message:
    """The message that tells `alert`, with the key of `delivery`.

    Without a `thread` it is the alert's own; the rest is as in `Message`.
    """
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
        kind=kind,
        thread=thread or alert.thread or alert.subject,
        first=first,
        edits=edits,
        state=alert.state,
        acknowledged_by=alert.acknowledged_by,
        sent_parts=sent_parts or {},
    )


def grouped(messages: Sequence[Message], key: str) -> Message:
    """One message under `key` that tells several, the most severe first.

    It has the severity of the most severe. It belongs to their thread where they all have the
    same; else it begins one of its own. A single message is given back under the new key.

    Raises ValueError without messages.
    """
    if not messages:
        raise ValueError("a group needs at least one message")
    ordered = tuple(sorted(messages, key=_rank))
    lead = ordered[0]
    if len(ordered) == 1:
        return replace(lead, key=key)
    in_one_thread = len({one.thread for one in ordered}) == 1
    return Message(
        key=key,
        alert=lead.alert,
        rule=lead.rule if len({one.rule for one in ordered}) == 1 else "several",
        severity=lead.severity,
        subject=lead.subject,
        title=f"{len(ordered)} alerts: {lead.title}",
        raised_at=min(one.raised_at for one in ordered),
        body={"about": "group"},
        kind=lead.kind,
        test=any(one.test for one in ordered),
        thread=lead.thread if in_one_thread else f"group:{key}",
        first=lead.first if in_one_thread else None,
        sent_parts=next((one.sent_parts for one in ordered if one.sent_parts), {}),
        group=ordered,
    )


def _rank(message: Message) -> int:
    known = message.severity in _BY_SEVERITY
    return _BY_SEVERITY.index(message.severity) if known else len(_BY_SEVERITY)


def _change(said: dict[str, Any]) -> ChangeNote:
    return ChangeNote(
        where=said.get("where", ""),
        kind=said.get("kind", "modified"),
        severity=said.get("severity", ""),
        summary=said.get("summary", ""),
        old_text=said.get("old_text", ""),
        new_text=said.get("new_text", ""),
        inline=tuple((mark, text) for mark, text in said.get("inline", [])),
        summary_vi=said.get("summary_vi", ""),
    )
