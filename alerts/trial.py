"""`decreewatch alerts test CHANNEL`: a marked message, past the outbox, to see that one arrives."""

import secrets
from datetime import UTC, datetime

from alerts.channels.channel import Answer, Channel
from alerts.message import ChangeNote, Fact, Message
from alerts.pieces import difference


def send_test(channel: Channel, now: datetime | None = None) -> Answer:
    """Send a test message through `channel` and return its acknowledgement.

    Raises DeliveryError.
    """
    return channel.send(trial_message(channel.id, now or datetime.now(UTC)))


def trial_message(channel_id: str, now: datetime) -> Message:
    """A message that says it is a test and shows what an alert looks like."""
    old = "Nền tảng phải gỡ bỏ nội dung trong 48 giờ."
    new = "Nền tảng phải gỡ bỏ nội dung trong 24 giờ."
    return Message(
        key=f"test-{secrets.token_hex(16)}",
        alert=0,
        rule="test",
        severity="minor",
        subject=f"channel:{channel_id}",
        title="Test message from Decree Watch: nothing has happened",
        raised_at=now,
        facts=(
            Fact("Channel", channel_id),
            Fact("Meaning", "alerts of rules that name this channel will arrive here"),
        ),
        changes=(
            ChangeNote(
                where="Điều 1 khoản 1",
                kind="modified",
                severity="minor",
                summary="An invented change, to show how the differing words are marked.",
                old_text=old,
                new_text=new,
                inline=difference(old, new),
            ),
        ),
        test=True,
    )
