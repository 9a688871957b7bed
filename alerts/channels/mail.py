"""Mail through an SMTP server (RFC 5321), encrypted unless the server is this machine.

The message's key makes its Message-ID, so that a mail that comes twice can be told, and
follow-ups name the first mail of their thread (RFC 5322 §3.6.4). Mail cannot be edited.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from alerts.channels.channel import TIMEOUT_S, Answer, DeliveryError, secret
from alerts.channels.mail_message import composed
from alerts.message import Message
from alerts.rendering import BUILT_IN
from alerts.templating import Templates
from alerts.wording import cut, one_line
from config import MailChannel as Declared

_LONGEST_TO_DATA_S = 60.0
_DATA_TIMEOUT_S = 90.0
"""A server may look through a mail for long before it answers; giving up early would send the
mail again. Both together stay below the lease of a claimed message."""
_QUIT_TIMEOUT_S = 3.0
Refusals = Mapping[str, tuple[int, bytes]]


class MailChannel:
    """Sends each message as one mail to all recipients."""

    def __init__(
        self,
        declared: Declared,
        login: tuple[str, str] | None = None,
        templates: Templates = BUILT_IN,
        *,
        timeout_s: float = TIMEOUT_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.id = declared.id
        self.can_edit = False
        self._declared = declared
        self._login = login
        self._templates = templates
        self._timeout_s = timeout_s
        self._clock = clock

    def send(self, message: Message) -> Answer:
        """Send a mail; the server's 250 after the text acknowledges it.

        Recipients that the server refuses for good are named in the answer; those whom it
        refuses for now are tried again, without the others. Raises DeliveryError.
        """
        taken = [str(one) for one in message.sent_parts.get("accepted", [])]
        to = [one for one in self._declared.to if one not in taken]
        mail, problem = composed(message, self._declared, self._templates, self._clock())
        try:
            refused = self._handed_over(mail.as_bytes(), to)
        except DeliveryError as error:
            error.facts = {"accepted": taken} if taken else {}
            raise
        accepted = [*taken, *(one for one in to if one not in refused)]
        if not accepted:
            raise _all_refused(refused)
        later = [one for one, (code, _) in refused.items() if code < 500]
        if later:
            raise DeliveryError(
                f"the mail server takes no mail for {', '.join(later)} yet: "
                f"{_said(*refused[later[0]])}",
                facts={"accepted": accepted},
            )
        facts: dict[str, Any] = {"message_id": str(mail["Message-ID"]), "accepted": accepted}
        warnings = [f"the mail server refuses {one}: {_said(*why)}" for one, why in refused.items()]
        if refused:
            facts["refused"] = {one: _said(*why) for one, why in refused.items()}
        return Answer(facts, tuple([*warnings, problem] if problem else warnings))

    def _handed_over(self, mail: bytes, to: list[str]) -> Refusals:
        """Hand a mail to the server; returns whom it refused, and why."""
        if not to:
            return {}
        server: smtplib.SMTP | None = None
        try:
            stop = time.monotonic() + _LONGEST_TO_DATA_S
            server = self._connected()
            refused = _transaction(server, self._declared.sender, to, mail, stop)
            _leave(server)
        except smtplib.SMTPResponseException as error:
            raise _answered(error.smtp_code, error.smtp_error, type(error)) from None
        except smtplib.SMTPNotSupportedError:
            raise DeliveryError(_NO_TLS, permanent=True) from None
        except ssl.SSLCertVerificationError as error:
            said = cut(one_line(error.verify_message or str(error)), 200)
            raise DeliveryError(
                f"the mail server's certificate is not to be trusted: {said}. Mend it, or name "
                "the certificate it is to be checked against in ca_file."
            ) from None
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            said = cut(one_line(f"{type(error).__name__}: {error}"), 200)
            raise DeliveryError(f"the mail server did not take the mail: {said}") from None
        finally:
            if server is not None:
                server.close()
        return refused

    def _connected(self) -> smtplib.SMTP:
        said = self._declared
        if said.tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                said.host, said.at_port, _NAME, timeout=self._timeout_s, context=self._context()
            )
        else:
            server = smtplib.SMTP(said.host, said.at_port, _NAME, timeout=self._timeout_s)
        try:
            if said.tls == "starttls":
                server.starttls(context=self._context())
            if self._login is not None:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._declared.ca_file)


_DONE, _FORWARDED = 250, 251
_NAME = "localhost" if "." not in socket.gethostname() else socket.gethostname()
_NO_TLS = (
    "the mail server does not offer what is needed (STARTTLS, or a way to log in); nothing was "
    "sent in the clear. Set tls in the configuration to what the server speaks, then let the "
    "failed messages be sent again."
)


def open_mail(
    declared: Declared, environ: Mapping[str, str], templates: Templates = BUILT_IN
) -> MailChannel:
    """The channel of a declaration; raises SecretMissing."""
    login = None
    if declared.user_env is not None and declared.password_env is not None:
        login = (
            secret(environ, declared.user_env, declared.id, "the user name for its mail server"),
            secret(environ, declared.password_env, declared.id, "the password of its mail server"),
        )
    return MailChannel(declared, login, templates)


def _transaction(
    server: smtplib.SMTP, sender: str, to: Sequence[str], mail: bytes, stop: float
) -> Refusals:
    """One mail transaction (RFC 5321 §3.3); returns whom the server refused, and why."""
    server.ehlo_or_helo_if_needed()
    code, said = server.mail(sender)
    if code != _DONE:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    refused = {}
    for one in to:
        if time.monotonic() > stop:
            raise DeliveryError("the mail server is too slow with its recipients")
        code, said = server.rcpt(one)
        if code not in (_DONE, _FORWARDED):
            refused[one] = (code, said)
    if len(refused) == len(to):
        return refused
    if server.sock is not None:
        server.sock.settimeout(_DATA_TIMEOUT_S)
    code, said = server.data(mail)
    if code != _DONE:
        raise smtplib.SMTPDataError(code, said)
    return refused


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; the mail has been taken, whatever the server makes of that."""
    if server.sock is not None:
        server.sock.settimeout(_QUIT_TIMEOUT_S)
    with suppress(OSError, smtplib.SMTPException):
        server.quit()


def _all_refused(recipients: Refusals) -> DeliveryError:
    """One error for all: permanent only when nobody may be taken another time."""
    address, (code, said) = min(recipients.items(), key=lambda one: one[1][0])
    error = _answered(code, said, smtplib.SMTPRecipientsRefused)
    return DeliveryError(f"{address}: {error}", permanent=error.permanent)


def _answered(code: int, said: bytes | str, kind: type[Exception]) -> DeliveryError:
    """4xx may be another answer next time, 5xx will not (RFC 5321 §4.2.1)."""
    answer = f"the mail server answered {_said(code, said)}"
    if issubclass(kind, smtplib.SMTPAuthenticationError):
        answer = f"the mail server does not let us in: {code}"
    if code < 500:
        return DeliveryError(answer)
    return DeliveryError(
        f"{answer}. Mend the channel's addresses, its login or the server, then let the failed "
        "messages be sent again.",
        permanent=True,
    )


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {cut(re.sub(' +', ' ', one_line(text)), 200)}".strip()
