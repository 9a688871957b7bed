"""A weightier alert about the same thing makes a lighter one superfluous."""

from datetime import datetime, timedelta
from typing import Any

from alerts.pipeline import Decision, Pass, Stop
from alerts.verdicts import RaisedAlert
from config import Rule
from storage.archive import Transaction

WITHIN = timedelta(days=14)


class Inhibit:
    """An enactment silences "named in coverage" for the same instrument."""

    name = "inhibit"

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, tx: Transaction) -> Decision:
        """Stop an alert of which a weightier one has told."""
        if rule.on != "named":
            return Pass("nothing inhibits alerts of this kind")
        named = {raised.subject.removeprefix("instrument:")}
        for alert in tx.outbox.since(now - WITHIN):
            if alert.state == "silenced" or not _says_what_became(alert.body):
                continue
            if named & set(alert.body.get("instruments", [])):
                return Stop("inhibited", f"alert {alert.id} told of {', '.join(named)} already")
        return Pass("no weightier alert told of its instrument lately")


def _says_what_became(body: dict[str, Any]) -> bool:
    return body.get("stage") == "enacted" or body.get("about") == "status"
