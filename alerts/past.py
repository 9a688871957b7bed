"""What the steps may ask of the past: what was told, what is being gathered, who wants silence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from storage.archive import Transaction
from storage.models_telling import Alert, SilencedUntil


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that was raised before."""

    id: int
    rule: str
    state: str
    raised_at: datetime
    body: dict[str, Any] = field(default_factory=dict)


class Past(Protocol):
    """The past of one moment; the archive's, or one that is only rehearsed."""

    def in_thread(self, thread: str, since: datetime) -> Sequence[Told]:
        """The alerts of a thread that were raised at or after `since`, oldest first."""
        ...

    def on_instruments(self, since: datetime) -> Sequence[Told]:
        """The alerts about instruments that were raised at or after `since`, oldest first."""
        ...

    def group_waits_until(self, group_key: str, now: datetime) -> datetime | None:
        """When the messages of a group that are still being gathered at `now` will go."""
        ...

    def group_told_at(self, group_key: str) -> datetime | None:
        """When a message of a group was sent last."""
        ...

    def silences(self, now: datetime) -> Sequence[SilencedUntil]:
        """The silences that hold at `now`."""
        ...


class ArchivePast:
    """The past as the archive knows it within one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def in_thread(self, thread: str, since: datetime) -> Sequence[Told]:
        """See `Past`."""
        return [_told(one) for one in self._tx.outbox.in_thread(thread, since=since)]

    def on_instruments(self, since: datetime) -> Sequence[Told]:
        """See `Past`."""
        return [_told(one) for one in self._tx.outbox.on_instruments(since)]

    def group_waits_until(self, group_key: str, now: datetime) -> datetime | None:
        """See `Past`."""
        return self._tx.outbox.group_waits_until(group_key, now)

    def group_told_at(self, group_key: str) -> datetime | None:
        """See `Past`."""
        return self._tx.outbox.group_told_at(group_key)

    def silences(self, now: datetime) -> Sequence[SilencedUntil]:
        """See `Past`."""
        return self._tx.silences.at(now)


def _told(alert: Alert) -> Told:
    return Told(alert.id, alert.rule, alert.state, alert.raised_at, alert.body)
