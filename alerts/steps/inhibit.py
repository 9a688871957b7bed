"""A weightier alert about the same thing makes a lighter one superfluous."""

from datetime import datetime, timedelta
from typing import Any

from alerts.past import Past
from alerts.pipeline import Decision, Pass, Stop, kept
from alerts.steps.deduplicate import NOT_TOLD
from alerts.verdicts import RaisedAlert
from config import Rule
from storage.archive import Transaction
from storage.models_telling import Alert

WITHIN = timedelta(days=14)


class Inhibit:
    """An enactment, or a new status, silences "named in coverage" for the same instrument."""

    name = "inhibit"

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, past: Past) -> Decision:
        """Stop an alert of which a weightier one has told."""
        if rule.on != "named":
            return Pass("nothing inhibits alerts of this kind")
        for alert in past.on_instruments(now - WITHIN):
            both = shared(raised.body, alert.body)
            if both and alert.state not in NOT_TOLD and _says_what_became(alert.body):
                return Stop("inhibited", f"alert {alert.id} told of {', '.join(both)} already")
        return Pass("no weightier alert told of its instrument lately")

    def withdraw(self, weightier: Alert, now: datetime, tx: Transaction) -> None:
        """Stop lighter alerts that were raised before `weightier` and still wait to be told."""
        if not _says_what_became(weightier.body):
            return
        for alert in tx.outbox.on_instruments(now - WITHIN):
            both = shared(alert.body, weightier.body)
            if both and alert.state == "open" and _only_names(alert.body):
                reason = f"alert {weightier.id} tells of {', '.join(both)} before this one went"
                decision = kept(self.name, Stop("inhibited", reason))
                tx.outbox.withdraw(alert.id, "inhibited", decision)


def shared(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The instruments that two alerts both speak of; what their texts merely cite is none."""
    return sorted(set(one.get("speaks_of", ())) & set(other.get("speaks_of", ())))


def _says_what_became(body: dict[str, Any]) -> bool:
    return body.get("stage") == "enacted" or body.get("about") == "status"


def _only_names(body: dict[str, Any]) -> bool:
    return bool(body.get("event", {}).get("kind") == "instrument.named")
