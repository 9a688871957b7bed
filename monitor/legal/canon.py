"""The canonical form of words, in which two spellings of the same word are equal.

NFC, one tone placement in open syllables (hòa for hoà), one kind of quote and dash, no
invisible characters. Letters keep their diacritics: "cấm" and "cam" stay two words.
"""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LOOKALIKES = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
        "‘": "'", "’": "'", "‚": "'", "′": "'", "`": "'",
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-",
        "…": "...", "Ð": "Đ",
    }
)  # fmt: skip
_TONED = {
    "oa": ("òa", "óa", "ỏa", "õa", "ọa"),
    "oe": ("òe", "óe", "ỏe", "õe", "ọe"),
    "uy": ("ùy", "úy", "ủy", "ũy", "ụy"),
}
_SECOND_VOWEL = {"oa": "àáảãạ", "oe": "èéẻẽẹ", "uy": "ỳýỷỹỵ"}
_TO_FIRST_VOWEL = {
    pair[0] + vowel: toned
    for pair, vowels in _SECOND_VOWEL.items()
    for vowel, toned in zip(vowels, _TONED[pair], strict=True)
}
_OPEN_SYLLABLE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?![^\W\d_])", re.IGNORECASE)
_Q_WITH_TONED_U = re.compile(r"(q)([ùúủũụ])y(?![^\W\d_])", re.IGNORECASE)
_Q_VOWELS = dict(zip("ùúủũụ", "ỳýỷỹỵ", strict=True))

_IN_WORDS = re.compile("[Ð\u00ad\u200b\u200c\u200d\u2060\ufeff]")
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")


def normal(text: str) -> str:
    """Give `text` in NFC without invisible characters and with one kind of quote and dash."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE).translate(_LOOKALIKES)


def _to_first_vowel(match: re.Match[str]) -> str:
    found = match.group()
    toned = _TO_FIRST_VOWEL[found.lower()]
    if found.isupper():
        return toned.upper()
    return toned.capitalize() if found[0].isupper() else toned


@lru_cache(maxsize=65536)
def one_tone_placement(word: str) -> str:
    """Give a word (NFC) with the tone mark where the older style puts it: hoà → hòa, quý stays."""
    if word.isascii():
        return word
    word = _OPEN_SYLLABLE.sub(_to_first_vowel, word)
    return _Q_WITH_TONED_U.sub(lambda m: m[1] + "u" + _Q_VOWELS.get(m[2].lower(), "y"), word)


def words(text: str) -> list[str]:
    """Give the words and figures of a text, canonical and in lower case, without punctuation."""
    if _IN_WORDS.search(text) or not unicodedata.is_normalized("NFC", text):
        text = normal(text)
    return [one_tone_placement(word) for word in WORD.findall(text.lower())]


@lru_cache(maxsize=65536)
def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower().replace("đ", "d").replace("Đ", "d"))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return letters.replace("y", "i")


def same_but_for_spelling(old: str, new: str) -> bool:
    """Tell whether two words differ in diacritics, case or i/y only (qui định, quy định)."""
    return _bare(old) == _bare(new)
