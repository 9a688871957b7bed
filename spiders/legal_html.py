"""The HTML of a legal text → its lines, nothing cut that could be law.

Unlike an article's container this one is trusted whole: only scripts, comments (one portal
hides a mark of the download in one), buttons, tooltips and what the family names are dropped.
"""

import re

from bs4 import BeautifulSoup, Tag
from lxml.html import HtmlElement

from spiders.container import clean_line
from spiders.soup import block_lines, soup_without

DROPPED = (
    "script, style, noscript, template, iframe, button, select, input, textarea, svg, "
    "[class*=tooltip-content], [class*=tooltip-text], .document-tip"
)
GRID_ROWS = 3
_RULE = re.compile(r"[\s\-_*.=–—]+")


def legal_lines(container: HtmlElement, *, noise: tuple[str, ...] = ()) -> list[str]:
    """Give the lines of a legal text's container: NFC, single-spaced, one block a line.

    A table whose rows have two or more filled cells is one line a row, cells joined by
    ` | `; a letterhead or signature block (a table of at most three rows and two columns, or
    one with several lines in a cell and no more than two filled cells a row) gives each
    cell's lines one after the other.
    """
    soup, root = soup_without(container, (DROPPED, *noise))
    if root is None:
        return []
    for table in root.find_all("table"):
        if table.find("table") is None and not _is_layout(table):
            _join_rows(soup, table)
    for cell in root.find_all(["td", "th"]):
        cell.append(soup.new_tag("br"))
    return [line for line in block_lines(root) if not _RULE.fullmatch(line)]


def _rows(table: Tag) -> list[list[Tag]]:
    return [
        [cell for cell in row.find_all(["td", "th"]) if cell.get_text(strip=True)]
        for row in table.find_all("tr")
    ]


def _is_layout(table: Tag) -> bool:
    rows = [row for row in _rows(table) if row]
    if any(len(row) > 2 for row in rows):
        return False
    several = any(len(cell.find_all(["p", "br", "div"])) > 1 for row in rows for cell in row)
    return len(rows) <= GRID_ROWS or (several and table.get("border") in (None, "0"))


def _join_rows(soup: BeautifulSoup, table: Tag) -> None:
    for row in table.find_all("tr"):
        cells = (clean_line(cell.get_text(" ")) for cell in row.find_all(["td", "th"]))
        filled = [cell for cell in cells if cell]
        if len(filled) > 1:
            row.clear()
            row.append(soup.new_string(" | ".join(filled)))
