"""What every channel is: something that takes a message, or says why it did not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Protocol

from alerts.message import Message
from storage.problems import Problem

TIMEOUT_S = 10.0
"""How long a channel waits for one answer; far below the lease of a claimed message."""


class DeliveryError(Problem):
    """A message that the other side did not acknowledge.

    `permanent` says that trying again cannot help until somebody mends something.
    `retry_after` is how many seconds the other side asked the whole channel to wait.
    `facts` say which parts of the message were taken before one failed; handed back with the
    next attempt as `Message.sent_parts`, they are not sent again.
    """

    kind: ClassVar[str] = "delivery-failed"

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.facts: dict[str, Any] = dict(facts or {})


class SecretMissing(Problem):
    """A channel's secret is not in the environment."""

    kind: ClassVar[str] = "secret-missing"


@dataclass(frozen=True, slots=True)
class Answer:
    """The other side's acknowledgement, with what must be remembered of it.

    `warnings` are lines for the operator: what was not quite as it should be, though the
    message went.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Channel(Protocol):
    """One way out."""

    @property
    def id(self) -> str:
        """The channel's name in the configuration."""
        ...

    @property
    def can_edit(self) -> bool:
        """Whether a message of the kind `update` can change or answer the one it edits."""
        ...

    def send(self, message: Message) -> Answer:
        """Send one message and return once the other side has taken it.

        Raises DeliveryError.
        """
        ...


def secret(environ: Mapping[str, str], name: str, channel_id: str, meaning: str) -> str:
    """The secret in the environment variable `name`; raises SecretMissing without one."""
    found = environ.get(name, "").strip()
    if not found:
        raise SecretMissing(
            f"channel {channel_id!r} needs {meaning} in the environment variable {name}, which "
            "is not set. Set it, or take the channel out of the configuration."
        )
    return found


def retry_after_s(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds asked for by a Retry-After header (seconds or a date, RFC 9110 §10.2.3)."""
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
