"""What versions of a story share besides their subject: figures and names; and what is a round-up.

Figures and names stand alike in Vietnamese and English, so they speak across languages too.
"""

import re
import unicodedata
from dataclasses import dataclass

from monitor.stories_wording import figures_of
from storage.models import Revision

MOST_CHARACTERS = 6_000
"""An article says first what happened; what stands far below is background."""
FEWEST_ITEMS = 3
FEWEST_WORDS = 4
_WORD = re.compile(r"\w[\w'’-]*")
_SENTENCE_END = re.compile(r"[.!?…:\n“\"(]")
_NUMBER = re.compile(r"\b\d{1,6}/\d{4}(?:/[\w-]{1,20})?|\b\d{1,6}/[A-ZĐ][\w-]{1,20}")
"""The number of an instrument: a citation, and no figure or name besides."""
SHORT_NAME = 5
_PARTS = re.compile(r"\s*[|;•]\s*")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_ROUND_UP = re.compile(
    r"\b(?:điểm tin|bản tin (?:sáng|trưa|chiều|tối)|tin tức ngày|tin nổi bật|tin nhanh"
    r"|news round-?up|round-?up|news in brief|in brief|morning brief(?:ing)?"
    r"|evening brief(?:ing)?|weekly digest|daily digest|newsletter|week in review)\b",
    re.IGNORECASE,
)
COMMON = frozenset(
    {
        *("việt nam", "vietnam", "vietnamese", "hà nội", "hanoi", "tp hcm", "ho chi minh city"),
        *("chính phủ", "quốc hội", "thủ tướng", "government", "national assembly", "ministry"),
        *("internet", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
        "sunday",
    }
)
"""What nearly every article names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article states that another telling of its story states too."""

    figures: frozenset[str]
    names: frozenset[str]


def facts_of(revision: Revision) -> Facts:
    """The telling figures (two digits or a fraction, no years) and the names of a revision."""
    parts = (revision.title, revision.summary, revision.text)
    text = "\n".join(part for part in parts if part)[:MOST_CHARACTERS]
    text = _NUMBER.sub("; ", unicodedata.normalize("NFC", text))
    figures = {one for one in figures_of(text) if len(one) > 1 and not _YEAR.match(one)}
    return Facts(frozenset(figures), _names(text))


def is_round_up(title: str, summary: str) -> bool:
    """Whether a headline announces several unrelated items: it says so, or it lists them."""
    if _ROUND_UP.search(title):
        return True
    return any(
        sum(len(part.split()) >= FEWEST_WORDS for part in _PARTS.split(line)) >= FEWEST_ITEMS
        for line in (title, summary)
    )


def _names(text: str) -> frozenset[str]:
    """Runs of capitalised words; the first word of a sentence may be no part of one."""
    found: set[str] = set()
    run: list[str] = []
    opens, end = False, 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        begins = end == 0 or bool(_SENTENCE_END.search(between))
        if run and (begins or between != " " or not match.group()[0].isupper()):
            found |= _of_run(run, opens)
            run = []
        if match.group()[0].isupper():
            opens = opens if run else begins
            run.append(match.group())
        end = match.end()
    found |= _of_run(run, opens)
    return frozenset(name for name in found if name.casefold() not in COMMON)


def _of_run(run: list[str], opens: bool) -> set[str]:
    if len(run) == 1:
        is_mixed = any(letter.isupper() for letter in run[0][1:])
        is_long = len(run[0]) >= SHORT_NAME and not opens
        return {run[0]} if len(run[0]) > 2 and (is_mixed or is_long) else set()
    names = {" ".join(run)} if run else set()
    return names | {" ".join(run[1:])} if opens and len(run) > 2 else names
