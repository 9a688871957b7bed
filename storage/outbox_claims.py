"""Which messages may go now, and who sends them: each is taken by one worker, in order.

A message waits for earlier ones of its channel and thread, save that a critical one, and an
update of one that was told, overtake those that only wait for a quiet hour or a group. Messages
of one group go as one batch, which is fixed before the first attempt: whatever happens, the same
messages travel under the same key.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from storage.models_telling import Alert, Delivery

UNFINISHED = ("waiting", "pending", "held", "sending")
LONGEST_WAIT = timedelta(hours=2)
"""No message to be tried again waits longer: one due later was written before the clock was set
back."""
LONGEST_QUIET = timedelta(hours=26)
"""The same for a message that waits for the end of a quiet night or for its group."""
MOST_TOGETHER = 50
"""A group with more messages is told in several."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages that one worker sends as one, the earliest first; `key` is theirs at every try."""

    messages: tuple[tuple[Delivery, Alert], ...]

    @property
    def key(self) -> str:
        """The key of the whole."""
        return self.messages[0][0].key

    @property
    def channel(self) -> str:
        """The channel they go to."""
        return self.messages[0][0].channel

    @property
    def until(self) -> datetime:
        """When the claim runs out."""
        return self.messages[0][0].due_at

    @property
    def attempts(self) -> int:
        """How many attempts there were, this one included."""
        return self.messages[0][0].attempts


def due(
    session: Session, now: datetime, limit: int, without: Collection[str]
) -> list[tuple[Delivery, Alert]]:
    """Messages to send now; see `storage.outbox.Outbox.due`."""
    query = _ripe(now).where(~_after_one(now)).order_by(Delivery.id).limit(limit)
    if without:
        query = query.where(Delivery.channel.not_in(without))
    return [(delivery, alert) for delivery, alert in session.execute(query)]


def claim(session: Session, delivery_id: int, now: datetime, lease: timedelta) -> Claimed | None:
    """Take a message, and its batch, for sending; see `storage.outbox.Outbox.claim`."""
    query = _ripe(now).where(Delivery.id == delivery_id, ~_after_one())
    row = session.execute(query).first()
    if row is None:
        return None
    taken = _batch(session, row[0], now) or ((row[0], row[1]),)
    for delivery, _ in taken:
        delivery.state, delivery.due_at = "sending", now + lease
        delivery.attempts += 1
    return Claimed(taken)


def _batch(session: Session, lead: Delivery, now: datetime) -> tuple[tuple[Delivery, Alert], ...]:
    """The batch of a message: as it was fixed, or fixed now; empty when it goes alone."""
    if lead.batch is None and lead.group_key and not lead.attempts:
        fresh = _ripe(now).where(
            Delivery.channel == lead.channel,
            Delivery.group_key == lead.group_key,
            Delivery.kind == lead.kind,
            Delivery.attempts == 0,
            Delivery.batch.is_(None),
            ~_after_one(),
        )
        together = fresh.order_by(Delivery.id).limit(MOST_TOGETHER)
        for delivery, _ in session.execute(together).all():
            delivery.batch = lead.id
        session.flush()
    if lead.batch is None:
        return ()
    members = (
        select(Delivery, Alert)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(Delivery.batch == lead.batch, Delivery.state.in_(UNFINISHED))
    )
    return tuple((d, a) for d, a in session.execute(members.order_by(Delivery.id)))


def _ripe(now: datetime) -> Select[Delivery, Alert]:
    holding = aliased(Delivery)
    channel_is_held = (
        select(holding.id)
        .where(
            holding.channel == Delivery.channel,
            holding.state == "held",
            ~_is_ripe(holding, now),
        )
        .exists()
    )
    return (
        select(Delivery, Alert)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(Delivery.state.in_(UNFINISHED), _is_ripe(Delivery, now), ~channel_is_held)
    )


def _after_one(unripe_at: datetime | None = None) -> ColumnElement[bool]:
    """Whether an earlier message of the same channel and thread is on its way: any, or only one
    that is not due at `unripe_at`."""
    earlier, its_alert = aliased(Delivery), aliased(Alert)
    overtakes = or_(Alert.severity == "critical", Delivery.kind == "update")
    overtaken = and_(earlier.state == "waiting", overtakes)
    one_batch = func.coalesce(earlier.batch, 0) == func.coalesce(Delivery.batch, -1)
    one_group = and_(
        Delivery.batch.is_(None),
        Delivery.group_key != "",
        earlier.group_key == Delivery.group_key,
        earlier.state == "waiting",
        Delivery.state == "waiting",
    )
    query = (
        select(earlier.id)
        .join(its_alert, its_alert.id == earlier.alert_id)
        .where(
            its_alert.thread == Alert.thread,
            earlier.channel == Delivery.channel,
            earlier.id < Delivery.id,
            earlier.state.in_(UNFINISHED),
            ~overtaken,
            ~one_batch,
            ~one_group,
        )
    )
    if unripe_at is not None:
        query = query.where(~_is_ripe(earlier, unripe_at))
    return query.exists()


def _is_ripe(row: type[Delivery], now: datetime) -> ColumnElement[bool]:
    due_at: InstrumentedAttribute[datetime] = row.due_at
    return or_(
        due_at <= now,
        and_(row.state != "waiting", due_at > now + LONGEST_WAIT),
        and_(row.state == "waiting", due_at > now + LONGEST_QUIET),
    )
