"""The article's container → its lines.

A CSS selector finds the container and cuts what it can name; what takes judgement (class names,
link shares, captions) is done here, on a copy of the container alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache

from lxml import etree
from lxml.html import HtmlElement

from spiders.families import compiled

_BLOCK_NAMES = """
address article aside blockquote body caption dd div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_BREAKING = BLOCKS | {"br"}
_DROPPED_NAMES = """
script style noscript template iframe object embed form button select input textarea svg video
audio nav aside footer dialog
"""
DROPPED = frozenset(_DROPPED_NAMES.split())
HIDDEN = frozenset({"visually-hidden", "sr-only", "screen-reader-text"})
# Said to screen readers alone, as the classes above, by a style of its own.
CLIPPED = ("[style*='clip:rect(0']", "[style*='clip: rect(0']")
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
_STRING = etree.XPath("string(.)", smart_strings=False)
_LENGTH = etree.XPath("string-length(.)")
_LINKS = etree.XPath("descendant::a[@href]")
_VALUES = etree.XPath("descendant-or-self::*/@*", smart_strings=False)
_NEEDED = re.compile(r"""[.#]([\w-]+)|=\s*['"]?([^'"\]]+)""")
_NAMED = etree.XPath("descendant::*[@class or @id]")
_NAME = re.compile(r"[A-Za-z][A-Za-z\-]*")
_CUT = "cut-from-article"
"""The tag of what is to go: named so one by one, it goes in one pass of libxml2."""
_BREAK = "\u2029"
"""Unicode's paragraph separator, which stands between the lines of a text while it is gathered."""
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
    etree.strip_elements(root, *DROPPED, with_tail=False)
    _cut(root, (*CLIPPED, *noise))
    named = [(element, _names(element)) for element in _NAMED(root)]
    _strip(root, _saying(named, _is_hidden))
    if not keep_captions:
        captions = [*root.iterdescendants(*CAPTION_TAGS), *_saying(named, _is_caption)]
        _strip(root, _small(root, captions))
    noisy = (one for one in _saying(named, _is_noise) if one.tag not in INLINE)
    _strip(root, _small(root, [*root.iterdescendants("article"), *noisy]))
    _drop_link_lists(root)
    _flatten_tables(root)
    return _block_lines(root)


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
    """Cut what the selectors match; most match nothing, and these are known by a name they need."""
    values = "\n".join(_VALUES(root))
    matches = (
        element
        for selector in selectors
        if _needed(selector) in values
        for element in compiled(selector)(root)
    )
    _strip(root, [element for element in matches if element is not root])


@cache
def _needed(selector: str) -> str:
    """Give the longest class, id or value that every match of a selector needs, "" for none."""
    if "," in selector or "\\" in selector:
        return ""
    names = _NEEDED.findall(re.sub(r":not\([^)]*\)", "", selector))
    return max((name or value for name, value in names), key=len, default="")


def _strip(root: HtmlElement, elements: list[HtmlElement]) -> None:
    """Cut elements but not the text behind them; all in one pass, since each costs one else."""
    for element in elements:
        element.tag = _CUT
    if elements:
        etree.strip_elements(root, _CUT, with_tail=False)


def _small(root: HtmlElement, elements: list[HtmlElement]) -> list[HtmlElement]:
    """Give those elements that hold no more than their share of the text."""
    most = _LENGTH(root) * MOST_NOISE if elements else 0
    return [element for element in elements if _LENGTH(element) <= most]


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _saying(named: list[tuple[HtmlElement, str]], says: Callable[[str], bool]) -> list[HtmlElement]:
    """Give the elements whose names say something; each of the names is looked at once."""
    saying = {names for names in {names for _, names in named} if says(names)}
    return [element for element, names in named if names in saying] if saying else []


def _is_hidden(names: str) -> bool:
    return (
        "visually-hidden" in names
        or "VisuallyHidden" in names
        or not HIDDEN.isdisjoint(names.split())
    )


def _is_caption(names: str) -> bool:
    return "caption" in names.lower()


def _is_noise(names: str) -> bool:
    """Say whether a class or id holds a noise word."""
    words = _NAME.findall(names.replace("_", "-").lower())
    return any(word in NOISE_WORDS or not NOISE_WORDS.isdisjoint(word.split("-")) for word in words)


def _drop_link_lists(root: HtmlElement) -> None:
    """Cut the paragraphs and lists that hold nothing but links to other stories."""
    holders = dict.fromkeys(holder for link in _LINKS(root) for holder in _holders(link, root))
    pointers = []
    for element in holders:
        is_list = element.tag in ("ul", "ol")
        if not is_list and next(element.iterdescendants("p", "div", "table"), None) is not None:
            continue
        text = _text(element)
        linked = sum(len(_text(link)) for link in _LINKS(element))
        if text and linked and _is_pointer(text, linked / len(text), is_list=is_list):
            pointers.append(element)
    _strip(root, pointers)


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


def _block_lines(root: HtmlElement) -> list[str]:
    """Give the text of every block, and of every part between line breaks, as one line."""
    for element in root.iterdescendants():
        if element.tag in _BREAKING:
            element.text = _BREAK + (element.text or "")
            element.tail = _BREAK + (element.tail or "")
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", _STRING(root)))
    lines = (" ".join(part.split()) for part in text.split(_BREAK))
    return [line for line in lines if any(map(str.isalnum, line))]
