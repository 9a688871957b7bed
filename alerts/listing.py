"""`decreewatch alerts list`: alerts and what became of their messages."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from storage.archive import Archive, Transaction
from storage.models_telling import Alert, Delivery


def listed(
    archive: Archive,
    *,
    states: Collection[str] = (),
    since: datetime | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Alerts, newest first, as the command prints them in JSON; see `described`.

    Only those in one of `states`, raised at or after `since`, and no more than `limit`, where
    these are given.
    """
    with archive.reading() as tx:
        return described(tx, tx.outbox.alerts(states=states, since=since, limit=limit))


def described(tx: Transaction, alerts: Collection[Alert]) -> list[dict[str, Any]]:
    """Alerts in JSON, in their order.

    Each is `{"id", "rule", "severity", "subject", "thread", "title", "state", "raised_at",
    "acknowledged_at", "acknowledged_by", "resolved_at", "decisions", "deliveries"}`; a delivery
    is `{"channel", "kind", "state", "attempts", "due_at", "sent_at", "key", "error", "answer"}`.
    Times are ISO 8601, null where there is none.
    """
    deliveries = tx.outbox.deliveries_of(alert.id for alert in alerts)
    return [
        {
            "id": alert.id,
            "rule": alert.rule,
            "severity": alert.severity,
            "subject": alert.subject,
            "thread": alert.thread,
            "title": alert.title,
            "state": alert.state,
            "raised_at": alert.raised_at.isoformat(),
            "acknowledged_at": _iso(alert.acknowledged_at),
            "acknowledged_by": alert.acknowledged_by,
            "resolved_at": _iso(alert.resolved_at),
            "decisions": alert.decisions,
            "deliveries": [_delivery(one) for one in deliveries[alert.id]],
        }
        for alert in alerts
    ]


def _delivery(row: Delivery) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "kind": row.kind,
        "state": row.state,
        "attempts": row.attempts,
        "due_at": row.due_at.isoformat(),
        "sent_at": _iso(row.sent_at),
        "key": row.key,
        "error": row.error,
        "answer": row.answer,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
