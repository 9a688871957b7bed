"""What people asked not to be told of for a while."""

from datetime import datetime

from alerts.past import Past
from alerts.pipeline import Decision, Pass, Stop
from alerts.verdicts import RaisedAlert
from config import Rule
from storage.models_telling import SilencedUntil


class Silenced:
    """Stops what a silence speaks of."""

    name = "silence"

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, past: Past) -> Decision:
        """Stop an alert while a silence holds that matches it."""
        for silence in past.silences(now):
            if matches(silence, raised, rule.id):
                until = silence.until.isoformat(timespec="minutes")
                note = f" ({silence.note})" if silence.note else ""
                said = f"silence {silence.id} by {silence.by or 'somebody'} holds until {until}"
                return Stop("silenced", said + note)
        return Pass("no silence speaks of it")


def matches(silence: SilencedUntil, raised: RaisedAlert, rule_id: str) -> bool:
    """Whether a silence speaks of an alert: of its rule, topic, source and instrument, as far
    as it names them."""
    return (
        silence.rule in ("", rule_id)
        and (not silence.topic or silence.topic in raised.topics)
        and silence.source in ("", raised.source)
        and (not silence.instrument or silence.instrument in raised.instruments)
    )
