"""Alerts and their deliveries: written together, marked sent only when acknowledged.

A delivery is `pending` until a worker claims it (`sending`, with the end of the worker's
lease in `due_at`), then `sent`, or `pending` again, or `held` when the other side asked its
whole channel to wait, or `failed` when no further try can help.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from storage.models import Alert, Delivery

UNFINISHED = ("pending", "held", "sending")
LONGEST_WAIT = timedelta(hours=2)
"""Nobody waits longer than this: a row due later was written before the clock was set back."""


class Outbox:
    """Alerts and deliveries within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def raise_alert(
        self,
        key: str,
        *,
        rule: str,
        severity: str,
        subject: str,
        title: str,
        body: dict[str, Any],
        channels: Sequence[str],
        at: datetime,
        seq: int | None = None,
    ) -> Alert | None:
        """Store an alert and one delivery for each channel; None when `key` was raised before."""
        if self._session.scalar(select(Alert.id).where(Alert.key == key)):
            return None
        alert = Alert(
            key=key,
            rule=rule,
            severity=severity,
            subject=subject,
            title=title,
            body=body,
            seq=seq,
            raised_at=at,
            state="open",
            acknowledged_by="",
            thread=subject,
        )
        self._session.add(alert)
        self._session.flush()
        self._session.add_all(
            Delivery(
                alert_id=alert.id,
                channel=channel,
                key=hashlib.sha256(f"{key}\n{channel}".encode()).hexdigest(),
                state="pending",
                attempts=0,
                due_at=at,
                answer={},
                error="",
            )
            for channel in dict.fromkeys(channels)
        )
        return alert

    def alert(self, alert_id: int) -> Alert | None:
        """The alert with this number."""
        return self._session.get(Alert, alert_id)

    def alerts(self) -> list[Alert]:
        """All alerts, newest first."""
        return list(self._session.scalars(select(Alert).order_by(Alert.id.desc())))

    def acknowledge(self, alert_id: int, by: str, at: datetime) -> Alert | None:
        """Mark an alert as seen by a person; None when there is no such alert."""
        alert = self._session.get(Alert, alert_id)
        if alert is not None and alert.state == "open":
            alert.state, alert.acknowledged_by, alert.acknowledged_at = "acknowledged", by, at
        return alert

    def deliveries(self, alert_id: int) -> list[Delivery]:
        """What became of an alert's messages."""
        query = select(Delivery).where(Delivery.alert_id == alert_id).order_by(Delivery.id)
        return list(self._session.scalars(query))

    def due(
        self, now: datetime, limit: int = 100, *, without: Collection[str] = ()
    ) -> list[tuple[Delivery, Alert]]:
        """Messages to send now, in the order in which their alerts were raised.

        A message waits for the earlier ones of the same channel and subject: it is listed
        after those that are due too, and not at all while one is not. It waits for the end of
        its channel's hold. Claims that ran out are due again. `without` names channels to
        leave out. Each is to be claimed before it is sent.
        """
        query = _ripe(now).where(~_after_one(now)).order_by(Delivery.id).limit(limit)
        if without:
            query = query.where(Delivery.channel.not_in(without))
        return [(delivery, alert) for delivery, alert in self._session.execute(query)]

    def claim(
        self, delivery_id: int, now: datetime, lease: timedelta
    ) -> tuple[Delivery, Alert] | None:
        """Take a due message for sending, until `now` + `lease`; None when it is not due
        or an earlier one of its channel and subject is still on its way.

        Commit before sending. Since writers take turns, of two workers one gets None. When the
        worker dies, the message is due again at the lease's end, under the same key.
        """
        query = _ripe(now).where(Delivery.id == delivery_id, ~_after_one())
        row = self._session.execute(query).first()
        if row is None:
            return None
        delivery, alert = row
        delivery.state, delivery.due_at = "sending", now + lease
        delivery.attempts += 1
        return delivery, alert

    def sent(self, delivery_id: int, at: datetime, answer: dict[str, Any]) -> None:
        """Mark a message as taken by the other side, with what it answered."""
        row = self._session.get_one(Delivery, delivery_id)
        if row.state != "sent":
            row.state, row.sent_at, row.answer, row.error = "sent", at, answer, ""

    def failed(
        self,
        delivery_id: int,
        error: str,
        again_at: datetime | None,
        *,
        claimed_until: datetime,
        hold: bool = False,
    ) -> None:
        """Keep why a claimed message did not go; it is tried `again_at`, or given up when None.

        `hold` lets all of its channel wait until then. Does nothing when the claim, known by
        its end, was lost to another worker meanwhile: that one knows better.
        """
        row = self._session.get_one(Delivery, delivery_id)
        if row.state != "sending" or row.due_at != claimed_until:
            return
        row.error = error[:2000]
        if again_at is None:
            row.state = "failed"
        else:
            row.state, row.due_at = "held" if hold else "pending", again_at

    def counts(self) -> dict[str, int]:
        """How many alerts there are, and how many messages in each state."""
        query = select(Delivery.state, func.count()).group_by(Delivery.state)
        found = {f"deliveries_{state}": number for state, number in self._session.execute(query)}
        return {"alerts": self._session.scalar(select(func.count(Alert.id))) or 0} | found


def _ripe(now: datetime) -> Select[Delivery, Alert]:
    holding = aliased(Delivery)
    channel_is_held = (
        select(holding.id)
        .where(
            holding.channel == Delivery.channel,
            holding.state == "held",
            ~_is_ripe(holding.due_at, now),
        )
        .exists()
    )
    return (
        select(Delivery, Alert)
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(Delivery.state.in_(UNFINISHED), _is_ripe(Delivery.due_at, now), ~channel_is_held)
    )


def _after_one(unripe_at: datetime | None = None) -> ColumnElement[bool]:
    """Whether an earlier message of the same channel and subject is on its way: any, or only
    one that is not due at `unripe_at`."""
    earlier, its_alert = aliased(Delivery), aliased(Alert)
    query = (
        select(earlier.id)
        .join(its_alert, its_alert.id == earlier.alert_id)
        .where(
            its_alert.subject == Alert.subject,
            earlier.channel == Delivery.channel,
            earlier.id < Delivery.id,
            earlier.state.in_(UNFINISHED),
        )
    )
    if unripe_at is not None:
        query = query.where(~_is_ripe(earlier.due_at, unripe_at))
    return query.exists()


def _is_ripe(due_at: Any, now: datetime) -> ColumnElement[bool]:
    return or_(due_at <= now, due_at > now + LONGEST_WAIT)
