"""Alerts in an archive, as the tests of the outbox and of delivery raise them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage.archive import Archive

NOW = datetime.fromisoformat("2031-06-03T02:00:00+00:00")


def raise_alerts(
    archive: Archive,
    *subjects: str,
    channels: Sequence[str] = ("slack",),
    at: datetime = NOW,
    **body: Any,
) -> None:
    """Raise an alert on each subject; number n of all of them has the key `key-n`."""
    with archive.transaction() as tx:
        start = len(tx.outbox.alerts())
        for number, subject in enumerate(subjects, start):
            tx.outbox.raise_alert(
                f"key-{number}",
                rule="r",
                severity="major",
                subject=subject,
                title=f"Alert {number}",
                body=body,
                channels=channels,
                at=at,
            )
