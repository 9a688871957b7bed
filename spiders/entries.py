"""What feeds, sitemaps and listings share: hardened XML, plain text, the making of an entry."""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml import html as lxml_html

from spiders.decoding import decode_page
from spiders.items import FeedEntry
from spiders.problems import BadFeed
from spiders.shells import refuse_shell
from storage.problems import Problem

FEED_LIMIT = 20_000_000
LONGEST_SUMMARY = 5_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")


@dataclass(frozen=True, slots=True)
class Xml:
    """A parsed document; `wrong` says what is not well-formed in it, "" where nothing is.

    Where something is, `root` is what could be recovered of `source`.
    """

    root: etree._Element
    source: bytes
    wrong: str

    def closed(self, *names: str) -> int:
        """Count the end tags of elements: in a cut document the last one may be half there."""
        return sum(self.source.count(f"</{name}>".encode()) for name in names)


def read_xml(body: bytes, url: str, *, content_type: str, limit: int) -> Xml:
    """Parse a feed or sitemap with no entity, no DTD and no network.

    Raises BadFeed when the body is too large, empty, binary, declares entities or holds
    nothing that can be read, and NeedsJavascript when it is a cookie challenge.
    """
    where = url or "the feed"
    try:
        text, _ = decode_page(body, content_type=content_type, url=where, limit=limit)
    except Problem as problem:
        raise BadFeed(str(problem)) from problem
    if "<!ENTITY" in text:
        raise BadFeed(f"{where}: declares XML entities, which no feed needs; it is not read")
    source = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).strip().encode("utf-8", "replace")
    if re.match(rb"<(?:!doctype\s+html|html|head|body)\b", source[:200], re.I):
        _refuse_page(source, where)
    root, wrong = _parse(source, recover=False)
    if root is None:
        root, _ = _parse(source, recover=True)
    if root is None:
        raise BadFeed(f"{where}: not XML ({wrong})")
    return Xml(root, source, wrong)


def make_entry(
    url: str,
    title: str,
    summary: str = "",
    *,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
) -> FeedEntry:
    """Give an entry whose fingerprint follows its title, summary and updated time.

    The published time is left out: some outlets stamp every entry anew at every request.
    """
    parts = (url, title, summary, updated_at.isoformat() if updated_at else "")
    print_ = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return FeedEntry(url, title, summary, published_at, updated_at, print_)


def plain_text(text: str) -> str:
    """Give text that may carry one level of HTML as plain NFC text on one line, cut if long."""
    if "<" in text and ">" in text:
        try:
            text = " ".join(lxml_html.fromstring(f"<div>{text}</div>").itertext())
        except (etree.LxmlError, ValueError):
            text = re.sub(r"<[^<>]{0,2000}>", " ", text)
    else:
        text = html.unescape(text)
    return unicodedata.normalize("NFC", " ".join(text.split()))[:LONGEST_SUMMARY]


def without_doubles(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """Give the entries with each address once, the first one kept."""
    return list({entry.url: entry for entry in reversed(list(entries))}.values())[::-1]


def _refuse_page(source: bytes, where: str) -> None:
    tree = lxml_html.document_fromstring(source, parser=lxml_html.HTMLParser(encoding="utf-8"))
    refuse_shell(tree, source.decode("utf-8"), where)
    raise BadFeed(f"{where}: an HTML page where a feed was expected; the feed may have moved")


def _parse(source: bytes, *, recover: bool) -> tuple[etree._Element | None, str]:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=recover,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(source, parser), ""
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, " ".join(str(error).split())[:200]
