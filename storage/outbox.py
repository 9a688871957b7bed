"""Alerts and their deliveries: written together, marked sent only when acknowledged."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Alert, Delivery


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

    def alerts(self, since: datetime | None = None) -> list[Alert]:
        """Alerts raised since then, newest first."""
        query = select(Alert).order_by(Alert.id.desc())
        if since is not None:
            query = query.where(Alert.raised_at >= since)
        return list(self._session.scalars(query))

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

    def due(self, now: datetime, limit: int = 100) -> list[tuple[Delivery, Alert]]:
        """Messages to send now, in the order in which their alerts were raised."""
        query = (
            select(Delivery, Alert)
            .join(Alert, Alert.id == Delivery.alert_id)
            .where(Delivery.state == "pending", Delivery.due_at <= now)
            .order_by(Delivery.id)
            .limit(limit)
        )
        return [(delivery, alert) for delivery, alert in self._session.execute(query)]

    def sent(self, delivery_id: int, at: datetime, answer: dict[str, Any]) -> None:
        """Mark a message as taken by the other side, with what it answered."""
        row = self._session.get_one(Delivery, delivery_id)
        row.state, row.sent_at, row.answer, row.error = "sent", at, answer, ""
        row.attempts += 1

    def failed(self, delivery_id: int, error: str, again_at: datetime | None) -> None:
        """Keep why a message did not go; it is tried `again_at`, or given up when None."""
        row = self._session.get_one(Delivery, delivery_id)
        row.attempts += 1
        row.error = error[:2000]
        if again_at is None:
            row.state = "failed"
        else:
            row.due_at = again_at

    def counts(self) -> dict[str, int]:
        """How many alerts there are, and how many messages in each state."""
        query = select(Delivery.state, func.count()).group_by(Delivery.state)
        found = {f"deliveries_{state}": number for state, number in self._session.execute(query)}
        return {"alerts": self._session.scalar(select(func.count(Alert.id))) or 0} | found
