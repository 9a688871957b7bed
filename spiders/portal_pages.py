"""A portal's page about one legal document → its fields, relations, attachments and text."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from lxml.html import HtmlElement

from spiders.addresses import absolute, split
from spiders.container import clean_line, without
from spiders.dates import parse_date
from spiders.decoding import PAGE_LIMIT, decode_page
from spiders.families import compiled, first_match
from spiders.gateway import is_json, read_gateway_document
from spiders.items import Attachment, PortalDocument, Stage
from spiders.legal_html import legal_lines
from spiders.pages import parse_html
from spiders.portal_families import PortalFamily, portal_family
from spiders.portal_fields import (
    field_of,
    is_hidden,
    label_key,
    last_date,
    names_document,
    number_in,
    relation_of,
)
from spiders.problems import NoText
from spiders.shells import refuse_shell

LONGEST_LABEL = 60
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TOOLTIPS = ("script, style, noscript, svg, [class*=tooltip-content], [class*=tooltip-text]",)


def read_portal_page(
    body: bytes,
    url: str,
    family: str | None = None,
    *,
    content_type: str = "",
    limit: int = PAGE_LIMIT,
) -> PortalDocument:
    """Read a document's page of a legal portal.

    A gateway's JSON is read as well. Values the portal hides ("Đã biết") are empty and noted as
    `field:LABEL hidden`. A page is a draft's where it says so in its labels, title or address.
    Raises what `decode_page` raises, NotJson, NeedsJavascript, and NoText where neither a known
    field nor a text is found.
    """
    if is_json(body):
        return read_gateway_document(body, url, limit=limit)
    source, notes = decode_page(body, content_type=content_type, url=url, limit=limit)
    tree = parse_html(source, url)
    chosen = portal_family(source, url, family)
    shown, hidden = _fields(tree, chosen)
    named = {field_of(label): value for label, value in reversed(shown.items()) if value}
    text = _text(tree, chosen)
    if not text and not ({"number", "draft_title", "issued", "consultation"} & named.keys()):
        refuse_shell(tree, source, url)
        raise NoText(f"{url}: neither a document's fields nor its text on this page")
    heading = _heading(tree, chosen)
    title = named.get("draft_title") or heading or named.get("subject", "")
    stage = _stage(url, heading, named)
    number = re.sub(r"\s*([/\-])\s*", r"\1", named.get("number", ""))
    return PortalDocument(
        url=url,
        title=title,
        number=number or ("" if stage == "draft" else number_in(heading)),
        type=named.get("type", ""),
        issuer=named.get("issuer") or named.get("drafter", ""),
        signer=named.get("signer", ""),
        issued_on=parse_date(named.get("issued", "")),
        effective_on=parse_date(named.get("effective", "")),
        status=named.get("status", ""),
        stage=stage,
        consultation_until=last_date(named.get("consultation", "")),
        fields=shown,
        relations=tuple(
            dict.fromkeys(one for one in _relations(tree, chosen, url) if one[1] != number)
        ),
        attachments=tuple({one.url: one for one in _attachments(tree, chosen, url)}.values()),
        text=text,
        notes=(*notes, *(f"field:{label} hidden" for label in hidden), *_other_address(tree, url)),
    )


def _heading(tree: HtmlElement, family: PortalFamily) -> str:
    for selector in (*family.title, "title"):
        element = first_match(tree, (selector,))
        if element is not None and (text := clean_line(element.text_content())):
            return text
    return ""


def _other_address(tree: HtmlElement, url: str) -> Iterator[str]:
    """Note the page's own address when its last part is not the one that was asked for.

    Portals that look only at a trailing id answer a wrong address with another document.
    """
    for canonical in tree.xpath('//link[@rel="canonical"]/@href')[:1]:
        own = absolute(url, canonical)
        if own and _last_part(own) != _last_part(url):
            yield f"canonical:{own}"


def _last_part(url: str) -> str:
    return unquote(split(url).path).rstrip("/").rsplit("/", 1)[-1].lower()


def _text(tree: HtmlElement, family: PortalFamily) -> str:
    container = first_match(tree, family.text)
    return "\n".join(legal_lines(container, noise=family.noise)) if container is not None else ""


def _stage(url: str, heading: str, named: dict[str, str]) -> Stage:
    if heading.lower().startswith(("dự thảo", "draft ")) or "draft_title" in named:
        return "draft"
    if "number" in named or "issued" in named:
        return "enacted"
    if "consultation" in named or "drafter" in named:
        return "draft"
    return "draft" if re.search(r"/du-?thao", split(url).path) else ""


def _containers(tree: HtmlElement, selectors: tuple[str, ...]) -> list[HtmlElement]:
    found = [element for selector in selectors for element in compiled(selector)(tree)]
    return found or [tree]


def _fields(tree: HtmlElement, family: PortalFamily) -> tuple[dict[str, str], list[str]]:
    """Give the shown labels with their values, the hidden ones empty, and the hidden labels."""
    shown: dict[str, str] = {}
    hidden: list[str] = []
    for container in _containers(tree, family.fields):
        clean = without(container, (*TOOLTIPS, *family.text, *family.relations))
        for label, value in (*_cell_pairs(clean), *_line_pairs(clean)):
            if label in shown:
                continue
            unknown = is_hidden(value)
            shown[label] = "" if unknown else value
            if unknown:
                hidden.append(label)
    return shown, hidden


def _cell_pairs(container: HtmlElement) -> Iterator[tuple[str, str]]:
    for row in container.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for cell, following in pairwise(cells):
            label = _label(cell)
            if label and not _label(following):
                yield label, clean_line(" ".join(following.itertext()))
    for term in container.iter("dt"):
        value = term.getnext()
        if value is not None and value.tag == "dd" and (label := _tidy(term.text_content())):
            yield label, clean_line(" ".join(value.itertext()))


def _line_pairs(container: HtmlElement) -> Iterator[tuple[str, str]]:
    """Give the pairs of lines such as `<li><span>Ngày có hiệu lực:</span> 15/04/2014</li>`."""
    for element in container.iter("li", "p", "div", "span"):
        if element.xpath("boolean(.//li|.//p|.//div|.//tr)"):
            continue
        text = clean_line(" ".join(element.itertext()))
        label, colon, value = text.partition(":")
        if colon and len(text) < 300 and field_of(label) and not field_of(value):
            yield _tidy(label), value.strip()


def _label(cell: HtmlElement) -> str:
    """Give the label a cell holds, "" where it holds a value."""
    text = clean_line(cell.text_content())
    if not text or len(text) > LONGEST_LABEL or cell.find(".//a") is not None:
        return ""
    marked = cell.tag == "th" or bool(cell.xpath(".//b|.//strong|.//label"))
    named = re.search(r"label|nhan|title", cell.get("class") or "") is not None
    if field_of(text) or ((marked or named) and (text.endswith(":") or named or cell.tag == "th")):
        return _tidy(text)
    return ""


def _tidy(label: str) -> str:
    return clean_line(label).strip(" :*")


def _relations(tree: HtmlElement, family: PortalFamily, url: str) -> Iterator[tuple[str, str]]:
    for container in _containers(tree, family.relations):
        if container is tree:
            return
        kind = ""
        for element in without(container, TOOLTIPS).iter():
            if not isinstance(element.tag, str):
                continue
            own = label_key(element.text or "")
            if own and len(own) <= LONGEST_LABEL and (named := relation_of(own)):
                kind = named
            elif element.tag == "a" and kind and _leads_away(element, url):
                name = clean_line(element.text_content()) or clean_line(element.get("title") or "")
                if names_document(name):
                    yield kind, number_in(name) or name


def _leads_away(link: HtmlElement, url: str) -> bool:
    address = absolute(url, link.get("href") or "").split("#")[0]
    return bool(address) and address != url.split("#")[0]


def _attachments(tree: HtmlElement, family: PortalFamily, url: str) -> Iterator[Attachment]:
    for container in _containers(tree, family.attachments):
        for element in container.iter("a", "object", "iframe", "embed"):
            place = element.get("href") or element.get("data") or element.get("src") or ""
            address = absolute(url, place)
            kind = _kind(address)
            outside = element.xpath("ancestor::header|ancestor::footer|ancestor::nav")
            if kind and not outside:
                name = clean_line(element.text_content())
                file = unquote(split(address).path.rsplit("/", 1)[-1])
                yield Attachment(address, name or file, MEDIA_TYPES[kind])


def _kind(address: str) -> str:
    parts = split(address)
    for place in (parts.path, parts.query):
        match = re.search(r"\.(pdf|docx?|rtf|zip|rar|xlsx)$", place.lower())
        if match:
            return match[1]
    return ""
