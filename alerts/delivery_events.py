"""What delivery says of itself in the log: a channel refuses messages, is late with them, works.

Rules on `delivery` judge these events like all others. Where none is declared there is one all the
same (`standing_rules`): that messages do not arrive must never depend on having thought of it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts.channels.channel import DeliveryError
from alerts.wording import cut, one_line
from config import Config, Rule
from storage.archive import Transaction
from storage.models import Event
from storage.outbox import Claimed

FAILING, WORKS = "channel.failing", "channel.works"
REFUSED, LATE = "refused", "late"
AGAIN_AFTER = timedelta(days=1)
"""While a channel goes on failing, it is said anew once a day."""

_LONGEST_REASON = 500


def say_it_fails(tx: Transaction, claimed: Claimed, error: DeliveryError, now: datetime) -> None:
    """Write that a channel refuses messages for good, or is late with them."""
    trouble = REFUSED if error.permanent else LATE
    last = _last(tx, claimed.channel, trouble)
    if last is not None and last.kind == FAILING and last.at > now - AGAIN_AFTER:
        return
    delivery, _ = claimed.messages[0]
    tx.events.append(
        FAILING,
        f"channel:{claimed.channel}",
        now,
        {
            "channel": claimed.channel,
            "trouble": trouble,
            "reason": cut(one_line(str(error)), _LONGEST_REASON),
            "attempts": claimed.attempts,
            "alert": delivery.alert_id,
            "delivery": delivery.id,
        },
    )


def say_it_works(tx: Transaction, channel: str, now: datetime) -> None:
    """Write that a channel that was late took a message.

    Messages that it refused stay refused until somebody has them sent again.
    """
    last = _last(tx, channel, LATE)
    if last is not None and last.kind == FAILING:
        tx.events.append(WORKS, f"channel:{channel}", now, {"channel": channel, "trouble": LATE})


def standing_rules(config: Config) -> tuple[Rule, ...]:
    """The rules of a configuration, with one on delivery where it declares none."""
    if not config.channels or any(rule.on == "delivery" for rule in config.rules):
        return config.rules
    everyone = tuple(channel.id for channel in config.channels)
    return (*config.rules, Rule(id="delivery", on="delivery", channels=everyone, quiet=""))


def told_through(
    tx: Transaction, failing: str, wanted: Iterable[str], now: datetime
) -> tuple[str, ...]:
    """The channels that an alert about `failing` goes to: of those wanted the ones that are not
    known to fail too, else all but the failing one itself."""
    others = [channel for channel in wanted if channel != failing]
    sound = [channel for channel in others if not _fails(tx, channel, now)]
    return tuple(sound or others)


def _fails(tx: Transaction, channel: str, now: datetime) -> bool:
    late, refused = _last(tx, channel, LATE), _last(tx, channel, REFUSED)
    is_late = late is not None and late.kind == FAILING
    return is_late or (refused is not None and refused.at > now - AGAIN_AFTER)


def _last(tx: Transaction, channel: str, trouble: str) -> Event | None:
    said = tx.events.about(f"channel:{channel}", (FAILING, WORKS))
    return next((one for one in reversed(said) if one.data["trouble"] == trouble), None)
