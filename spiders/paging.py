"""Where the next page of a portal's list is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from lxml.html import HtmlElement

from spiders.addresses import absolute, split

PAGE_NAMES = frozenset(
    {
        "page", "p", "pg", "paged", "trang", "pageindex", "pageno", "pagenum", "pagenumber",
        "pageid", "currentpage",
    }
)  # fmt: skip
"""Query parameters that count a list's pages, in lower case."""
_NUMBERED = re.compile(r"(?P<before>.*/(?:trang|page)[-/])(?P<number>\d{1,5})(?P<after>\.\w+|/?)$")
_POST_BACK = re.compile(r"__doPostBack\('(?P<grid>[^']{1,300})',\s*'Page\$(?P<page>\d{1,6})'\)")
FARTHEST = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    """How a portal counts the pages of its lists, where its pages do not link to the next.

    `parameter` is the one of the address that counts up; `ending` is put in the place of the
    address's file ending, with the number for `{}`. Neither: the page's own links are followed.
    """

    parameter: str = ""
    ending: str = ""


BY_LINKS = Paging()


def next_page(url: str, paging: Paging, tree: HtmlElement | None = None) -> str:
    """Give the address of the page of a list after `url`, "" where there is none to be known.

    Without a declared `paging`, `tree` is searched for a link to it: one that calls itself the
    next, or one to the same address with its page counted up by one.
    """
    if paging.parameter:
        return _counted(url, paging.parameter)
    if paging.ending:
        return _with_ending(url, paging.ending)
    return _linked(url, tree) if tree is not None else ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a page's script would send for the next page: to where, and its fields.

    `address` is the one under which that page of the list is known to us.
    """

    address: str
    target: str
    fields: bytes


def next_form(url: str, tree: HtmlElement) -> Form | None:
    """Give the form that asks for the page of a list after `url`, None where there is none.

    So ASP.NET's grids are paged: a link runs `__doPostBack(GRID, 'Page$2')`, which sends the
    page's hidden fields back to its own address.
    """
    base, number = _number_of(url)
    for link in tree.iter("a"):
        asked = _POST_BACK.search(link.get("href") or "")
        if asked is None or int(asked["page"]) != number + 1:
            continue
        hidden = {
            field.get("name"): field.get("value") or ""
            for field in tree.iter("input")
            if field.get("type") == "hidden" and field.get("name")
        }
        said = {"__EVENTTARGET": asked["grid"], "__EVENTARGUMENT": f"Page${number + 1}"}
        parts = split(base)
        query = "&".join(filter(None, (parts.query, f"page={number + 1}")))
        return Form(parts._replace(query=query).geturl(), base, urlencode(hidden | said).encode())
    return None


def _counted(url: str, parameter: str) -> str:
    parts = split(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    number = next((value for name, value in pairs if name == parameter), "1")
    if not _counts(number):
        return ""
    kept = [pair for pair in pairs if pair[0] != parameter]
    query = urlencode([*kept, (parameter, str(int(number) + 1))])
    return parts._replace(query=query).geturl()


def _with_ending(url: str, ending: str) -> str:
    parts = split(url)
    opening, closing = (re.escape(piece) for piece in ending.split("{}"))
    numbered = re.search(rf"{opening}(\d{{1,5}}){closing}$", parts.path)
    number = int(numbered[1]) + 1 if numbered else 2
    stem = parts.path[: numbered.start()] if numbered else re.sub(r"\.\w{2,4}$", "", parts.path)
    return parts._replace(path=stem + ending.format(number)).geturl()


def _linked(url: str, tree: HtmlElement) -> str:
    links = [absolute(url, link.get("href") or "").split("#")[0] for link in tree.iter("a")]
    named = tree.xpath('//*[self::a or self::link][@rel="next"]/@href')
    following = _number_of(url)
    wanted = (*(absolute(url, one) for one in named), *links)
    return next((one for one in wanted if one and _follows(one, following)), "")


def _number_of(url: str) -> tuple[str, int]:
    """Give an address without its page, and its page: the first where it names none."""
    parts = split(url)
    path, number = parts.path, 1
    if numbered := _NUMBERED.match(path):
        path, number = numbered["before"], int(numbered["number"])
    pairs = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in PAGE_NAMES and _counts(value):
            number = int(value)
        else:
            pairs.append((name, value))
    return parts._replace(path=path, query=urlencode(sorted(pairs))).geturl(), number


def _follows(link: str, current: tuple[str, int]) -> bool:
    base, number = _number_of(link)
    mine, page = current
    return number == page + 1 and (base == mine or base in _openings(mine))


def _openings(base: str) -> Iterator[str]:
    """Give what a first page's address becomes before `trang-2` or `page/2`."""
    parts = split(base)
    stem = re.sub(r"\.\w{2,4}$", "", parts.path).rstrip("/")
    for word in ("trang-", "page-", "trang/", "page/"):
        yield parts._replace(path=f"{stem}/{word}").geturl()


def _counts(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value[:9]) < FARTHEST
