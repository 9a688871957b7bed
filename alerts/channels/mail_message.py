"""A message as a mail: plain text and HTML, its headers safe whatever the message says."""

import base64
import binascii
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from markupsafe import escape

from alerts.message import Message
from alerts.phrases import is_digest
from alerts.rendering import rendered_subject, rendered_text
from alerts.templating import Rendered, Templates
from config import MailChannel as Declared

CHART = "chart"
"""How a digest's HTML names its picture: `<img src="cid:chart">`."""
_POLICY = SMTP.clone(max_line_length=78)
_NAME = "Decree Watch"


def composed(
    message: Message, declared: Declared, templates: Templates, now: datetime
) -> tuple[EmailMessage, str]:
    """The mail, dated `now`, and what is wrong with a team's template (empty when nothing)."""
    subject = rendered_subject(message, templates)
    text = rendered_text(message, templates, "mail.txt.j2")
    html = _html(message, templates)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(_NAME, addr_spec=declared.sender)
    mail["To"] = [Address(addr_spec=one) for one in declared.to]
    mail["Subject"] = subject.text
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.key, declared.sender)
    first = _named(message)
    if first:
        mail["In-Reply-To"] = first
        mail["References"] = first
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Decreewatch-Key"] = _safe(message.key)
    if message.severity == "critical":
        mail["Importance"] = "high"
    mail.set_content(text.text, cte="base64")
    picture = _picture(message)
    mail.add_alternative(_with_picture(html.text, picture), subtype="html", cte="base64")
    if picture is not None:
        _page(mail).add_related(
            picture, "image", "png", cid=f"<{CHART}>", filename="digest.png", disposition="inline"
        )
    return mail, text.problem or html.problem or subject.problem


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the message with this key."""
    domain = re.sub(r"[^A-Za-z0-9.-]", "-", sender.rpartition("@")[2])
    return f"<{_safe(key)}@{domain}>"


def _named(message: Message) -> str:
    """The Message-ID of the thread's first mail, as we once made it."""
    said = str((message.first or {}).get("message_id", ""))
    return said if re.fullmatch(r"<[\w.-]{1,200}@[\w.-]{1,200}>", said, re.ASCII) else ""


def _html(message: Message, templates: Templates) -> Rendered:
    """The page; a digest brings its own, which is built with everything foreign escaped."""
    if is_digest(message) and message.body.get("html"):
        return Rendered(str(message.body["html"]))
    said = templates.render("mail.html.j2", message=message)
    note = f"\n<p>{escape(said.problem)}</p>\n" if said.problem else ""
    return Rendered(_before_end(said.text, note), said.problem)


def _with_picture(html: str, picture: bytes | None) -> str:
    if picture is None or f"cid:{CHART}" in html:
        return html
    return _before_end(html, f'\n<p><img src="cid:{CHART}" alt=""></p>\n')


def _before_end(html: str, addition: str) -> str:
    end = html.rfind("</body>")
    return html[:end] + addition + html[end:] if end >= 0 else html + addition


def _picture(message: Message) -> bytes | None:
    try:
        return base64.b64decode(str(message.body.get("png_base64", "")), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _page(mail: EmailMessage) -> EmailMessage:
    """The HTML part, to which the picture belongs."""
    page = mail.get_body(preferencelist=("html",))
    if not isinstance(page, EmailMessage):
        raise LookupError("the mail has no HTML part")
    return page


def _safe(text: str) -> str:
    """Letters, digits and hyphens alone, at least one: what a Message-ID begins with."""
    return re.sub(r"[^A-Za-z0-9-]", "-", text)[:200] or "-"
