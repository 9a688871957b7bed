"""The soup of a legal text or of a whole page → its lines, read by Beautiful Soup.

The better reader of half-closed markup, for texts of which nothing may be lost. It costs 80 ms
for a page of 340 kB, so lxml cuts first what a CSS selector can name.
"""

from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString
from lxml import etree
from lxml.html import HtmlElement

from spiders.container import BLOCKS, said_line, without


def soup_without(
    container: HtmlElement, selectors: tuple[str, ...]
) -> tuple[BeautifulSoup, Tag | None]:
    """Give an element without what the CSS selectors match as soup, and as a tag in there."""
    markup = etree.tostring(without(container, selectors), encoding="unicode", method="html")
    soup = BeautifulSoup(markup, "lxml")
    if container.tag in ("html", "body"):
        return soup, soup.body
    return soup, soup.body.find(True, recursive=False) if soup.body else None


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
    if line := said_line("".join(pieces)):
        yield line
