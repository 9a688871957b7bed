"""What versions of a story share besides their subject: figures and names; and what is a round-up.

Figures and names stand alike in Vietnamese and English, so they speak across languages too.
"""

import re
import unicodedata
from dataclasses import dataclass

from monitor.stories_dates import dates_of, without_dates
from monitor.stories_names import names_of
from monitor.stories_wording import figures_of
from storage.models import Revision

MOST_CHARACTERS = 6_000
"""An article says first what happened; what stands far below is background."""
FEWEST_ITEMS = 3
FEWEST_WORDS = 4
WORDS_OF_TWO = 6
"""Two items below a heading are longer than the name of an outlet that stands after a headline."""
_NUMBER = re.compile(r"\b\d{1,6}/\d{4}(?:/[\w-]{1,20})?|\b\d{1,6}/[A-ZĐ][\w-]{1,20}")
"""The number of an instrument: a citation, and no figure or name besides."""
_UNITS = (
    r"\s*%|\s?(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ|đồng|usd|đô|giờ|phút|ngày|tháng|năm|tuổi|người"
    r"|tài khoản|hundred|thousand|million|billion|percent|dong|hours?|minutes?|days?|months?|years?"
    r"|people|accounts?)\b"
)
_PART_OF_NAME = re.compile(
    rf"(?<=\w )[A-ZĐ][\w.]*[ .-]\d{{1,3}}(?![\w.,]*\d|\w|{_UNITS})|\b[^\W\d]+[.-]?\d{{1,4}}\b",
)
"""A number that is part of a name, within a sentence: G 20, U.23, VTV5, Article 12."""
_ORDINAL = re.compile(
    r"\b(?:vòng|lượt|phút|lần|thứ|khóa|khoá|kỳ|top|quận|chương|khoản|thế kỷ|round|chapter|article"
    r"|section|century)\s(?:thứ\s)?\d{1,3}\b(?![.,]\d)",
    re.IGNORECASE,
)
"""A number that says which one, and not how much: all of its series share it."""
_PARTS = re.compile(r"\s*[|;•]\s*")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_ROUND_UP = re.compile(
    r"\b(?:điểm tin|bản tin (?:sáng|trưa|chiều|tối)|tin tức ngày|tin nổi bật|tin nhanh"
    r"|news round-?up|round-?up|news in brief|in brief|morning brief(?:ing)?"
    r"|evening brief(?:ing)?|weekly digest|daily digest|newsletter|week in review)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article states that another telling of its story states too.

    Attributes:
        figures, names: as written in one way.
        days: of the year, as (month, day), that headline and summary name.
    """

    figures: frozenset[str]
    names: frozenset[str]
    days: frozenset[tuple[int, int]] = frozenset()


def facts_of(revision: Revision) -> Facts:
    """The telling figures and the names of a revision.

    Figures have two digits or a fraction; days, times of day and years tell nothing apart.
    """
    parts = (revision.title, revision.summary, revision.text)
    text = "\n".join(part for part in parts if part)[:MOST_CHARACTERS]
    text = _NUMBER.sub("; ", unicodedata.normalize("NFC", text))
    said = figures_of(_ORDINAL.sub(" ", _PART_OF_NAME.sub(" ", without_dates(text))))
    figures = {one for one in said if len(one) > 1 and not _YEAR.match(one)}
    days = dates_of(f"{revision.title}. {revision.summary}"[:MOST_CHARACTERS])
    return Facts(frozenset(figures), names_of(text), days)


def is_round_up(title: str, summary: str) -> bool:
    """Whether a headline announces several unrelated items: it says so, or it lists them."""
    if _ROUND_UP.search(title):
        return True
    _, colon, listed = title.partition(": ")
    if colon and _items(listed, WORDS_OF_TWO) > 1:
        return True
    return any(_items(line, FEWEST_WORDS) >= FEWEST_ITEMS for line in (title, summary))


def _items(line: str, words: int) -> int:
    """How many parts of a line, each of at least so many words, stand side by side."""
    return sum(len(part.split()) >= words for part in _PARTS.split(line))
