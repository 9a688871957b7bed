"""The article's container → its lines.

A CSS selector finds the container and cuts what it can name; what takes judgement (class names,
link shares, captions) is done here, on a copy of the container alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement

from spiders.families import compiled

_BLOCK_NAMES = """
address article aside blockquote body caption dd div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_DROPPED_NAMES = """
script style noscript template iframe object embed form button select input textarea svg video
audio nav aside footer dialog
"""
DROPPED = frozenset(_DROPPED_NAMES.split())
HIDDEN = frozenset({"visually-hidden", "sr-only", "screen-reader-text"})
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
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_TEXTS = etree.XPath("descendant::text()", smart_strings=False)
_LENGTH = etree.XPath("string-length(.)")
_LINKS = etree.XPath("descendant::a[@href]")
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
    body = container.find("body") if container.tag == "html" else None
    root = _copy(container if body is None else body)
    for element in list(root.iterdescendants("*")):
        if _is_dropped(element) and element.getparent() is not None:
            element.drop_tree()
    _cut(root, noise)
    if not keep_captions:
        _drop(root, [one for one in root.iterdescendants("*") if _is_caption(one)])
    _drop(root, [one for one in root.iterdescendants("*") if _is_noise(one)])
    _drop_link_lists(root)
    _flatten_tables(root)
    return list(_block_lines(root))


def without(container: HtmlElement, selectors: tuple[str, ...]) -> HtmlElement:
    """Give a copy of an element without what the CSS selectors match inside it."""
    kept = _copy(container)
    _cut(kept, selectors)
    return kept


def clean_line(text: str) -> str:
    """Give a line with single spaces and without zero-width characters and soft hyphens."""
    return " ".join(_UNSEEN.sub("", text).split())


def said_line(text: str) -> str:
    """Give a line of text, NFC and cleaned, "" where no letter or digit is in it."""
    line = unicodedata.normalize("NFC", clean_line(text))
    return line if any(map(str.isalnum, line)) else ""


def _copy(element: HtmlElement) -> HtmlElement:
    kept = deepcopy(element)
    kept.tail = None
    return kept


def _cut(root: HtmlElement, selectors: tuple[str, ...]) -> None:
    for selector in selectors:
        for element in compiled(selector)(root):
            if element is not root and element.getparent() is not None:
                element.drop_tree()


def _is_dropped(element: HtmlElement) -> bool:
    if element.tag in DROPPED:
        return True
    names = element.get("class")
    if not names:
        return False
    return (
        "visually-hidden" in names
        or "VisuallyHidden" in names
        or not HIDDEN.isdisjoint(names.split())
    )


def _drop(root: HtmlElement, elements: list[HtmlElement]) -> None:
    if not elements:
        return
    most = _LENGTH(root) * MOST_NOISE
    gone: set[HtmlElement] = set()
    for element in elements:
        if gone and not gone.isdisjoint(element.iterancestors()):
            continue
        if _LENGTH(element) <= most:
            element.drop_tree()
            gone.add(element)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_caption(element: HtmlElement) -> bool:
    return element.tag in CAPTION_TAGS or "caption" in _names(element).lower()


def _is_noise(element: HtmlElement) -> bool:
    """Say whether a block is a nested article or its class or id holds a noise word."""
    if element.tag in INLINE:
        return False
    if element.tag == "article":
        return True
    names = _names(element)
    if len(names) == 1:
        return False
    for word in _NAME.findall(names.replace("_", "-").lower()):
        if word in NOISE_WORDS or not NOISE_WORDS.isdisjoint(word.split("-")):
            return True
    return False


def _drop_link_lists(root: HtmlElement) -> None:
    """Cut the paragraphs and lists that hold nothing but links to other stories."""
    holders = dict.fromkeys(holder for link in _LINKS(root) for holder in _holders(link, root))
    gone: set[HtmlElement] = set()
    for element in holders:
        is_list = element.tag in ("ul", "ol")
        if gone and not gone.isdisjoint(element.iterancestors()):
            continue
        if not is_list and next(element.iterdescendants("p", "div", "table"), None) is not None:
            continue
        text = _text(element)
        linked = sum(len(_text(link)) for link in _LINKS(element))
        if text and linked and _is_pointer(text, linked / len(text), is_list=is_list):
            element.drop_tree()
            gone.add(element)


def _holders(link: HtmlElement, root: HtmlElement) -> Iterator[HtmlElement]:
    for parent in link.iterancestors():
        if parent is root:
            return
        if parent.tag in ("ul", "ol", "p", "h4", "h5", "div"):
            yield parent


def _is_pointer(text: str, linked: float, *, is_list: bool) -> bool:
    """Say whether a block is a pointer elsewhere; `linked` is the share of its text in links."""
    if is_list:
        return linked >= 0.9
    if _RELATED_LEAD.match(text):
        return linked >= 0.5
    return linked >= 0.9 and len(text) > 20 and text[-1] not in '.!?…”"'


def _flatten_tables(root: HtmlElement) -> None:
    for table in root.iterdescendants("table"):
        if next(table.iterdescendants("table"), None) is not None:
            continue
        for row in list(table.iterdescendants("tr")):
            filled = [text for cell in row.iterdescendants("td", "th") if (text := _text(cell))]
            if len(filled) > 1:
                del row[:]
                row.text = " | ".join(filled)


def _text(element: HtmlElement) -> str:
    return " ".join(stripped for text in _TEXTS(element) if (stripped := text.strip()))


def _block_lines(root: HtmlElement) -> Iterator[str]:
    """Give the text of every block, and of every part between line breaks, as one line."""
    holders: list[HtmlElement] = [root]
    block: HtmlElement | None = None
    pieces: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        named = isinstance(node.tag, str)
        is_block = named and node is not root and node.tag in BLOCKS
        if event == "end" and is_block:
            holders.pop()
        if event == "start":
            if is_block:
                holders.append(node)
            if (is_block or node.tag == "br") and pieces:
                yield from _line(pieces)
                pieces = []
            text = node.text
        else:
            text = node.tail
        if text:
            if holders[-1] is not block:
                yield from _line(pieces)
                pieces, block = [], holders[-1]
            pieces.append(text)
    yield from _line(pieces)


def _line(pieces: list[str]) -> Iterator[str]:
    if pieces and (line := said_line("".join(pieces))):
        yield line
