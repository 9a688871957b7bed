"""The rule on delivery itself: a channel that refuses messages, or is late with them."""

from alerts.evidence import Evidence
from alerts.names import Names
from alerts.verdicts import Condition, Verdict, raised
from config import Rule


def _delivery(rule: Rule, seen: Evidence, _: Names) -> Verdict:
    channel, trouble = str(seen.data["channel"]), str(seen.data["trouble"])
    return raised(
        f"{rule.id}:{channel}:{trouble}:{seen.seq}",
        rule.severity,
        f"channel:{channel}",
        f"Messages to the channel {channel} are {trouble}",
        {
            "about": "delivery",
            "trouble": trouble,
            "facts": [
                ["Channel", channel],
                ["Reason", str(seen.data["reason"])],
                ["Attempts", str(seen.data["attempts"])],
            ],
            "ids": {"alert": seen.data["alert"], "delivery": seen.data["delivery"]},
        },
    )


DELIVERY = {"delivery": Condition(("channel.failing",), _delivery)}
