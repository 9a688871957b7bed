"""What a server once sent, made fit to be looked at: nothing in it runs, and nothing is fetched.

Two walls: what is active is taken out here, and the answer carries a policy under which the
browser would neither run nor fetch what was overlooked.
"""

import base64
import codecs
import hashlib
import re
from email.message import Message
from itertools import islice
from typing import Any

from markupsafe import escape

from alerts.wording import visible
from storage.captures import Stored

MOST_BYTES = 4_000_000
"""A page of more bytes is not rendered; it can be downloaded."""
MOST_ELEMENTS = 100_000
STYLE = (
    ":root{color-scheme:light}body{font:16px/1.5 system-ui,sans-serif;max-width:70ch;"
    "margin:1.5rem auto;padding:0 1rem;color:#111;background:#fff;overflow-wrap:anywhere}"
    "img{max-width:100%}pre{white-space:pre-wrap}td,th{padding:.2em .6em .2em 0;text-align:start}"
)
"""The only style that a stored page is shown in: its own may fetch, and may hide."""
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"sandbox; default-src 'none'; img-src data:; style-src 'sha256-{_DIGEST}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ATTRIBUTES = frozenset(
    {
        "abbr", "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "class",
        "color", "cols", "colspan", "datetime", "dir", "headers", "height", "id", "lang", "media",
        "rowspan", "scope", "span", "src", "start", "summary", "title", "type",
        "valign", "value", "width", "xml:lang",
    }
)  # fmt: skip
_SHAPES = ("svg", "math", "template", "noscript", "audio", "video", "source", "track", "portal")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z")
_TEXTS = ("text/", "application/json", "application/jsonl", "application/xml")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def rendering(stored: Stored) -> str:
    """The page of a capture as HTML without anything active; a text as it is, in one block.

    Where there is nothing to show (a picture, a PDF, a page that is too large), it says so.
    """
    media_type, charset = content_type(stored)
    if not stored.body:
        return _note("The answer had no body.")
    is_html = media_type in ("text/html", "application/xhtml+xml", "")
    is_text = is_html or media_type.startswith(_TEXTS) or media_type.endswith(("+xml", "+json"))
    if not is_text or stored.body.startswith((b"%PDF-", b"PK\x03\x04")):
        kind = media_type or "of an unknown kind"
        return _note(f"This capture is no page ({kind}, {len(stored.body):,} bytes). Download it.")
    if len(stored.body) > MOST_BYTES:
        return _note(f"This page is too large to be shown ({len(stored.body):,} bytes).")
    if is_html:
        return harmless(stored.body, charset)
    text = visible(stored.body.decode(charset or "utf-8", "replace"))
    return _page(f"<body><pre>{escape(text)}</pre></body>", "")


def harmless(page: bytes, charset: str = "") -> str:
    """A page of HTML without scripts, event handlers, forms, frames, links, styles and fetched
    parts. Hidden text shows.

    `charset` is what the server said; where it said nothing the page itself tells.
    """
    from lxml import etree, html
    from lxml_html_clean import Cleaner

    parser = html.HTMLParser(
        encoding=None if not charset or page.startswith(_BOMS) else charset,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = html.document_fromstring(page, parser=parser)
        if sum(1 for _ in islice(root.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS:
            return _note("This page has too many parts to be shown. Download it.")
        language = root.get("lang") or ""
        Cleaner(
            style=True,
            inline_style=True,
            page_structure=False,
            kill_tags=_SHAPES,
            safe_attrs=_ATTRIBUTES,
            forms=True,
            meta=True,
            links=True,
            embedded=True,
            frames=True,
        )(root)
        _unlink(root)
        body = root.find("body")
        inside = "" if body is None else html.tostring(body, encoding="unicode")
    except (etree.LxmlError, ValueError, AssertionError):
        return _note("This page cannot be read as HTML.")
    return _page(inside, language)


def content_type(stored: Stored) -> tuple[str, str]:
    """The media type and the character set that a server said, each "" where it said none.

    A character set that is not known counts as none.
    """
    head = Message()
    said = next((v for name, v in stored.headers if name.lower() == "content-type"), "")
    head["content-type"] = re.sub(r"[^\x20-\x7e]", "", said)
    charset = head.get_param("charset")
    try:
        known = codecs.lookup(charset).name if isinstance(charset, str) and charset else ""
    except (LookupError, ValueError):
        known = ""
    return (head.get_content_type() if said else "", known)


def _unlink(root: Any) -> None:
    """Take out what still names an address, save pictures that the page holds itself."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in list(element.attrib):
            value = element.attrib[name]
            if name == "src" and element.tag == "img" and _PICTURE.match(value):
                continue
            if name == "src" or name not in _ATTRIBUTES or "javascript:" in value.lower():
                del element.attrib[name]


def _page(body: str, language: str) -> str:
    lang = f' lang="{escape(language)}"' if re.fullmatch(r"[A-Za-z-]{2,20}", language) else ""
    return (
        f'<!doctype html>\n<html{lang}><head><meta charset="utf-8">'
        f"<title>Stored page</title><style>{STYLE}</style></head>{body}</html>\n"
    )


def _note(text: str) -> str:
    return _page(f"<body><p>{escape(text)}</p></body>", "en")
