"""`decreewatch alerts list`: alerts and what became of their messages."""

from typing import Any

from storage.archive import Archive
from storage.models import Delivery


def listed(archive: Archive) -> list[dict[str, Any]]:
    """All alerts, newest first, as the command prints them in JSON.

    Each is `{"id", "rule", "severity", "subject", "title", "state", "deliveries"}`; a delivery is
    `{"channel", "state", "attempts", "due_at", "sent_at", "key", "error", "answer"}` with ISO
    times (null where it was not sent).
    """
    with archive.reading() as tx:
        return [
            {
                "id": alert.id,
                "rule": alert.rule,
                "severity": alert.severity,
                "subject": alert.subject,
                "title": alert.title,
                "state": alert.state,
                "deliveries": [_delivery(one) for one in tx.outbox.deliveries(alert.id)],
            }
            for alert in tx.outbox.alerts()
        ]


def _delivery(row: Delivery) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "state": row.state,
        "attempts": row.attempts,
        "due_at": row.due_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "key": row.key,
        "error": row.error,
        "answer": row.answer,
    }
