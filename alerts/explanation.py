"""Why an alert was or was not sent, and why an event raised none: `decreewatch alerts explain`."""

from collections.abc import Sequence
from typing import Any

from alerts.listing import described
from alerts.rules import RaisedAlert
from alerts.stage import Judged, RulesStage
from config import Config
from storage.archive import Archive, Transaction
from storage.models import Event
from storage.models_telling import Alert


def explained_alert(archive: Archive, alert_id: int) -> dict[str, Any] | None:
    """An alert as `alerts list` shows it, with the `event` that raised it and its `evidence`
    (facts, links and the numbers of rows); None when there is none with this number."""
    with archive.reading() as tx:
        alert = tx.outbox.alert(alert_id)
        if alert is None:
            return None
        event = tx.events.get(alert.seq) if alert.seq is not None else None
        return described(tx, [alert])[0] | {
            "event": event_json(event) if event else None,
            "evidence": _evidence(alert),
        }


def explained_event(archive: Archive, config: Config, seq: int) -> dict[str, Any] | None:
    """What each rule of the configuration makes of an event: `{"event", "read", "failure",
    "verdicts", "alerts"}`; None when there is none with this number.

    A verdict is `{"rule", "enabled", "raises", "reason", "key", "alert"}`: the reason where it
    stays silent, else the alert's key and its number (null where there is none).
    """
    stage = RulesStage(config, every_rule=True)
    with archive.reading() as tx:
        event = tx.events.get(seq)
        if event is None:
            return None
        read = tx.events.cursor(stage.name) >= seq
        failures = [one for one in tx.events.failures(stage.name) if one.seq == seq]
        raised = [alert.id for alert in tx.outbox.of_event(seq)]
    judged = stage.verdicts(event, archive)
    with archive.reading() as tx:
        verdicts = [_verdict(tx, one) for one in judged]
    return {
        "event": event_json(event),
        "read": read,
        "failure": failures[0].message if failures else None,
        "verdicts": verdicts,
        "alerts": raised,
    }


def event_json(event: Event) -> dict[str, Any]:
    """An event as `decreewatch events` shows it."""
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "subject": event.subject,
        "data": event.data,
    }


def _verdict(tx: Transaction, judged: Judged) -> dict[str, Any]:
    said: dict[str, Any] = {"rule": judged.rule.id, "enabled": judged.rule.enabled}
    if not isinstance(judged.verdict, RaisedAlert):
        return said | {"raises": False, "reason": judged.verdict.reason, "key": "", "alert": None}
    known = tx.outbox.by_key(judged.verdict.key)
    return said | {
        "raises": True,
        "reason": _raised_reason(judged, known),
        "key": judged.verdict.key,
        "alert": known.id if known else None,
    }


def _raised_reason(judged: Judged, known: Alert | None) -> str:
    if known is not None:
        return f"raised alert {known.id}, which is {known.state}"
    if not judged.rule.enabled:
        return "would raise an alert if the rule were enabled"
    return "would raise an alert; the rules have not read the event, or not as they are now"


def _evidence(alert: Alert) -> dict[str, Any]:
    body = alert.body
    return {name: body[name] for name in _EVIDENCE if body.get(name)}


_EVIDENCE: Sequence[str] = ("about", "facts", "links", "topics", "instruments", "counts", "ids")
