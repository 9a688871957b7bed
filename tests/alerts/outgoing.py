"""What the delivery tests share: channels, alerts to send, and time that passes."""

from datetime import timedelta

import raised_alerts
from newsdesk import configuration
from raised_alerts import NOW as NOW
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from alerts.channels.channel import Answer, DeliveryError
from alerts.channels.slack import BotWay, HookWay, SlackChannel
from alerts.delivery import deliver
from alerts.stage import RulesStage
from storage.log import advance


class Scripted:
    """A channel that does what its script says, then takes everything."""

    def __init__(self, channel_id, *script):
        self.id = channel_id
        self.can_edit = False
        self.script = list(script)
        self.taken = []

    def send(self, message):
        step = self.script.pop(0) if self.script else None
        if callable(step):
            step()
        elif step is not None:
            raise step
        self.taken.append(message)
        return Answer({"number": len(self.taken)})


def passing(**how):
    return DeliveryError("no answer", **how)


def bot(url, timeout=5.0, channel_id="slack"):
    client = WebClient("xoxb-secret", base_url=f"{url}/api/", timeout=timeout, retry_handlers=[])
    return SlackChannel(channel_id, BotWay(client, "#watch"), ("xoxb-secret",))


def hook(url, timeout=5.0):
    address = f"{url}/services/T/B/secret"
    client = WebhookClient(address, timeout=timeout, retry_handlers=[])
    return SlackChannel("slack", HookWay(client), (address,))


def raise_alerts(archive, *subjects, **how):
    """Alerts with these subjects; returns their keys as channels will see them, in order."""
    raised_alerts.raise_alerts(archive, *subjects, **how)
    return [key for _, key, _, _ in rows(archive)]


def rows(archive):
    """(subject, key, state, error) of every delivery, in order."""
    with archive.reading() as tx:
        found = [
            (one.id, alert.subject, one.key, one.state, one.error)
            for alert in tx.outbox.alerts()
            for one in tx.outbox.deliveries(alert.id)
        ]
    return [row[1:] for row in sorted(found)]


def watched_delivery(archive, channels, now, rules=(), **how):
    """One round of delivery: the rules tell through other channels what it says of itself."""
    report = deliver(archive, channels, now, **how)
    declared = [{"id": channel, "kind": "console"} for channel in channels]
    stage = RulesStage(configuration(*rules, channels=declared))
    while advance(archive, stage, now).read:
        pass
    return report + deliver(archive, channels, now + timedelta(seconds=1), **how)


def until_done(archive, channels, *, start=NOW, rounds=200, dying=()):
    """Deliver, hour after hour, until nothing waits; `dying` are what a worker may die of."""
    now = start
    for _ in range(rounds):
        now += timedelta(hours=1)
        try:
            watched_delivery(archive, channels, now, jitter=lambda: 0.5)
        except dying:
            continue
        if all(state in ("sent", "failed") for _, _, state, _ in rows(archive)):
            return now
    raise AssertionError(f"still waiting after {rounds} rounds: {rows(archive)}")
