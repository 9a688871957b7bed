"""The ways in which a message leaves the house, opened from the configuration."""

from collections.abc import Mapping
from typing import TextIO

from alerts.channels.channel import Channel, SecretMissing
from config import Config, ConsoleChannel, SlackChannel, WebhookChannel


def open_channels(
    config: Config, environ: Mapping[str, str], *, stream: TextIO | None = None
) -> dict[str, Channel]:
    """The declared channels by id, with their secrets out of `environ`.

    `stream` is where console channels print (standard output when None).

    Raises SecretMissing with one line for each variable that is missing.
    """
    opened: dict[str, Channel] = {}
    missing = []
    for declared in config.channels:
        try:
            opened[declared.id] = _open(declared, environ, stream)
        except SecretMissing as error:
            missing.append(str(error))
    if missing:
        raise SecretMissing("\n".join(missing))
    return opened


def _open(
    declared: SlackChannel | WebhookChannel | ConsoleChannel,
    environ: Mapping[str, str],
    stream: TextIO | None,
) -> Channel:
    if isinstance(declared, ConsoleChannel):
        from alerts.channels.console import ConsoleChannel as Terminal

        return Terminal(declared.id, stream)
    if isinstance(declared, WebhookChannel):
        from alerts.channels.webhook import open_webhook

        return open_webhook(declared, environ)
    from alerts.channels.slack import open_slack

    return open_slack(declared, environ)
