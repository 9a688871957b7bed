"""The words of an Atom feed (RFC 4287): elements in its namespace, text that XML allows."""

import re
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from alerts.wording import visible

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tag(name: str) -> str:
    """An element's name in the namespace of Atom."""
    return f"{{{NAMESPACE}}}{name}"


def element(name: str) -> Any:
    """A new element, which declares the namespace."""
    return etree.Element(tag(name), nsmap={None: NAMESPACE})


def add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    """Put an element with this text and these attributes into another; gives it."""
    child = etree.SubElement(parent, tag(name))
    child.text = clean(text) or None
    for attribute, value in attributes.items():
        child.set(attribute, clean(value))
    return child


def clean(text: str) -> str:
    """`text` without what XML 1.0 §2.2 does not allow, and nothing that steers a reader."""
    return _NOT_XML.sub("", visible(text))


def moment(at: datetime) -> str:
    """A time as Atom writes it (RFC 3339), in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def written(feed: Any) -> bytes:
    """The document in UTF-8."""
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8"))
