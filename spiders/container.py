"""The article's container → its lines: Beautiful Soup cleans it and reads what is left.

lxml finds the container and cuts what a CSS selector can name, so Beautiful Soup, which is
the better reader of half-closed markup but costs 80 ms for a whole 340 kB page, parses a few
kilobytes; what takes judgement (class names, link shares, captions) is done there.
"""

import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString
from lxml import etree
from lxml.html import HtmlElement

from spiders.families import compiled

_BLOCK_NAMES = """
address article aside blockquote body caption dd div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
DROPPED = (
    "script, style, noscript, template, iframe, object, embed, form, button, select, input, "
    "textarea, svg, video, audio, nav, aside, footer, dialog, .visually-hidden, .sr-only, "
    ".screen-reader-text, [class*=visually-hidden], [class*=VisuallyHidden]"
)
CAPTION_TAGS = frozenset({"figure", "figcaption"})
# Whole words of a class or id that name what surrounds an article and is not it.
_NOISE_NAMES = """
related relate relates relatednews newsletter subscribe subscription subscriptions paywall
promo promos share sharing social advert advertisement ads adslot banner breadcrumb breadcrumbs
comments recommended recommendation recommendations readmore read-more next-in next-story
tinlienquan tin-lien-quan lienquan lien-quan xemthem xem-them tag tags tag-list most-read trending
outbrain taboola cookie-banner
"""
NOISE_WORDS = frozenset(_NOISE_NAMES.split())
INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "sup", "sub", "mark", "u", "font"})
_RELATED_LEAD = re.compile(
    r"^(?:>>+|»|xem thêm|đọc thêm|mời (?:quý )?(?:độc giả|bạn đọc) (?:xem|theo dõi|đón)"
    r"|tin liên quan|bài liên quan|tin cùng chuyên mục|read more|also read"
    r"|related(?: (?:articles?|stories|coverage))?|see also|more on this|recommended"
    r"|sign up (?:for|to)|subscribe (?:to|now)|follow us)(?!\w)",
    re.I,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z\-]*")
MOST_NOISE = 0.4


def read_lines(
    container: HtmlElement, *, noise: tuple[str, ...] = (), keep_captions: bool = False
) -> list[str]:
    """Give the lines of an article's container: paragraphs, headings, list items, table rows.

    `noise` are CSS selectors removed first, whatever they hold; blocks whose class says
    related, subscription, share and the like, nested articles and photo captions are
    removed too, unless they hold more than two fifths of the text. Text is NFC with single
    spaces; a table row is one line, its cells joined by ` | `.
    """
    soup, root = soup_without(container, (DROPPED, *noise))
    if root is None:
        return []
    if not keep_captions:
        _drop(root, [element for element in _tags(root) if _is_caption(element)])
    _drop(root, [element for element in _tags(root) if _is_noise(element)])
    _drop_link_lists(root)
    _flatten_tables(soup, root)
    return list(block_lines(root))


def soup_without(
    container: HtmlElement, selectors: tuple[str, ...]
) -> tuple[BeautifulSoup, Tag | None]:
    """Give an element without what the CSS selectors match as soup, and as a tag in there."""
    markup = etree.tostring(without(container, selectors), encoding="unicode", method="html")
    soup = BeautifulSoup(markup, "lxml")
    if container.tag in ("html", "body"):
        return soup, soup.body
    return soup, soup.body.find(True, recursive=False) if soup.body else None


def without(container: HtmlElement, selectors: tuple[str, ...]) -> HtmlElement:
    """Give a copy of an element without what the CSS selectors match inside it."""
    kept = deepcopy(container)
    kept.tail = None
    for selector in selectors:
        for element in compiled(selector)(kept):
            if element is not kept and element.getparent() is not None:
                element.drop_tree()
    return kept


def _tags(root: Tag) -> list[Tag]:
    return [node for node in root.descendants if isinstance(node, Tag)]


def _drop(root: Tag, elements: list[Tag]) -> None:
    whole = len(root.get_text())
    for element in elements:
        if element.decomposed or element is root:
            continue
        if len(element.get_text()) <= whole * MOST_NOISE:
            element.decompose()


def _names(element: Tag) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_caption(element: Tag) -> bool:
    return element.name in CAPTION_TAGS or "caption" in _names(element).lower()


def _is_noise(element: Tag) -> bool:
    """Say whether a block is a nested article or its class or id holds a noise word."""
    if element.name in INLINE:
        return False
    if element.name == "article":
        return True
    for word in _NAME.findall(_names(element).replace("_", "-").lower()):
        if word in NOISE_WORDS or not NOISE_WORDS.isdisjoint(word.split("-")):
            return True
    return False


def _drop_link_lists(root: Tag) -> None:
    """Cut the paragraphs and lists that hold nothing but links to other stories."""
    holders = {
        id(holder): holder
        for link in root.find_all("a", href=True)
        for holder in _holders(link, root)
    }
    for element in holders.values():
        is_list = element.name in ("ul", "ol")
        if element.decomposed or (not is_list and element.find(["p", "div", "table"])):
            continue
        text = element.get_text(" ", strip=True)
        linked = sum(
            len(link.get_text(" ", strip=True)) for link in element.find_all("a", href=True)
        )
        if text and linked and _is_pointer(text, linked / len(text), is_list=is_list):
            element.decompose()


def _holders(link: Tag, root: Tag) -> Iterator[Tag]:
    for parent in link.parents:
        if parent is root:
            return
        if parent.name in ("ul", "ol", "p", "h4", "h5", "div"):
            yield parent


def _is_pointer(text: str, linked: float, *, is_list: bool) -> bool:
    """Say whether a block is a pointer elsewhere; `linked` is the share of its text in links."""
    if is_list:
        return linked >= 0.9
    if _RELATED_LEAD.match(text):
        return linked >= 0.5
    return linked >= 0.9 and len(text) > 20 and text[-1] not in '.!?…”"'


def _flatten_tables(soup: BeautifulSoup, root: Tag) -> None:
    for table in root.find_all("table"):
        if table.decomposed or table.find("table"):
            continue
        for row in table.find_all("tr"):
            cells = [cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])]
            filled = [cell for cell in cells if cell]
            if len(filled) < 2:
                continue
            row.clear()
            row.append(soup.new_string(" | ".join(filled)))


def block_lines(root: Tag) -> Iterator[str]:
    """Give the text of every block, and of every part between line breaks, as one line."""
    pieces: list[str] = []
    block: Tag | None = None
    for node in root.descendants:
        if isinstance(node, Tag):
            if node.name == "br" or node.name in BLOCKS:
                yield from _line(pieces)
                pieces = []
        elif isinstance(node, NavigableString) and not isinstance(node, Comment):
            holder = _block_of(node, root)
            if holder is not block:
                yield from _line(pieces)
                pieces = []
                block = holder
            pieces.append(str(node))
    yield from _line(pieces)


def _block_of(node: NavigableString, root: Tag) -> Tag:
    parent = node.parent
    while parent is not None and parent is not root and parent.name not in BLOCKS:
        parent = parent.parent
    return parent or root


def _line(pieces: list[str]) -> Iterator[str]:
    text = unicodedata.normalize("NFC", clean_line("".join(pieces)))
    if text and any(character.isalnum() for character in text):
        yield text


def clean_line(text: str) -> str:
    """Give a line with single spaces and without zero-width characters and soft hyphens."""
    text = re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", text)
    return " ".join(text.split())
