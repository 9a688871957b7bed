"""The message of what a worker claimed: one alert, a group of them, or what became of one told."""

from typing import cast

from alerts.message import Kind, Message, grouped, message_of
from storage.archive import Transaction
from storage.models_telling import Alert, Delivery
from storage.outbox import Claimed


def assembled(tx: Transaction, claimed: Claimed) -> Message:
    """The one message that tells everything claimed, with its thread's first message."""
    messages = [_message(tx, delivery, alert) for delivery, alert in claimed.messages]
    return grouped(messages, claimed.key)


def _message(tx: Transaction, delivery: Delivery, alert: Alert) -> Message:
    first = tx.threads.first(delivery.channel, alert.thread)
    told = tx.outbox.answer_of(alert.id, delivery.channel) if delivery.kind == "update" else None
    return message_of(
        alert,
        delivery,
        kind=cast(Kind, delivery.kind),
        thread=alert.thread,
        first=first.answer if first else None,
        edits=told.answer if told else None,
        sent_parts=delivery.answer,
    )
