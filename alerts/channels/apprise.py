"""Any service that Apprise knows, by addresses of Apprise's own form, which hold secrets.

https://github.com/caronc/apprise/wiki lists the services. Apprise says only whether a service
took a message; nothing it writes is repeated, since it may hold an address.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from alerts.channels.channel import Answer, DeliveryError, SecretMissing, secret
from alerts.message import Message
from alerts.rendering import BUILT_IN, rendered_subject, rendered_text
from alerts.templating import Templates
from config import AppriseChannel as Declared

_TYPES = {"critical": "failure", "major": "warning"}


class AppriseChannel:
    """Sends each message to one or more services."""

    def __init__(self, channel_id: str, services: tuple[Any, ...], templates: Templates) -> None:
        self.id = channel_id
        self.can_edit = False
        self._services = services
        self._templates = templates

    def send(self, message: Message) -> Answer:
        """Send to each service; those that took the message before are left out.

        Raises DeliveryError.
        """
        subject = rendered_subject(message, self._templates)
        text = rendered_text(message, self._templates)
        taken = list(message.sent_parts.get("services", []))
        problem = text.problem or subject.problem
        for number, service in enumerate(self._services, start=1):
            if number not in taken and _takes(service, subject.text, text.text, message.severity):
                taken.append(number)
        missing = len(self._services) - len(taken)
        if missing > 0:
            names = ", ".join(
                f"{number} ({_name(service)})"
                for number, service in enumerate(self._services, start=1)
                if number not in taken
            )
            raise DeliveryError(
                f"Apprise could not hand the message to service {names} of channel {self.id!r}",
                facts={"services": taken},
            )
        return Answer({"services": taken}, (problem,) if problem else ())


def open_apprise(
    declared: Declared, environ: Mapping[str, str], templates: Templates = BUILT_IN
) -> AppriseChannel:
    """The channel of a declaration; raises SecretMissing, also for an address of no service."""
    import apprise

    said = secret(environ, declared.url_env, declared.id, "Apprise addresses")
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(app_id="Decree Watch", app_desc="Decree Watch", app_url="")
    services = []
    for number, url in enumerate(re.split(r"\s+", said), start=1):
        service = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if service is None:
            raise SecretMissing(
                f"channel {declared.id!r}: address number {number} in {declared.url_env} is of no "
                "service that Apprise knows. Mend it, or take the channel out of the configuration."
            )
        if "overflow=" not in url:
            service.overflow_mode = apprise.OverflowMode.SPLIT
        services.append(service)
    return AppriseChannel(declared.id, tuple(services), templates)


def _takes(service: Any, title: str, body: str, severity: str) -> bool:
    try:
        return bool(
            service.notify(
                body=body, title=title, notify_type=_TYPES.get(severity, "info"), body_format="text"
            )
        )
    except Exception:
        return False


def _name(service: Any) -> str:
    """What the service is called, without its address."""
    return re.sub(r"[^\w .-]", "", str(getattr(service, "service_name", "") or "unnamed"))[:40]
