"""Alerts that nobody has acknowledged, told again after the span that their rule sets."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.steps.quiet_hours import quiet_until
from alerts.steps.silence import matches
from alerts.verdicts import RaisedAlert
from config import Config, Rule
from storage.archive import Archive, Transaction
from storage.models_telling import Alert

MOST_AT_ONCE = 100
"""Further ones are reminded of in the next call."""


def remind(archive: Archive, config: Config, now: datetime) -> int:
    """Write a reminder of each open alert whose last message is as old as its rule's
    `group.repeat`; gives how many alerts.

    Those that were told together are told together again. What is not critical waits for the end
    of its rule's quiet hours, and what a silence speaks of for the end of that.
    """
    found = 0
    for rule in config.rules:
        if not rule.enabled or rule.group.repeat is None:
            continue
        with archive.reading() as tx:
            anything = _unanswered(tx, rule, config, now)
        if anything:
            with archive.transaction() as tx:
                found += _write(tx, _unanswered(tx, rule, config, now), now)
    return found


def _unanswered(tx: Transaction, rule: Rule, config: Config, now: datetime) -> list[Alert]:
    hours = config.quiet.hours if rule.quiet is None else rule.quiet
    severity = "critical" if quiet_until(hours, now, config.zone) else ""
    before = now - timedelta(seconds=rule.group.repeat or 0)
    silences = tx.silences.at(now)
    wanted: list[Alert] = []
    last = 0
    while page := tx.outbox.unanswered(rule.id, before, severity=severity, after=last):
        last = page[-1].id
        wanted += [
            alert
            for alert in page
            if not any(matches(one, _as_raised(alert), rule.id) for one in silences)
        ]
        if len(wanted) >= MOST_AT_ONCE:
            break
    return wanted


def _write(tx: Transaction, alerts: Sequence[Alert], now: datetime) -> int:
    for alert in alerts:
        groups = {one.group_key for one in tx.outbox.deliveries(alert.id) if one.kind == "alert"}
        together = next((f"again:{key}:{now.isoformat()}" for key in groups if key), "")
        tx.outbox.remind(alert.id, now, group_key=together)
    return len(alerts)


def _as_raised(alert: Alert) -> RaisedAlert:
    body = alert.body
    return RaisedAlert(
        key=alert.key,
        severity=alert.severity,
        subject=alert.subject,
        title=alert.title,
        body=body,
        thread=alert.thread,
        topics=tuple(one["topic"] for one in body.get("topics", ())),
        source=body.get("source", {}).get("id", ""),
        instruments=tuple(body.get("instruments", ())),
    )
