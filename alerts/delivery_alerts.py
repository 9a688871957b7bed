"""Alerts about delivery itself: a channel that refuses messages or is late with them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts.channels.channel import DeliveryError
from alerts.wording import cut, one_line
from storage.archive import Transaction
from storage.models import Alert
from storage.outbox import Claimed

RULE = "delivery"
"""The rule's name on alerts about delivery; none is declared for them."""
AGAIN_AFTER = timedelta(days=1)


def tell_elsewhere(
    tx: Transaction,
    channels: Iterable[str],
    claimed: Claimed,
    error: DeliveryError,
    now: datetime,
) -> None:
    """Raise an alert about a channel that fails, through another of `channels` that is not known
    to fail too, where there is one. While it is open it is not raised again for a day."""
    failing = claimed.channel
    others = [one for one in channels if one != failing]
    word = "refused" if error.permanent else "late"
    known = [one for one in _open(tx, failing) if one.body.get("trouble") == word]
    if not others or any(one.raised_at > now - AGAIN_AFTER for one in known):
        return
    sound = [one for one in others if not _open(tx, one)]
    delivery, _ = claimed.messages[0]
    tx.outbox.raise_alert(
        f"{RULE}:{failing}:{word}:{delivery.id}:{now.isoformat()}",
        rule=RULE,
        severity="major",
        subject=f"channel:{failing}",
        title=f"Messages to the channel {failing} are {word}",
        body={
            "about": "delivery",
            "trouble": word,
            "facts": [
                ["Channel", failing],
                ["Reason", cut(one_line(str(error)), 500)],
                ["Attempts", str(claimed.attempts)],
            ],
            "ids": {"alert": delivery.alert_id, "delivery": delivery.id},
        },
        channels=(sound or others)[:1],
        at=now,
    )


def say_it_works(tx: Transaction, channel: str, now: datetime) -> None:
    """Resolve what was told of a channel that was late, since it took a message.

    Messages that it refused stay refused until somebody has them sent again.
    """
    for alert in _open(tx, channel):
        if alert.body.get("trouble") == "late":
            tx.outbox.resolve(alert.id, now)


def _open(tx: Transaction, channel: str) -> list[Alert]:
    found = tx.outbox.in_thread(f"channel:{channel}", states=("open", "acknowledged"))
    return [one for one in found if one.rule == RULE]
