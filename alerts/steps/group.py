"""One message in place of a hundred: alerts that belong together are told together.

The first of a group waits a little for others; after a message the next ones wait until the
interval is over (the group wait and group interval of Prometheus' Alertmanager).
"""

from datetime import datetime, timedelta

from alerts.past import Past
from alerts.pipeline import Decision, Hold, Pass
from alerts.verdicts import RaisedAlert
from config import Rule

_WAITS = "waits for others of the group {}"


class Gather:
    """Holds alerts of one group until they can be told as one."""

    name = "group"

    def decide(self, raised: RaisedAlert, rule: Rule, now: datetime, past: Past) -> Decision:
        """Hold an alert of a rule that groups until its group is told."""
        if rule.group.by == "none":
            return Pass("its rule groups nothing")
        if raised.severity == "critical":
            return Pass("critical: told at once, alone")
        key = f"{rule.id}:{_belongs_to(raised, rule)}"
        waiting = past.group_waits_until(key, now)
        if waiting is not None:
            return Hold(waiting, f"joins the group {key}", key)
        return Hold(_first_goes(rule, past.group_told_at(key), now), _WAITS.format(key), key)


def _first_goes(rule: Rule, told: datetime | None, now: datetime) -> datetime:
    """When the first of a group goes that was `told` last then (None: never).

    A message that was sent in the future was so before the clock was set back.
    """
    wait = now + timedelta(seconds=rule.group.wait)
    if told is None:
        return wait
    return max(wait, min(told, now) + timedelta(seconds=rule.group.interval))


def _belongs_to(raised: RaisedAlert, rule: Rule) -> str:
    match rule.group.by:
        case "topic":
            own = [one for one in raised.topics if not rule.topics or one in rule.topics]
            return own[0] if own else ""
        case "source":
            return raised.source
        case "thread":
            return raised.thread
    return ""
