"""The same story once, not once for each outlet that tells it."""

from datetime import datetime, timedelta

from alerts.past import Past
from alerts.pipeline import Decision, Pass, Stop
from alerts.verdicts import RaisedAlert
from config import Rule

WITHIN = timedelta(days=7)
"""A story that comes up again later is news again."""
ONCE_A_STORY = ("coverage", "search", "named")
"""Conditions that further tellings of a story meet again; an edit or a removal is no telling."""

NOT_TOLD = ("silenced", "inhibited", "duplicate")


class Deduplicate:
    """Stops what the same rule has told of the same story."""

    name = "deduplicate"

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, past: Past) -> Decision:
        """Stop a further telling of a story."""
        if rule.on not in ONCE_A_STORY or not raised.thread.startswith("story:"):
            return Pass("each of these is told")
        earlier = [
            alert
            for alert in past.in_thread(raised.thread, now - WITHIN)
            if alert.rule == rule.id and alert.state not in NOT_TOLD
        ]
        if not earlier:
            return Pass("the first that this rule tells of its story")
        return Stop("duplicate", f"alert {earlier[0].id} told of the same story")
