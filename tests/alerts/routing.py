"""Alerts on their way through the steps, as the tests of the steps raise them."""

from raised_alerts import NOW as NOW

from alerts.verdicts import RaisedAlert
from config import Rule


def rule(**said):
    return Rule.model_validate({"id": "r", "on": "coverage", "channels": ["desk"], **said})


def alert(**said):
    return RaisedAlert(
        **{
            "key": "k",
            "severity": "major",
            "subject": "item:1",
            "title": "Tin",
            "thread": "item:1",
            **said,
        }
    )


def store(tx, raised, *, rule_id="r", state="open", at=NOW, **said):
    """Store a raised alert as the stage does."""
    return tx.outbox.raise_alert(
        raised.key,
        rule=rule_id,
        severity=raised.severity,
        subject=raised.subject,
        title=raised.title,
        body=raised.body,
        thread=raised.thread,
        channels=["desk"],
        at=at,
        state=state,
        **said,
    )
