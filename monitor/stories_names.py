"""The names in a text: runs of capitalised words, by their letters alone."""

import re

SHORT_NAME = 5
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?…:\n“‘'\"(]")
COMMON = frozenset(
    {
        *("việt nam", "vietnam", "vietnamese", "hà nội", "hanoi", "tp hcm", "ho chi minh city"),
        *("hồ chí minh", "chính phủ", "quốc hội", "thủ tướng", "công an", "bộ công", "tổng bí"),
        *("government", "national assembly", "ministry", "public security", "under article"),
        *("internet", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
        "sunday",
    }
)
"""What nearly every article names."""


def names_of(text: str) -> frozenset[str]:
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


def longest(names: frozenset[str]) -> frozenset[str]:
    """Those that are no part of another of them."""
    return frozenset(
        name for name in names if not any(name != one and is_part(name, one) for one in names)
    )


def is_part(name: str, of: str) -> bool:
    """Whether a name is another or some of its words: Trump and Donald Trump are one."""
    return f" {name} " in f" {of} "


def are_one(name: str, other: str) -> bool:
    """Whether two names may be one: of one the other is a part, or both end alike."""
    ends = (name.split()[-2:], other.split()[-2:])
    return is_part(name, other) or is_part(other, name) or ends[0] == ends[1]


def _of_run(run: list[str], opens: bool) -> set[str]:
    if len(run) == 1:
        return {run[0]} if _is_name(run[0], opens) else set()
    names = {" ".join(run)} if run else set()
    return names | {" ".join(run[1:])} if opens and len(run) > 2 else names


def _is_name(word: str, opens: bool) -> bool:
    """Whether a word that stands alone is a name: LinhChi, ACV; or long, within a sentence.

    With Vietnamese letters it is the first syllable of something longer: Bộ, Thông tư.
    """
    if len(word) < 3 or not any(letter.isalpha() for letter in word):
        return False
    is_mixed = any(letter.isupper() for letter in word[1:])
    return is_mixed or (len(word) >= SHORT_NAME and not opens and word.isascii())
