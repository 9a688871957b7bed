"""The sections of the configuration that say where alerts go and what they look like."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config_sections import EnvName, Id, Section, Url

_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def _mail_address(value: str) -> str:
    if len(value) > 254 or not _ADDRESS.fullmatch(value):
        raise ValueError('a mail address such as "desk@example.org", without a name')
    return value


Address = Annotated[str, AfterValidator(_mail_address)]


class SlackChannel(Section):
    """A Slack channel, by bot token (`token_env`) or incoming webhook (`webhook_env`)."""

    id: Id
    kind: Literal["slack"]
    channel: str = ""
    token_env: EnvName = "DECREEWATCH_SLACK_TOKEN"
    webhook_env: EnvName | None = None
    base_url: Url = "https://slack.com/api/"

    @model_validator(mode="after")
    def _has_a_target(self) -> Self:
        if not self.channel and self.webhook_env is None:
            raise ValueError("channel (with a bot token) or webhook_env")
        return self


class WebhookChannel(Section):
    """A web address that takes signed JSON; `secret_env` names the variable with the key."""

    id: Id
    kind: Literal["webhook"]
    url: Url
    secret_env: EnvName = "DECREEWATCH_WEBHOOK_SECRET"


class ConsoleChannel(Section):
    """Alerts printed on the terminal that runs Decree Watch."""

    id: Id
    kind: Literal["console"]


class MailChannel(Section):
    """Mail through an SMTP server. Without `tls` nothing leaves this machine.

    `user_env` and `password_env` name the variables with what the server asks for; without
    them we do not log in. `ca_file` holds the certificates that the server's is checked
    against, in place of the system's.
    """

    id: Id
    kind: Literal["mail"]
    host: str = Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int | None = Field(default=None, ge=1, le=65535)
    sender: Address
    to: tuple[Address, ...]
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user_env: EnvName | None = None
    password_env: EnvName | None = None
    ca_file: Path | None = None

    @property
    def at_port(self) -> int:
        """The port, by default the usual one for the kind of `tls`."""
        return self.port or _PORTS[self.tls]

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not 1 <= len(self.to) <= 100:
            raise ValueError("1 to 100 addresses in to")
        if self.tls == "none" and not _is_loopback(self.host):
            raise ValueError('tls "starttls" or "implicit": "none" is for a server on this machine')
        if (self.user_env is None) != (self.password_env is None):
            raise ValueError("user_env and password_env together, or neither")
        return self


class AtomChannel(Section):
    """An Atom feed in a file, of the `newest` alerts."""

    id: Id
    kind: Literal["atom"]
    path: Path
    title: str = Field(default="Decree Watch", min_length=1)
    newest: int = Field(default=100, ge=1, le=1000)


class AppriseChannel(Section):
    """Any service that Apprise knows; `url_env` names the variable with its addresses."""

    id: Id
    kind: Literal["apprise"]
    url_env: EnvName


Channel = Annotated[
    SlackChannel | MailChannel | WebhookChannel | AtomChannel | AppriseChannel | ConsoleChannel,
    Field(discriminator="kind"),
]


class Templates(Section):
    """Templates of your own: files in `folder` stand before the built-in ones of their name."""

    folder: Path | None = None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
