"""The archive's pulse, as a monitor asks for it: a few counts and ages, quick to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.archive import Archive
from storage.log import Reader
from storage.models import Failure, Source, Trouble
from storage.models_telling import Delivery
from storage.outbox_claims import UNFINISHED


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the archive is at one moment; ages are in seconds.

    `lag` is how many events each reader has yet to read. A source that never succeeded has no
    `source_age`. `outbox_age` is that of the oldest message that is overdue; waiting for a quiet
    hour or a group is no delay.
    """

    lag: dict[str, int]
    source_age: dict[str, float]
    outbox: dict[str, int]
    outbox_age: float
    failures: dict[tuple[str, str], int]
    troubles: dict[str, int]
    events: int


def pulse(archive: Archive, readers: Sequence[Reader], now: datetime) -> Pulse:
    """Take the archive's pulse. Raises the archive's own errors when it cannot be read."""
    with archive.reading() as tx:
        by_state = select(Delivery.state, func.count()).group_by(Delivery.state)
        overdue = select(func.min(Delivery.due_at)).where(
            Delivery.state.in_(UNFINISHED), Delivery.due_at <= now
        )
        oldest = tx.session.scalar(overdue)
        by_kind = select(Failure.reader, Failure.kind, func.count())
        lasting = select(Trouble.kind, func.count()).where(Trouble.ended_at.is_(None))
        succeeded = select(Source.id, Source.last_success).where(Source.last_success.is_not(None))
        return Pulse(
            lag={reader.name: tx.events.waiting_for(reader) for reader in readers},
            source_age={
                name: max(0.0, (now - at).total_seconds())
                for name, at in tx.session.execute(succeeded)
                if at is not None
            },
            outbox=dict(tx.session.execute(by_state).tuples().all()),
            outbox_age=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            failures={
                (reader, kind): number
                for reader, kind, number in tx.session.execute(
                    by_kind.group_by(Failure.reader, Failure.kind)
                )
            },
            troubles=dict(tx.session.execute(lasting.group_by(Trouble.kind)).tuples().all()),
            events=tx.events.last(),
        )
