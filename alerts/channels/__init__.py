"""The ways in which a message leaves the house, opened from the configuration."""

from collections.abc import Mapping
from typing import TextIO

from alerts.channels.channel import Channel, SecretMissing
from alerts.rendering import templates_in
from alerts.templating import Templates
from config import AppriseChannel, AtomChannel, Config, ConsoleChannel, MailChannel, WebhookChannel
from config import Channel as Declared


def open_channels(
    config: Config, environ: Mapping[str, str], *, stream: TextIO | None = None
) -> dict[str, Channel]:
    """The declared channels by id, with their secrets out of `environ`.

    `stream` is where console channels print (standard output when None).

    Raises SecretMissing with one line for each variable that is missing.
    """
    opened: dict[str, Channel] = {}
    missing = []
    templates = templates_in(config.templates.folder)
    for declared in config.channels:
        try:
            opened[declared.id] = _open(declared, environ, stream, templates)
        except SecretMissing as error:
            missing.append(str(error))
    if missing:
        raise SecretMissing("\n".join(missing))
    return opened


def _open(
    declared: Declared, environ: Mapping[str, str], stream: TextIO | None, templates: Templates
) -> Channel:
    if isinstance(declared, ConsoleChannel):
        from alerts.channels.console import ConsoleChannel as Terminal

        return Terminal(declared.id, stream)
    if isinstance(declared, WebhookChannel):
        from alerts.channels.webhook import open_webhook

        return open_webhook(declared, environ, templates)
    if isinstance(declared, MailChannel):
        from alerts.channels.mail import open_mail

        return open_mail(declared, environ, templates)
    if isinstance(declared, AtomChannel):
        from alerts.channels.atom import open_atom

        return open_atom(declared, templates)
    if isinstance(declared, AppriseChannel):
        from alerts.channels.apprise import open_apprise

        return open_apprise(declared, environ, templates)
    from alerts.channels.slack import open_slack

    return open_slack(declared, environ, templates)
